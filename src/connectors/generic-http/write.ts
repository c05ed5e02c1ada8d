import type { WriteOutcome } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'

export const writeLack =
  'No two APIs write alike, and a write that cannot be looked up by a key before it is repeated could be made twice'

export function write(): Promise<WriteOutcome> {
  return Promise.reject(new HubError('write.refused', `Connections over HTTP are read only: ${writeLack}.`))
}
