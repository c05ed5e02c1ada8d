import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyCookie from '@fastify/cookie'
import fastify, { type FastifyInstance } from 'fastify'
import { HubError } from '#core/errors.ts'
import { createFrameOrigins, type FrameOrigins } from '#desktop/frame-settings.ts'
import { allow } from './access.ts'
import type { Api } from './api.ts'
import { createDesktopLive } from './desktop-live.ts'
import { healthRoutes } from './health.ts'
import type { Hub } from './hub.ts'
import { crmWebhook } from './inbound/crm-webhook.ts'
import { interactionWebhook } from './inbound/interaction-webhook.ts'
import { createLive } from './live.ts'
import { createMetrics } from './metrics.ts'
import { openApiOf } from './openapi.ts'
import { demandActs, registerActs } from './plugins/acts.ts'
import { registerErrors, sendError } from './plugins/errors.ts'
import { registerJsonBody, registerLimit } from './plugins/limits.ts'
import { registerSecurityHeaders } from './plugins/security-headers.ts'
import { registerRenewal } from './plugins/session-cookie.ts'
import { demandRules, isSecure, registerSignIn } from './plugins/sign-in.ts'
import { registerWebFiles } from './plugins/web-files.ts'
import { accountRoutes } from './routes/account.ts'
import { agentWorkflowRoutes } from './routes/agent-workflows.ts'
import { attentionRoutes } from './routes/attention.ts'
import { auditLogRoutes } from './routes/audit-log.ts'
import { authenticationRoutes } from './routes/authentications.ts'
import { changeRoutes } from './routes/changes.ts'
import { configurationPartRoutes } from './routes/configuration-parts.ts'
import { configurationRoutes } from './routes/configurations.ts'
import { connectionRoutes } from './routes/connections.ts'
import { connectorRoutes } from './routes/connectors.ts'
import { consentRoutes } from './routes/consents.ts'
import { desktopRoutes } from './routes/desktop.ts'
import { desktopSettingsRoutes } from './routes/desktop-settings.ts'
import { destinationRoutes } from './routes/destinations.ts'
import { frameSessionRoutes } from './routes/frame-session.ts'
import { httpApiRoutes } from './routes/http-apis.ts'
import { identityProviderRoutes } from './routes/identity-providers.ts'
import { interactionSourceRoutes } from './routes/interaction-sources.ts'
import { interactionRoutes } from './routes/interactions.ts'
import { invitationRoutes } from './routes/invitations.ts'
import { keyFieldRoutes } from './routes/key-fields.ts'
import { keyRoutes } from './routes/keys.ts'
import { linkedAccountRoutes } from './routes/linked-accounts.ts'
import { liveRoutes } from './routes/live.ts'
import { lookupRoutes } from './routes/lookup.ts'
import { peopleRoutes } from './routes/people.ts'
import { pushRoutes } from './routes/pushes.ts'
import { recordRoutes } from './routes/records.ts'
import { reindexRoutes } from './routes/reindex.ts'
import { roleRoutes } from './routes/roles.ts'
import { runRoutes } from './routes/runs.ts'
import { sessionRoutes } from './routes/session.ts'
import { settingsRoutes } from './routes/settings.ts'
import { signOnRoutes } from './routes/sign-on.ts'
import { backChannelRoute } from './routes/sign-on-logout.ts'
import { softphoneRoutes } from './routes/softphone.ts'
import { statusRoutes } from './routes/status.ts'
import { previewRoutes } from './routes/table-preview.ts'
import { tableRoutes } from './routes/tables.ts'
import { teamRoutes } from './routes/teams.ts'
import { writeRoutes } from './routes/writes.ts'
import { schemaCompilers } from './schema-compilers.ts'

export interface Server {
  app: FastifyInstance
  /** Answers the address with the port that was taken. */
  listen(at: { host: string; port: number }): Promise<string>
  /** Lets what is under way end. */
  close(): Promise<void>
}

const webFolder = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** API requests under way at once. Live pages, which stay, are counted by whoever feeds them. */
const mostUnderWay = { live: Number.POSITIVE_INFINITY, lookup: 256, rest: 256 }

export async function createServer(hub: Hub): Promise<Server> {
  let requests = Date.now()
  const app = fastify({
    logger: false,
    genReqId: () => `${process.pid.toString(36)}-${(requests++).toString(36)}`,
    // Stopping waits for requests, not for browsers that keep a connection open for the next one.
    forceCloseConnections: 'idle',
    trustProxy: [...hub.trustedProxies],
    keepAliveTimeout: 65_000,
    requestTimeout: 60_000,
    schemaController: schemaCompilers,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => sendError(request, reply, { error, log: hub.log }),
  })
  registerErrors(app, hub.log)
  const frames = createFrameOrigins(hub)
  // Before it is known who asks: refusals carry them too.
  registerSecurityHeaders(app, { secure: isSecure(hub.publicUrl), frames })
  demandRules(app)
  demandActs(app)

  const live = createLive(hub)
  const desktopLive = createDesktopLive(hub)
  const metrics = createMetrics(hub, live, desktopLive)
  app.addHook('preClose', async () => {
    live.stop()
    desktopLive.stop()
  })
  app.addHook('onClose', async () => metrics.stop())
  healthRoutes(app, hub, metrics)
  if (hub.role !== 'work') await registerDoors(app, hub, { live, desktopLive, metrics, frames })

  return {
    app,
    async listen({ host, port }) {
      await app.listen({ host, port }).catch((error: unknown) => {
        throw nameListenError(error, host, port)
      })
      const address = app.server.address()
      const taken = typeof address === 'object' && address ? address.port : port
      return `http://${shownHost(host)}:${taken}`
    },
    close: () => app.close(),
  }
}

function nameListenError(error: unknown, host: string, port: number): unknown {
  const { code } = error as { code?: string }
  const why = { EADDRINUSE: 'is taken', EACCES: 'is not for this user', EADDRNOTAVAIL: 'is no address of this machine' }
  const told = why[code as keyof typeof why]
  if (told === undefined) return error
  return new HubError('configuration.invalid', `The address ${host}:${port} ${told}`, {
    cause: error,
    mend: 'Give another one by --port or JACKFIELD_PORT; --port 0 takes any that is free.',
  })
}

/** An address that a browser on this machine can open. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

interface Parts {
  live: ReturnType<typeof createLive>
  desktopLive: ReturnType<typeof createDesktopLive>
  metrics: ReturnType<typeof createMetrics>
  frames: FrameOrigins
}

async function registerDoors(app: FastifyInstance, hub: Hub, parts: Parts): Promise<void> {
  const openApi = openApiOf(app, hub.version)
  await app.register(crmWebhook, {
    findTarget: hub.findHookTarget,
    nextSecretProven: (id) => hub.connections.nextSecretProven(id),
    keep: hub.keepHint,
    counts: hub.doorCounts,
    clock: hub.clock,
    log: hub.log,
  })
  await app.register(interactionWebhook, hub)
  await app.register(async (scope) => registerApi(scope, hub, parts), { prefix: '/api/v1' })
  await app.register(async (scope) => {
    scope.get('/api/openapi.json', { ...allow('open'), schema: { hide: true } }, openApi)
    if (existsSync(webFolder) || hub.role !== 'work') await registerWebFiles(scope, webFolder)
  })
}

async function registerApi(
  scope: FastifyInstance,
  hub: Hub,
  { live, desktopLive, metrics, frames }: Parts,
): Promise<void> {
  await scope.register(fastifyCookie)
  registerSignIn(scope, hub)
  registerRenewal(scope, hub)
  registerLimit(scope, mostUnderWay)
  registerActs(scope, hub)
  registerJsonBody(scope)
  const api = scope as unknown as Api
  settingsRoutes(api, hub)
  statusRoutes(api, hub)
  connectorRoutes(api, hub)
  connectionRoutes(api, hub)
  httpApiRoutes(api, hub)
  pushRoutes(api, hub)
  keyFieldRoutes(api, hub)
  authenticationRoutes(api, hub)
  tableRoutes(api, hub)
  previewRoutes(api, hub)
  reindexRoutes(api, hub)
  runRoutes(api, hub)
  recordRoutes(api, hub)
  lookupRoutes(api, hub, metrics.observeLookup)
  changeRoutes(api, hub)
  writeRoutes(api, hub)
  destinationRoutes(api, hub)
  configurationRoutes(api, hub)
  configurationPartRoutes(api, hub)
  agentWorkflowRoutes(api, hub)
  attentionRoutes(api, hub)
  auditLogRoutes(api, hub)
  keyRoutes(api, hub)
  sessionRoutes(api, hub)
  frameSessionRoutes(api, hub)
  softphoneRoutes(api, hub)
  desktopSettingsRoutes(api, hub, frames)
  accountRoutes(api, hub)
  signOnRoutes(api, hub)
  linkedAccountRoutes(api, hub)
  consentRoutes(api, hub)
  backChannelRoute(api, hub)
  identityProviderRoutes(api, hub)
  peopleRoutes(api, hub)
  invitationRoutes(api, hub)
  roleRoutes(api, hub)
  teamRoutes(api, hub)
  liveRoutes(api, hub, live)
  interactionRoutes(api, hub)
  interactionSourceRoutes(api, hub)
  desktopRoutes(api, hub, desktopLive)
}
