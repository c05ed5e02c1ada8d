import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Pool } from '#database/pool.ts'
import { allow } from './access.ts'
import type { Hub } from './hub.ts'
import type { Metrics } from './metrics.ts'
import { denied, identify } from './plugins/sign-in.ts'

/** For a load balancer, which asks every few seconds and waits less. */
const readyWithinMs = 2_000

/** What machines ask: is it alive, may it get requests, how is it doing. */
export function healthRoutes(app: FastifyInstance, hub: Hub, metrics: Metrics): void {
  const hide = { schema: { hide: true } }

  app.get('/livez', { ...allow('open'), ...hide }, async () => ({ alive: true }))

  app.get('/readyz', { ...allow('open'), ...hide }, async (_request, reply) => {
    const database = await isReachable(hub.pool)
    if (!database) reply.code(503).header('retry-after', '2')
    // Who rings is known all the same; whoever watches the hub is to make room.
    return { ready: database, checks: { database, lookUpsWritten: !hub.unwrittenLookUps.isNow() } }
  })

  app.get('/metrics', { ...allow('open'), ...hide }, async (request, reply) => {
    await refuseStrangers(request, hub)
    return reply.type(metrics.contentType).send(await metrics.text())
  })
}

async function isReachable(pool: Pool): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), readyWithinMs)
  const asked = pool.query('select from jackfield.migration limit 1').then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Figures tell how large a business is: they are given on the machine itself, elsewhere to those who hold read:status. */
async function refuseStrangers(request: FastifyRequest, hub: Hub): Promise<void> {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded
  if (isLoopback(request.socket.remoteAddress) && forwarded === undefined) return
  const principal = await identify(request, hub)
  if (!principal.permissions.has('read:status')) throw denied(principal, ['read:status'])
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address)
}
