import type { CrmEvent, PushedRequest } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'

/** No push is registered yet, so nothing that comes is one. */
export const isGenuine = (): boolean => false

export function readEvents(_request: PushedRequest): CrmEvent[] {
  throw new HubError('input.invalid', 'No push of Salesforce is registered: changes are found by reading.')
}
