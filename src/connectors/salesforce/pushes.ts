import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { CrmEvent, PushedHead, PushedRequest } from '#connectors/push.ts'
import { isSameSecret } from '#connectors/same-secret.ts'
import { HubError } from '#core/errors.ts'
import { longId } from './ids.ts'
import { tablesOf } from './object-tables.ts'
import { acknowledgement, outboundKey, readOutboundMessage } from './outbound-message.ts'

/** A signature is worth nothing later or earlier than this: what a stranger recorded cannot be sent again tomorrow. */
const windowMs = 5 * 60_000

/** A trigger sees 200 rows at once. */
const mostIds = 2_000

/** What can be told without the body. */
export function mayBeGenuine({ path, headers, at }: PushedHead, secret: string): boolean {
  if (isOutbound({ path })) return isSameSecret(path[0]!, outboundKey(secret))
  const seconds = text(headers['webhook-timestamp'])
  const isSigned = text(headers['webhook-signature']) !== '' && text(headers['webhook-id']) !== ''
  return isSigned && /^\d{1,12}$/.test(seconds) && Math.abs(at - Number(seconds) * 1000) <= windowMs
}

/** Signed as Standard Webhooks has it: `v1,` and the MAC of id, seconds and body; several may stand beside each other. */
export function isGenuine(request: PushedRequest, secret: string): boolean {
  if (!mayBeGenuine(request, secret)) return false
  if (isOutbound(request)) return true
  const { headers, body } = request
  const mac = createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`${text(headers['webhook-id'])}.${text(headers['webhook-timestamp'])}.`)
    .update(body)
    .digest('base64')
  const given = text(headers['webhook-signature']).split(' ').slice(0, 5)
  return given.some((signature) => isSameSecret(signature, `v1,${mac}`))
}

const apexEvent = z.object({
  version: z.literal(1),
  organisation: z.string().transform(asId),
  event: z.string().regex(/^[\w-]{8,64}$/),
  object: z.string().regex(/^\w{0,80}$/),
  operation: z.string().regex(/^\w{1,30}$/),
  ids: z.array(z.string().transform(asId)).max(mostIds),
})

function asId(given: string, context: z.RefinementCtx): string {
  const id = longId(given)
  if (id !== null) return id
  context.addIssue({ code: 'custom', message: 'no id' })
  return z.NEVER
}

/** Which records changed, by Apex or by an outbound message; of their values nothing is taken. */
export function readEvents(request: PushedRequest): CrmEvent[] {
  const { headers, body } = request
  if (isOutbound(request)) return readOutboundMessage(body.toString())
  const parsed = apexEvent.safeParse(parse(body))
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.')
    throw new HubError('input.invalid', `The body is no push of Jackfield’s Apex${place ? ` (${place})` : ''}`)
  }
  const { organisation, event, object, operation, ids } = parsed.data
  if (event !== text(headers['webhook-id'])) throw new HubError('input.invalid', 'The body is of another event')
  const told = { organisation, operation }
  if (operation === 'TEST') return [{ ...told, eventKey: `${organisation}/${event}`, table: '', sourceId: event }]
  return tablesOf(object).flatMap((table) =>
    [...new Set(ids)].map((sourceId) => ({
      ...told,
      eventKey: `${organisation}/${event}/${table}/${sourceId}`,
      table,
      sourceId,
    })),
  )
}

export const acknowledge = (request: PushedRequest): { contentType: string; body: string } =>
  isOutbound(request) ? acknowledgement : { contentType: 'application/json', body: '{}' }

/** Outbound messages have the secret in their address; Apex has it nowhere. */
const isOutbound = ({ path }: Pick<PushedHead, 'path'>) => path.length === 1

const text = (header: string | string[] | undefined) => (typeof header === 'string' ? header : '')

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    // The parser's own message quotes the body.
    throw new HubError('input.invalid', 'The body is not valid JSON')
  }
}
