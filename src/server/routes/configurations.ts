import { z } from 'zod'
import { HubError, isHubError } from '#core/errors.ts'
import { listAgentWorkflows } from '#desktop/agent-workflow.ts'
import {
  changeConfiguration,
  createConfiguration,
  deleteConfiguration,
  findConfiguration,
  listConfigurations,
} from '#desktop/configuration.ts'
import { listParts } from '#desktop/configuration-parts.ts'
import { neededRights } from '#desktop/needed-rights.ts'
import { rightsNeeded } from '#desktop/rights-needed.ts'
import { readScreenPopDomain } from '#desktop/screen-pop-domain.ts'
import { listTables } from '#records/table.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { connectorFor, freshTables, shownFields } from '../configuration-fields.ts'
import {
  Configuration,
  ConfigurationChange,
  ConfigurationFields,
  ConfigurationInput,
  ConfigurationList,
  NeededRights,
} from '../contract/configurations.ts'
import type { Hub } from '../hub.ts'
import { shownConfiguration } from '../shown-configuration.ts'

/** Who configures sees how it is configured, and whoever looks after the hub. */
const readers = ['read:status', 'edit:integrations'] as const

export function configurationRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub
  oneConfiguration(app, hub)
  knownOfCrm(app, hub)

  app.get(
    '/crm-configurations',
    { ...allow(readers), schema: { response: { 200: ConfigurationList, ...failures } } },
    async () => ({ configurations: (await listConfigurations(pool)).map(shownConfiguration) }),
  )

  app.post(
    '/crm-configurations',
    {
      ...allow('create:integrations', 'configuration.create'),
      schema: { body: ConfigurationInput, response: { 201: Configuration, ...failures } },
    },
    async (request, reply) => {
      const { screenPopDomain, ...rest } = request.body
      const connection = await hub.connections.find(rest.connectionId)
      if (connection.state === 'removed') {
        throw new HubError('connection.not_found', `The connection “${connection.name}” was removed`, {
          field: 'connectionId',
        })
      }
      const domain = readScreenPopDomain(screenPopDomain ?? connection.url, hub.desktop.allowHosts)
      const made = await createConfiguration(pool, { ...rest, screenPopDomain: domain }, request.principal!.name)
      noteAct(request, {
        subject: { kind: 'configuration', id: made.id },
        details: { connection: made.connectionId, crm: made.crm },
      })
      log.info('CRM configuration made', { configuration: made.id, by: request.principal!.name })
      return reply.code(201).send(shownConfiguration(made))
    },
  )
}

function oneConfiguration(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.get(
    '/crm-configurations/:id',
    { ...allow(readers), schema: { params: IdPath, response: { 200: Configuration, ...failures } } },
    async (request) => shownConfiguration(await findConfiguration(pool, request.params.id)),
  )

  app.patch(
    '/crm-configurations/:id',
    {
      ...allow('edit:integrations', 'configuration.change'),
      schema: { params: IdPath, body: ConfigurationChange, response: { 200: Configuration, ...failures } },
    },
    async (request) => {
      const { screenPopDomain, version, ...rest } = request.body
      const domain =
        screenPopDomain === undefined
          ? {}
          : { screenPopDomain: readScreenPopDomain(screenPopDomain, hub.desktop.allowHosts) }
      const changed = await changeConfiguration(pool, request.params.id, { ...given(rest), ...domain, version })
      log.info('CRM configuration changed', { configuration: changed.id, by: request.principal!.name })
      return shownConfiguration(changed)
    },
  )

  app.delete(
    '/crm-configurations/:id',
    {
      ...allow('edit:integrations', 'configuration.remove'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await deleteConfiguration(pool, request.params.id)
      log.info('CRM configuration deleted', { configuration: request.params.id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}

function knownOfCrm(app: Api, hub: Hub): void {
  const { pool } = hub

  app.get(
    '/crm-configurations/:id/fields',
    { ...allow(readers), schema: { params: IdPath, response: { 200: ConfigurationFields, ...failures } } },
    async (request) => {
      const { connectionId, crm } = await findConfiguration(pool, request.params.id)
      const tables = await listTables(pool, connectionId)
      return shownFields(tables, connectorFor(hub, crm), hub.desktop.limits)
    },
  )

  app.get(
    '/crm-configurations/:id/rights',
    { ...allow(readers), schema: { params: IdPath, response: { 200: NeededRights, ...failures } } },
    async (request) => {
      const { id, connectionId, crm } = await findConfiguration(pool, request.params.id)
      const configured = { parts: await listParts(pool, id), agentWorkflows: await listAgentWorkflows(pool, id) }
      const needs = rightsNeeded(configured, await listTables(pool, connectionId))
      const tables = await freshTables(
        hub,
        connectionId,
        needs.map(({ entity }) => entity),
      )
      const session = await hub.connections.session(connectionId).catch((error: unknown) => {
        if (isHubError(error)) return null
        throw error
      })
      return { rights: await neededRights(configured, { tables, connector: connectorFor(hub, crm), session }) }
    },
  )
}
