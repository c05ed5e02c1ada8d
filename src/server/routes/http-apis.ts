import type { FastifyRequest } from 'fastify'
import { HubError } from '#core/errors.ts'
import type { Principal } from '#people/principal.ts'
import { listTables } from '#records/table.ts'
import { isWhole } from '#records/view.ts'
import { allow } from '../access.ts'
import { type Api, CrmPath, failures, IdPath } from '../api.ts'
import {
  Definition,
  PresetList,
  PushAddresses,
  PushSecret,
  PushSecretInput,
  Trial,
  TrialInput,
} from '../contract/http-apis.ts'
import type { Hub } from '../hub.ts'
import { viewFor } from '../seen.ts'

const operations = ['create', 'update', 'delete'] as const

/** Connections whose API is told by a definition. */
export function httpApiRoutes(app: Api, hub: Hub): void {
  const { connections, log } = hub
  pushRoutes(app, hub)

  app.get(
    '/connectors/:crm/presets',
    { ...allow('read:status'), schema: { params: CrmPath, response: { 200: PresetList, ...failures } } },
    async (request) => ({ presets: presetsOf(hub, request.params.crm) }),
  )

  app.post(
    '/connectors/:crm/try',
    {
      ...allow(['create:integrations', 'edit:integrations'], 'definition.try'),
      schema: { params: CrmPath, body: TrialInput, response: { 200: Trial, ...failures } },
    },
    async (request) => {
      await refuseStrange(hub, request.principal!, request.body.authentication)
      return connections.tryDefinition({ crm: request.params.crm, ...request.body })
    },
  )

  app.get(
    '/connections/:id/definition',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: Definition, ...failures } } },
    async (request) => connections.definition(request.params.id),
  )

  app.put(
    '/connections/:id/definition',
    {
      ...allow('edit:integrations', 'definition.change'),
      schema: { params: IdPath, body: Definition, response: { 200: Definition, ...failures } },
    },
    async (request) => {
      const changed = await connections.setDefinition(request.params.id, request.body)
      hub.finder.tables.forget()
      hub.wakeWorkers()
      log.info('definition changed', { connection: request.params.id, by: request.principal!.name })
      return changed
    },
  )
}

/** With a secret that is kept, a trial shows what that reaches: only to those who may see the records anyway. */
async function refuseStrange(hub: Hub, principal: Principal, authentication: TrialInput['authentication']) {
  if (!('id' in authentication) || isWhole(await viewFor(hub, principal))) return
  throw new HubError('auth.denied', 'A kept secret shows records that you do not see', {
    field: 'authentication.id',
    mend: 'Give the secret itself to try it.',
  })
}

function presetsOf({ connectors }: Hub, crm: string): PresetList['presets'] {
  const connector = connectors.find(({ manifest }) => manifest.crm === crm)
  if (!connector) throw new HubError('resource.not_found', `There is no connector “${crm}”`)
  return (connector.presets?.() ?? []).map(({ id, definition }) => {
    const { name, description = null } = definition
    return { id, name, description, definition }
  })
}

function pushRoutes(app: Api, hub: Hub): void {
  const { connections, log } = hub

  app.get(
    '/connections/:id/push-addresses',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: PushAddresses, ...failures } } },
    async (request) => addressesOf(hub, request, request.params.id),
  )

  app.post(
    '/connections/:id/push-secret',
    {
      ...allow('edit:integrations', 'push.renew_secret'),
      schema: { params: IdPath, body: PushSecretInput, response: { 201: PushSecret, ...failures } },
    },
    async (request, reply) => {
      const { id } = request.params
      await needByHand(hub, id)
      const secret = await connections.renewPushSecret(id, request.body.secret)
      log.info('push secret renewed', { connection: id, by: request.principal!.name })
      return reply.code(201).send({ ...(await addressesOf(hub, request, id)), secret })
    },
  )
}

async function addressesOf(hub: Hub, request: FastifyRequest, id: string): Promise<PushAddresses> {
  await needByHand(hub, id)
  const origin = (hub.publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/+$/, '')
  const url = `${origin}/hooks/crm/${id}`
  const tables = (await listTables(hub.pool, id)).filter((table) => table.enabled)
  return {
    url,
    addresses: tables.flatMap(({ entity }) =>
      operations.map((operation) => ({ entity, operation, url: `${url}/${entity}/${operation}` })),
    ),
    hasSecret: (await hub.connections.webhookSecret(id)) !== null,
  }
}

/** At other CRMs the hub registers the push itself, and a secret that a person renews would end it. */
async function needByHand({ connections, connectors }: Hub, id: string): Promise<void> {
  const { crm, name } = await connections.find(id)
  const connector = connectors.find(({ manifest }) => manifest.crm === crm)
  if (connector?.readSettings) return
  throw new HubError('input.invalid', `The hub itself registers the push of changes of “${name}”`)
}
