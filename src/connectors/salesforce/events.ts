import type { CrmEvent } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'

/** No push is registered yet, so nothing that comes is one. */
export function readEvent(_headers: Record<string, string | string[] | undefined>, _body: unknown): CrmEvent {
  throw new HubError('input.invalid', 'No push of Salesforce is registered: changes are found by reading.')
}
