import type { Walk } from '#connectors/connector.ts'
import type { TableRequest } from './definition.ts'
import { type Parameters, put } from './request.ts'
import { writeTime } from './times.ts'

/** What asks for the records changed since a time; nothing where the API cannot tell them, and all are read. */
export function sinceParameter(table: TableRequest, since: Date | null): Parameters {
  if (!table.since || since === null) return {}
  const { parameter, format, value } = table.since
  return put(table.since.in, parameter, value.replaceAll('{since}', writeTime(since, format)))
}

export const sinceOf = (walk: Walk): Date | null => (walk.kind === 'since' ? walk.since : null)
