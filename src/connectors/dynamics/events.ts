import type { CrmEvent } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { remoteExecutionContext } from './wire.ts'

/**
 * What a pushed body says changed. Of its values nothing is taken: an update carries only the changed columns, and a
 * body above 256 KB carries none.
 */
export function readEvent(_headers: Record<string, string | string[] | undefined>, body: unknown): CrmEvent {
  const parsed = remoteExecutionContext.safeParse(body)
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.')
    throw new HubError('input.invalid', `The body is no Dynamics event${place ? ` (${place})` : ''}.`)
  }
  const { OrganizationId, CorrelationId, PrimaryEntityName, PrimaryEntityId, MessageName, OperationCreatedOn } =
    parsed.data
  const organisation = OrganizationId.toLowerCase()
  const sourceId = PrimaryEntityId.toLowerCase()
  return {
    // A delivery that is tried again repeats all of these; two changes in one transaction differ in the last.
    eventKey: [organisation, CorrelationId.toLowerCase(), sourceId, MessageName, OperationCreatedOn].join('/'),
    organisation,
    table: PrimaryEntityName.toLowerCase(),
    sourceId,
    operation: MessageName,
  }
}
