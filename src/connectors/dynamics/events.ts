import type { CrmEvent, PushedHead, PushedRequest } from '#connectors/push.ts'
import { isSameSecret } from '#connectors/same-secret.ts'
import { HubError } from '#core/errors.ts'
import { remoteExecutionContext } from './wire.ts'

/** Dataverse sends a webhook key as the query's `code` ("Use webhooks", authentication options); others can send a header. */
export function mayBeGenuine({ query, headers }: PushedHead, secret: string): boolean {
  const header = headers['x-jackfield-secret']
  const given = typeof query.code === 'string' ? query.code : header
  return typeof given === 'string' && isSameSecret(given, secret)
}

/**
 * What a pushed body says changed. Of its values nothing is taken: an update carries only the changed columns, and a
 * body above 256 KB carries none.
 */
export function readEvents({ body }: Pick<PushedRequest, 'body'>): CrmEvent[] {
  return [readEvent(parse(body))]
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    // The parser's own message quotes the body.
    throw new HubError('input.invalid', 'The body is not valid JSON')
  }
}

function readEvent(body: unknown): CrmEvent {
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
