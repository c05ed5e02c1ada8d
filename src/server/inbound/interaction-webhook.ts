import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '#core/errors.ts'
import { isSigned } from '#desktop/interaction-source.ts'
import { allow } from '../access.ts'
import { EventBatch } from '../contract/interactions.ts'
import type { Hub } from '../hub.ts'
import { sendError, toHubError } from '../plugins/errors.ts'
import { readBytes, tooBusy, unfit } from '../plugins/limits.ts'
import { takeTold } from '../told-events.ts'

const door = 'interactions'
const sourceForm = /^[a-z0-9][a-z0-9._-]{0,63}$/
const signatureHeader = 'x-jackfield-signature'
/** Bodies of a megabyte at worst: what is under way stays bounded. A sender has a minute for one. */
const atOnce = 64

/**
 * POST /hooks/interactions/:source: events of a contact centre, signed by the secret that it was given; answered when all
 * are kept. An event of another source than the address names is refused.
 */
export async function interactionWebhook(app: FastifyInstance, hub: Hub): Promise<void> {
  let underWay = 0
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, stream, done) => readBytes(stream, done))
  // Before the body is read: without a signature nobody makes the hub hold one.
  app.addHook('onRequest', async (request, reply) => {
    if (underWay >= atOnce) throw tooBusy()
    if (typeof request.headers[signatureHeader] !== 'string') throw notGenuine()
    // From here on, and not from when its body is whole: slow bodies are held meanwhile.
    underWay += 1
    reply.raw.once('close', () => {
      underWay -= 1
    })
  })
  app.setErrorHandler((error, request, reply) => {
    const { code } = toHubError(error)
    hub.doorCounts.count(door, outcomes[code] ?? 'failed')
    return sendError(request, reply, { error, log: hub.log })
  })
  app.post(
    '/hooks/interactions/:source',
    { ...allow('open', 'no act'), schema: { hide: true } },
    async (request, reply) => {
      const events = await eventsIn(request, hub)
      const taken = await takeTold(hub, events, `source:${events[0]!.source}`)
      hub.doorCounts.count(door, 'kept')
      return reply.code(202).send({ taken })
    },
  )
}

const outcomes: Record<string, string> = {
  'auth.required': 'wrong_secret',
  'input.too_large': 'too_large',
  'input.invalid': 'malformed',
  'server.busy': 'busy',
  'database.unavailable': 'unavailable',
}

const notGenuine = () =>
  new HubError('auth.required', `The signature (${signatureHeader}) is missing, wrong or too old`, {
    mend: 'Sign “<t>.<body>” by the source’s secret, and see that the clock is right (docs/softphones.md).',
  })

async function eventsIn(request: FastifyRequest, hub: Hub) {
  const { source } = request.params as { source: string }
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  // A source that nobody made is answered like a wrong signature: strangers learn no names.
  const secret = sourceForm.test(source) ? await hub.desktop.sourceSecret(source) : null
  const header = request.headers[signatureHeader] as string
  if (secret === null || !isSigned(header, body, { secret, now: hub.clock.now() })) throw notGenuine()
  const events = readBatch(body)
  if (events.some((event) => event.source !== source)) {
    throw new HubError('input.invalid', `An event is of another source than '${source}'`, { field: 'source' })
  }
  return events
}

function readBatch(body: Buffer) {
  const told = parsed(body)
  const wrong = unfit(told)
  if (wrong) throw wrong
  const read = EventBatch.safeParse(told)
  if (read.success) return read.data.events
  const [issue] = read.error.issues
  throw new HubError('input.invalid', `The body: ${issue?.message ?? 'is no batch of events'}`, {
    field: issue?.path.join('.') ?? '',
  })
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new HubError('input.invalid', 'The body is not JSON', { cause })
  }
}
