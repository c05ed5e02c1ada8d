import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CrmEvent } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { Log } from '#core/log.ts'
import { digest, sameSecret } from '#people/token.ts'
import { allow } from '../access.ts'
import type { DoorCounts } from '../door-counts.ts'
import { sendError, toHubError } from '../plugins/errors.ts'
import { readText, tooBusy } from '../plugins/limits.ts'

/** What the door knows of a connection that is pushed to. */
export interface HookTarget {
  organisation: string
  /** Null while no push is registered: then nothing is let in. */
  secret: string | null
  /** The CRM's table name → entity, of the tables that are copied. */
  entities: ReadonlyMap<string, string>
  readEvent(headers: FastifyRequest['headers'], body: unknown): CrmEvent
}

/** A change as it is kept; the record itself is read back later (a push is a hint). */
export interface PushedHint {
  connectionId: string
  eventKey: string
  entity: string
  sourceId: string
  operation: string
}

export interface WebhookOptions {
  findTarget(connectionId: string): Promise<HookTarget | null>
  /** Resolves when the hint is durable; many share one commit. */
  keep(hint: PushedHint): Promise<'kept' | 'replayed'>
  counts: DoorCounts
  clock: Clock
  log: Log
}

const door = 'hook'
/** A new secret or table counts after this long at most. */
const trustedMs = 5_000
/** A connection made a moment ago must not stay unknown. */
const unknownMs = 500
const mostTargets = 1_000
/** Bodies of a megabyte at worst: what is under way stays bounded. */
const atOnce = 1_024
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

type Target = Omit<HookTarget, 'secret'> & { secretDigest: Buffer | null }

declare module 'fastify' {
  interface FastifyRequest {
    hookTarget: Target | null
  }
}

/** POST /hooks/crm/:connectionId. The hottest door: it decides by what is cached, parses once, and answers after the commit. */
export async function crmWebhook(app: FastifyInstance, options: WebhookOptions): Promise<void> {
  const { counts, log } = options
  const targetOf = cachedTargets(options)
  let underWay = 0

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, stream, done) => readText(stream, done))
  app.decorateRequest('hookTarget', null)

  // Before the body is read, so that strangers cannot make the hub hold bodies.
  app.addHook('onRequest', async (request: FastifyRequest) => {
    if (underWay >= atOnce) throw tooBusy()
    const id = connectionOf(request)
    const target = uuid.test(id) ? await targetOf(id.toLowerCase()) : null
    if (!target) throw new HubError('connection.not_found', 'There is no such connection')
    request.hookTarget = target
    if (!target.secretDigest || !sameSecret(secretOf(request), target.secretDigest)) {
      throw new HubError('auth.required', 'The webhook’s secret is wrong')
    }
  })

  app.setErrorHandler((error, request, reply) => {
    const { code } = toHubError(error)
    counts.count(door, outcomes[code] ?? 'failed', request.hookTarget ? connectionOf(request).toLowerCase() : undefined)
    return sendError(request, reply, { error, log })
  })

  app.post('/hooks/crm/:connectionId', { ...allow('open'), schema: { hide: true } }, async (request, reply) => {
    underWay += 1
    try {
      return await receive(request, reply, options)
    } finally {
      underWay -= 1
    }
  })
}

const outcomes: Record<string, string> = {
  'auth.required': 'wrong_secret',
  'connection.not_found': 'unknown_connection',
  'input.too_large': 'too_large',
  'input.invalid': 'malformed',
  'server.busy': 'busy',
  'database.unavailable': 'unavailable',
}

const connectionOf = (request: FastifyRequest) => (request.params as { connectionId: string }).connectionId

/** Dataverse sends a webhook key as the query's `code` ("Use webhooks", authentication options); others can send a header. */
function secretOf(request: FastifyRequest): string {
  const { code } = request.query as { code?: unknown }
  if (typeof code === 'string') return code
  const header = request.headers['x-jackfield-secret']
  return typeof header === 'string' ? header : ''
}

async function receive(request: FastifyRequest, reply: FastifyReply, { keep, counts }: WebhookOptions) {
  const target = request.hookTarget!
  const connectionId = connectionOf(request).toLowerCase()
  const event = target.readEvent(request.headers, parse(request.body))
  if (event.organisation !== target.organisation) {
    throw new HubError('input.invalid', 'The event is of another organisation')
  }
  const entity = target.entities.get(event.table)
  if (entity === undefined) {
    counts.count(door, 'not_copied', connectionId)
    return reply.code(202).send()
  }
  const { eventKey, sourceId, operation } = event
  counts.count(door, await keep({ connectionId, eventKey, entity, sourceId, operation }), connectionId)
  return reply.code(202).send()
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(text as string)
  } catch {
    // The parser's own message quotes the body.
    throw new HubError('input.invalid', 'The body is not valid JSON')
  }
}

function cachedTargets({ findTarget, clock }: WebhookOptions) {
  const kept = new Map<string, { target: Target | null; until: number }>()
  const asked = new Map<string, Promise<Target | null>>()
  const ask = async (id: string) => {
    const found = await findTarget(id)
    const target = found && { ...found, secretDigest: found.secret === null ? null : digest(found.secret) }
    kept.delete(id)
    if (kept.size >= mostTargets) kept.delete(kept.keys().next().value!)
    kept.set(id, { target, until: clock.monotonic() + (target ? trustedMs : unknownMs) })
    return target
  }
  return (id: string): Promise<Target | null> | Target | null => {
    const known = kept.get(id)
    if (known && known.until > clock.monotonic()) return known.target
    const asking = asked.get(id) ?? ask(id).finally(() => asked.delete(id))
    asked.set(id, asking)
    return asking
  }
}
