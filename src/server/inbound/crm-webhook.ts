import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PushSecrets } from '#connections/push-secret.ts'
import type { Connector } from '#connectors/connector.ts'
import type { CrmEvent, PushedHead } from '#connectors/push.ts'
import type { Clock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import { canonicalSourceId } from '#core/ids.ts'
import type { Log } from '#core/log.ts'
import { allow } from '../access.ts'
import type { DoorCounts } from '../door-counts.ts'
import { sendError, toHubError } from '../plugins/errors.ts'
import { readBytes, tooBusy } from '../plugins/limits.ts'

/** What the door knows of a connection that is pushed to. */
export interface HookTarget {
  organisation: string
  /** None while no push is registered: then nothing is let in. */
  secrets: PushSecrets
  /** The CRM's table name → entity, of the tables that are copied. */
  entities: ReadonlyMap<string, string>
  connector: Pick<Connector, 'mayBeGenuine' | 'isGenuine' | 'readEvents' | 'acknowledge'>
  /** The connection's own. */
  settings: Readonly<Record<string, unknown>>
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
  /** Told when a push proves the secret that a renewal has handed to the CRM, of which nobody heard how it ended. */
  nextSecretProven(connectionId: string): Promise<void>
  /** Resolves when the hint is durable; many share one commit. */
  keep(hint: PushedHint): Promise<'kept' | 'replayed'>
  counts: DoorCounts
  clock: Clock
  log: Log
}

const door = 'hook'
/** A new table counts after this long at most, and an old secret no longer. */
const trustedMs = 5_000
/** A connection made a moment ago must not stay unknown; strangers make the hub look no more often. */
const unknownMs = 500
/** The same of a secret: what is signed with a new one is often not sent again. */
const unprovenMs = 50
const mostTargets = 1_000
/** Bodies of a megabyte at worst: what is under way stays bounded. */
const atOnce = 1_024
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

declare module 'fastify' {
  interface FastifyRequest {
    hookTarget: HookTarget | null
  }
}

/**
 * POST /hooks/crm/:connectionId, and what follows it. The hottest door: it decides by what is cached and answers after
 * the commit. Who may push, and what a body says, the connection's connector judges.
 */
export async function crmWebhook(app: FastifyInstance, options: WebhookOptions): Promise<void> {
  const { counts, log } = options
  const targets = cachedTargets(options)
  let underWay = 0

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, stream, done) => readBytes(stream, done))
  app.decorateRequest('hookTarget', null)

  // Before the body is read, so that strangers cannot make the hub hold bodies.
  app.addHook('onRequest', async (request: FastifyRequest) => {
    if (underWay >= atOnce) throw tooBusy()
    const id = connectionOf(request)
    const target = uuid.test(id) ? await targets.find(id.toLowerCase()) : null
    if (!target) throw new HubError('connection.not_found', 'There is no such connection')
    request.hookTarget = target
    await prove(request, targets, (given, secret) =>
      given.connector.mayBeGenuine(headOf(request, given, options.clock), secret),
    )
  })

  app.setErrorHandler((error, request, reply) => {
    const { code } = toHubError(error)
    counts.count(door, outcomes[code] ?? 'failed', request.hookTarget ? connectionOf(request).toLowerCase() : undefined)
    return sendError(request, reply, { error, log })
  })

  for (const address of ['/hooks/crm/:connectionId', '/hooks/crm/:connectionId/*']) {
    app.post(address, { ...allow('open', 'no act'), schema: { hide: true } }, async (request, reply) => {
      underWay += 1
      try {
        return await receive(request, reply, targets, options)
      } finally {
        underWay -= 1
      }
    })
  }
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

const notGenuine = () => new HubError('auth.required', 'The webhook’s secret or signature is wrong')

function headOf(request: FastifyRequest, { settings }: HookTarget, clock: Clock): PushedHead {
  const rest = (request.params as { '*'?: string })['*'] ?? ''
  const path = rest.split('/').filter((part) => part !== '')
  const query = request.query as Record<string, unknown>
  return { headers: request.headers, query, path, settings, at: clock.now() }
}

/**
 * Refuses what is not genuine, and answers which secret it proved; one that was made a moment ago counts, though an older
 * one is still remembered.
 */
async function prove(
  request: FastifyRequest,
  targets: Targets,
  isProof: (target: HookTarget, secret: string) => boolean,
): Promise<string> {
  const known = request.hookTarget!
  const proven = provenBy(known, isProof)
  if (proven !== undefined) return proven
  const newest = await targets.findAnew(connectionOf(request).toLowerCase())
  const isOther = newest !== null && newest !== known && !isDeepStrictEqual(newest.secrets, known.secrets)
  const anew = isOther ? provenBy(newest, isProof) : undefined
  if (anew === undefined) throw notGenuine()
  request.hookTarget = newest
  return anew
}

function provenBy(target: HookTarget, isProof: (target: HookTarget, secret: string) => boolean): string | undefined {
  const { current, next, former } = target.secrets
  return [current, next, former].find((secret): secret is string => secret !== null && isProof(target, secret))
}

async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  targets: Targets,
  options: WebhookOptions,
): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (request.hookTarget!.connector.isGenuine) {
    const proven = await prove(request, targets, (given, secret) => {
      const pushed = { ...headOf(request, given, options.clock), body }
      return given.connector.isGenuine?.(pushed, secret) === true
    })
    if (proven === request.hookTarget!.secrets.next)
      await noteProven(connectionOf(request).toLowerCase(), targets, options)
  }
  const target = request.hookTarget!
  const { connector } = target
  const pushed = { ...headOf(request, target, options.clock), body }
  const events = connector.readEvents(pushed)
  if (
    events.some(({ organisation }) => organisation !== null && canonicalSourceId(organisation) !== target.organisation)
  )
    throw new HubError('input.invalid', 'The event is of another organisation')
  const connectionId = connectionOf(request).toLowerCase()
  await Promise.all(events.map((event) => keepEvent(event, { target, connectionId, options })))
  const answer = connector.acknowledge?.(pushed)
  return answer ? reply.code(200).type(answer.contentType).send(answer.body) : reply.code(202).send()
}

/** The push counts in any case. */
async function noteProven(id: string, targets: Targets, { nextSecretProven, log }: WebhookOptions): Promise<void> {
  try {
    await nextSecretProven(id)
    targets.forget(id)
  } catch (error) {
    log.warn('a renewed push secret was proven, and that could not be kept', { connectionId: id, error })
  }
}

interface Door {
  target: HookTarget
  connectionId: string
  options: WebhookOptions
}

async function keepEvent(event: CrmEvent, { target, connectionId, options }: Door): Promise<void> {
  const { keep, counts } = options
  const { table, sourceId, operation } = event
  // A key that its sender chose is told apart by the connection where no organisation is part of it.
  const eventKey = event.organisation === null ? `${connectionId}/${event.eventKey}` : event.eventKey
  // A test event is of no table: it is kept for who waits for it, and settled by nothing.
  const entity = table === '' ? '' : target.entities.get(table)
  if (entity === undefined) return counts.count(door, 'not_copied', connectionId)
  counts.count(door, await keep({ connectionId, eventKey, entity, sourceId, operation }), connectionId)
}

interface Targets {
  find(id: string): Promise<HookTarget | null> | HookTarget | null
  /** For what does not fit the one that is remembered. */
  findAnew(id: string): Promise<HookTarget | null> | HookTarget | null
  forget(id: string): void
}

function cachedTargets({ findTarget, clock }: WebhookOptions): Targets {
  const kept = new Map<string, { target: HookTarget | null; at: number }>()
  const asked = new Map<string, Promise<HookTarget | null>>()
  const ask = async (id: string) => {
    const target = await findTarget(id)
    kept.delete(id)
    if (kept.size >= mostTargets) kept.delete(kept.keys().next().value!)
    kept.set(id, { target, at: clock.monotonic() })
    return target
  }
  const within = (id: string, ms: number) => {
    const known = kept.get(id)
    if (known && known.at + (known.target ? ms : unknownMs) > clock.monotonic()) return known.target
    const asking = asked.get(id) ?? ask(id).finally(() => asked.delete(id))
    asked.set(id, asking)
    return asking
  }
  return {
    find: (id) => within(id, trustedMs),
    findAnew: (id) => within(id, unprovenMs),
    forget: (id) => void kept.delete(id),
  }
}
