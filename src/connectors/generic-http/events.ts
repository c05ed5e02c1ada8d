import { createHmac, hash, randomUUID, timingSafeEqual } from 'node:crypto'
import type { CrmEvent, PushedHead, PushedRequest } from '#connectors/push.ts'
import { isSameSecret } from '#connectors/same-secret.ts'
import { HubError } from '#core/errors.ts'
import { definitionOf } from './definition.ts'
import { valueAt } from './paths.ts'
import { asId } from './row-values.ts'
import { operations, pushedBody } from './wire.ts'

/** A push that is signed is taken this long before and after its own time. */
const windowMs = 5 * 60_000

export function mayBeGenuine(head: PushedHead, secret: string): boolean {
  return signatureOf(head) !== null || knowsSecret(head, secret)
}

/**
 * Signed: the HMAC-SHA256 of timestamp and raw body under the connection's push secret. Where the definition allows the
 * simple way, the secret itself in a header does.
 */
export function isGenuine(request: PushedRequest, secret: string): boolean {
  const signed = signatureOf(request)
  if (signed === null) return knowsSecret(request, secret)
  const expected = createHmac('sha256', secret).update(signed.timestamp).update(request.body).digest()
  return signed.signature.length === expected.length && timingSafeEqual(signed.signature, expected)
}

interface Signed {
  timestamp: string
  signature: Buffer
}

/** Null where the push is not signed, or not within its time. */
function signatureOf(head: PushedHead): Signed | null {
  const timestamp = headerOf(head, 'x-jackfield-timestamp')
  const signature = signatureBytes(headerOf(head, 'x-jackfield-signature'))
  if (timestamp === null || signature === null || !/^(?:\d{10}|\d{13})$/.test(timestamp)) return null
  const at = timestamp.length === 10 ? Number(timestamp) * 1000 : Number(timestamp)
  return Math.abs(head.at - at) <= windowMs ? { timestamp, signature } : null
}

function signatureBytes(text: string | null): Buffer | null {
  if (text === null) return null
  const bare = text.replace(/^sha256=/i, '')
  if (/^[0-9a-f]{64}$/i.test(bare)) return Buffer.from(bare, 'hex')
  return /^[A-Za-z0-9+/]{43}=$/.test(bare) ? Buffer.from(bare, 'base64') : null
}

function knowsSecret(head: PushedHead, secret: string): boolean {
  if (definitionOf(head).push.proof !== 'secret') return false
  const given =
    headerOf(head, 'x-jackfield-secret') ?? /^Bearer (.+)$/i.exec(headerOf(head, 'authorization') ?? '')?.[1]
  return given !== undefined && isSameSecret(given, secret)
}

function headerOf({ headers }: PushedHead, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/** What changed: told by the body alone, or by the address with the record's id in whatever body the CRM posts. */
export function readEvents(request: PushedRequest): CrmEvent[] {
  const body = parse(request.body)
  if (request.path.length === 0) return fromBody(request, body)
  const [entity = '', operation = '', ...more] = request.path
  if (more.length > 0 || !(operations as readonly string[]).includes(operation)) {
    throw new HubError('input.invalid', `The address ends on an entity and one of ${operations.join(', ')}`, {
      mend: `Such as …/contact/create.`,
    })
  }
  const { push } = definitionOf(request)
  const id = asId(valueAt(body, push.id))
  if (id === null) {
    throw new HubError('input.invalid', `The body has no id of a record at “${push.id}”`, {
      field: push.id,
      mend: 'Post the record’s id there, or name its path in the definition as push.id.',
    })
  }
  return [eventOf(request, { entity, operation, id }, 0)]
}

function fromBody(request: PushedRequest, body: unknown): CrmEvent[] {
  const parsed = pushedBody.safeParse(body)
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.')
    throw new HubError('input.invalid', `The body is none that is described${place ? ` (${place})` : ''}`, {
      mend: 'Post {"entity","operation","id","eventId"}, or {"events":[…]} of these; docs/connect/http.md tells more.',
    })
  }
  const events = 'events' in parsed.data ? (parsed.data.events as Pushed[]) : [parsed.data as Pushed]
  return events.map((event, index) => {
    if (asId(event.id) === null) throw new HubError('input.invalid', 'An id in the body can be none of a record')
    return eventOf(request, event, index)
  })
}

interface Pushed {
  entity: string
  operation: string
  id: string
  eventId?: string | undefined
}

function eventOf(request: PushedRequest, { entity, operation, id, eventId }: Pushed, index: number): CrmEvent {
  return {
    eventKey: eventKeyOf(request, eventId, index),
    organisation: null,
    table: entity.toLowerCase(),
    sourceId: asId(id)!,
    operation,
  }
}

/** The sender's own; else a signature is its request's; else each delivery counts, since two changes may look alike. */
function eventKeyOf(request: PushedRequest, given: string | undefined, index: number): string {
  const id = given ?? headerOf(request, 'x-jackfield-event-id')
  if (id !== null) return `push/${hash('sha256', id)}/${index}`
  const signed = signatureOf(request)
  if (signed === null) return `push/${randomUUID()}`
  return `push/${hash('sha256', `${signed.signature.toString('hex')} ${request.path.join('/')}`)}/${index}`
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString(), keepDigits as (key: string, value: unknown) => unknown)
  } catch {
    // The parser's own message quotes the body.
    throw new HubError('input.invalid', 'The body is not valid JSON')
  }
}

/** An id that is too large a number for JavaScript stays the digits that it was. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && String(value) !== source ? source : value
}
