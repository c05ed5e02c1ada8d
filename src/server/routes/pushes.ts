import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Connection } from '#connections/connection.ts'
import { hookUrl } from '#connections/subscribe.ts'
import type { InstallStep } from '#connectors/installer.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { listTables } from '#records/table.ts'
import { findListener } from '#sync/listener-store.ts'
import { waitForPush } from '#sync/test-event.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { PushAct, PushAddress, PushResult, PushState, type PushStep } from '../contract/pushes.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'
import { answerInSteps } from '../step-stream.ts'

/** A queueable waits for its turn in the CRM. */
const testEventMs = 60_000
/** A person has to open a record and save it. */
const editMs = 180_000

export function pushRoutes(app: Api, hub: Hub): void {
  byHandRoutes(app, hub)
  const { log } = hub
  const params = IdPath

  app.get(
    '/connections/:id/push',
    { ...allow('read:status'), schema: { params, response: { 200: PushState, ...failures } } },
    async (request) => stateOf(hub, request, request.params.id),
  )

  app.post(
    '/connections/:id/push',
    {
      ...allow('edit:integrations', 'push.change'),
      schema: { params, body: PushAct, response: { 200: PushResult, ...failures } },
    },
    (request, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      return answerInSteps(request, reply, {
        hub,
        status: 200,
        work: async (onStep: (step: PushStep) => void) => {
          const { id } = request.params
          const { act } = request.body
          noteAct(request, { details: { act } })
          log.info('push', { connection: id, act, by: request.principal!.name })
          const steps: PushStep[] = []
          for await (const step of stepsOf(hub, {
            id,
            act,
            url: await publicUrl(hub, request, id),
            signal: gone.signal,
          })) {
            steps.push(step)
            onStep(step)
          }
          const ok = steps.every((step) => step.ok)
          noteAct(request, { details: { ok } })
          return { ok, steps }
        },
      })
    },
  )
}

/** For who puts the code into the CRM by hand: both hold a secret. */
function byHandRoutes(app: Api, hub: Hub): void {
  const { connections, log } = hub
  const params = IdPath

  app.get(
    '/connections/:id/push/package',
    {
      ...allow('edit:integrations', 'push.read_package'),
      schema: { params, response: { 200: z.any(), ...failures } },
    },
    async (request, reply) => {
      const { id } = request.params
      const { fileName, contentType, bytes } = await connections.pushes.download(id, await publicUrl(hub, request, id))
      log.info('push package downloaded', { connection: id, by: request.principal!.name })
      reply.header('content-disposition', `attachment; filename="${fileName}"`).header('cache-control', 'no-store')
      return reply.type(contentType).send(bytes)
    },
  )

  app.get(
    '/connections/:id/push/address',
    {
      ...allow('edit:integrations', 'push.read_address'),
      schema: { params, response: { 200: PushAddress, ...failures } },
    },
    async (request, reply) => {
      const { id } = request.params
      reply.header('cache-control', 'no-store')
      return { url: await connections.pushes.unsignedUrl(id, await publicUrl(hub, request, id)) }
    },
  )
}

interface Asked {
  id: string
  act: z.infer<typeof PushAct>['act']
  url: string
  signal: AbortSignal
}

async function* stepsOf(hub: Hub, { id, act, url, signal }: Asked): AsyncGenerator<PushStep> {
  const { pushes } = hub.connections
  if (act === 'remove') yield* pushes.remove(id, { signal })
  if (act === 'check') yield* pushes.install(id, url, { signal, checkOnly: true })
  if (act === 'install') yield* pushes.install(id, url, { signal }) satisfies AsyncIterable<InstallStep>
  if (act === 'renew') yield* pushes.renew(id, url, { signal })
  if (act === 'install' || act === 'renew' || act === 'test') yield* testEvent(hub, id, signal)
}

/** The CRM is asked for an event of its own; where the hub's user may not ask, a person's next change is waited for. */
async function* testEvent(hub: Hub, connectionId: string, signal: AbortSignal): AsyncGenerator<PushStep> {
  const eventId = randomBytes(16).toString('hex')
  const since = performance.now()
  const isAsked = await hub.connections.pushes.ping(connectionId, eventId)
  const message = isAsked
    ? 'The CRM was asked for a test event'
    : 'The hub may not have the CRM send a test event: open a record there, change it, and save it'
  yield { step: 'test_event', ok: true, message, done: 0, total: 1, waitsFor: isAsked ? 'crm' : 'person' }
  const withinMs = isAsked ? testEventMs : editMs
  const came = await waitForPush(hub.pool, { connectionId, eventId: isAsked ? eventId : null, withinMs, signal })
  if (came) {
    const ms = Math.round(performance.now() - since)
    yield { step: 'test_event', ok: true, message: 'The test event has come in', done: 1, total: 1, ms }
  } else {
    const why = 'No event came: check that the CRM reaches the hub’s address, and look at Setup → Apex Jobs there'
    yield { step: 'test_event', ok: false, message: why, done: 0, total: 1 }
  }
}

async function stateOf(hub: Hub, request: FastifyRequest, id: string): Promise<PushState> {
  const connection = await hub.connections.find(id)
  const connector = hub.connectors.find(({ manifest }) => manifest.crm === connection.crm)
  const installable = connector?.installer !== undefined
  const url = installable ? await addressIfKnown(hub, request, id) : (hub.publicUrl ?? null)
  const listener = await findListener(hub.pool, id)
  return {
    installable,
    address: url === null ? null : hookUrl(url, id),
    installed: await installedOf(hub, connection, installable ? url : null),
    problem: shown.problem(connection.webhook?.problem),
    listener: listener && {
      state: listener.state,
      problem: shown.problem(listener.problem),
      heardAt: shown.timeOrNull(listener.heardAt),
      changedAt: shown.time(listener.changedAt),
    },
  }
}

async function installedOf(
  hub: Hub,
  { id, webhook }: Connection,
  installUrl: string | null,
): Promise<PushState['installed']> {
  if (!webhook?.url || webhook.problem) return null
  const { url, tables, at } = webhook
  const copied = (await listTables(hub.pool, id)).filter(({ enabled }) => enabled)
  const [told, missing] = [true, false].map((isTold) =>
    copied.filter(({ source }) => tables.includes(source.name) === isTold).map(({ entity }) => entity),
  ) as [string[], string[]]
  const isCurrent = installUrl === null ? missing.length === 0 : await hub.connections.pushes.isCurrent(id, installUrl)
  return { url, tables, at, isCurrent, told, missing }
}

async function addressIfKnown(hub: Hub, request: FastifyRequest, id: string): Promise<string | null> {
  return publicUrl(hub, request, id).catch((error: unknown) => {
    if (isHubError(error, 'configuration.invalid')) return null
    throw error
  })
}

/** Where the CRM reaches the hub; one on this very machine, such as a simulator, reaches it where the caller does. */
async function publicUrl(hub: Hub, request: FastifyRequest, id: string): Promise<string> {
  if (hub.publicUrl) return hub.publicUrl
  const { url } = await hub.connections.find(id)
  const [crm, own] = [new URL(url).hostname, `${request.protocol}://${request.host}`]
  if (/^(127\.|localhost$|\[::1\]$)/.test(crm) && URL.canParse(own)) return own
  throw new HubError('configuration.invalid', 'The hub does not know at which address the CRM reaches it', {
    mend: 'Set JACKFIELD_PUBLIC_URL to the hub’s address as the CRM sees it, and start it again.',
  })
}
