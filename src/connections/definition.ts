import type { Connector } from '#connectors/connector.ts'
import type { TableTrial } from '#connectors/own-settings.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'
import { derive, type Point } from '#records/derive.ts'
import { mapFields } from '#records/map-fields.ts'
import { reversed } from '#records/phone.ts'
import { probeSession } from './check.ts'
import type { ConnectInput } from './connect.ts'
import type { Connection } from './connection.ts'
import { type Context, openDoor } from './context.ts'
import { credentialsOf } from './credentials.ts'
import { findConnection } from './store.ts'

export interface TrialInput extends ConnectInput {
  entity: string
  /** Of a trial before: the page behind it. */
  link?: string | undefined
}

/** A record as it would be copied. */
export interface TriedRecord {
  sourceId: string | null
  name: string | null
  phones: string[]
  emails: string[]
  /** By the model's names. */
  fields: Record<string, unknown>
  /** Why it would be set aside. */
  problem: string | null
}

export interface Trial extends Omit<TableTrial, 'rows' | 'suggested'> {
  shown: TriedRecord[]
  /** The table with its fields, as they would be copied. */
  columns: string[]
  mapping: TableTrial['suggested']['table']['mapping']
}

export async function tryDefinition(context: Context, input: TrialInput): Promise<Trial> {
  const connector = context.connectorOf(input.crm)
  const own = readOwn(connector, input.url, input.settings?.definition)
  const url = connector.normaliseUrl(input.url)
  const { id: _id, ...given } = await credentialsOf(context, input.authentication, {
    connector,
    url: input.url,
    authentication: own.authentication,
  })
  const authentication = { ...given, settings: { ...given.settings, ...own.authentication } }
  const token = await connector.requestToken(openDoor(context.door), url, authentication)
  const session = probeSession(context, url, { connector, authentication, settings: own.settings, token })
  const trial = await connector.tryTable!(session, { entity: input.entity, link: input.link ?? null })
  const { rows, suggested, ...rest } = trial
  const country = input.settings?.defaultCountry ?? null
  const shown = rows.map((raw) => readRecord(connector, trial, raw, country))
  return { ...rest, shown, columns: suggested.table.columns, mapping: suggested.table.mapping }
}

export function readOwn(connector: Connector, url: string, definition: unknown) {
  if (connector.readSettings && connector.tryTable) return connector.readSettings(url, { definition })
  throw new HubError('input.invalid', `A connection to ${connector.manifest.title} needs no definition`, {
    field: 'crm',
  })
}

function readRecord(connector: Connector, trial: TableTrial, raw: RawRow, defaultCountry: string | null): TriedRecord {
  const { source, table } = trial.suggested
  const scope = { table: source, columns: table.columns, filter: null }
  try {
    const row = connector.readRow(scope, raw)
    const { name, points } = derive(row.values, { mapping: table.mapping, defaultCountry })
    const fields = mapFields(row.raw.toString(), { mapping: table.mapping, source })
    return { sourceId: row.sourceId, name, ...reached(points), fields, problem: null }
  } catch (error) {
    if (!isHubError(error, 'record.invalid')) throw error
    const sourceId = connector.readId(scope, raw)
    return { sourceId, name: null, phones: [], emails: [], fields: {}, problem: error.message }
  }
}

function reached(points: readonly Point[]): Pick<TriedRecord, 'phones' | 'emails'> {
  // Keys of numbers are their digits reversed.
  const phones = points.flatMap(({ kind, value }) =>
    kind === 'e' ? [] : [kind === 'p' ? `+${reversed(value)}` : reversed(value)],
  )
  return { phones, emails: points.flatMap(({ kind, value }) => (kind === 'e' ? [value] : [])) }
}

export async function definitionOf(context: Context, connectionId: string): Promise<Record<string, unknown>> {
  return ofConnection(await findConnection(context.pool, connectionId))
}

export function ofConnection({ name, settings }: Connection): Record<string, unknown> {
  const { definition } = settings
  if (typeof definition === 'object' && definition !== null) return definition as Record<string, unknown>
  throw new HubError('input.invalid', `The connection “${name}” has no definition: its connector knows its API`)
}
