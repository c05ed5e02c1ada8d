import { z } from 'zod'
import { HubError } from '#core/errors.ts'
import type { CheckedAgainst } from '#desktop/check-against.ts'
import { normalMapping } from '#desktop/check-mapping.ts'
import { checkPart, refuseErrors } from '#desktop/check-part.ts'
import { type Configuration, findConfiguration } from '#desktop/configuration.ts'
import {
  changePart,
  createPart,
  deletePart,
  findPart,
  type PartInput as Given,
  listParts,
  type Part as Stored,
} from '#desktop/configuration-parts.ts'
import type { PartDefinition, PartKind } from '#desktop/definitions.ts'
import { entitiesOf } from '#desktop/part-entities.ts'
import { standardFields } from '#desktop/standard-fields.ts'
import { twinOf } from '#desktop/twin.ts'
import type { Permission } from '#model/permission.ts'
import type { Principal } from '#people/principal.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { connectorFor, freshTables } from '../configuration-fields.ts'
import { Part, PartChange, PartCheck, PartInput, PartList } from '../contract/configurations.ts'
import { Id } from '../contract/shapes.ts'
import type { Hub } from '../hub.ts'
import { denied } from '../plugins/sign-in.ts'
import { shownPart } from '../shown-configuration.ts'

const PartPath = z.object({ id: Id, part: Id })
const readers = ['read:status', 'edit:integrations'] as const

export function configurationPartRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub
  onePart(app, hub)
  twinRoute(app, hub)

  app.get(
    '/crm-configurations/:id/parts',
    { ...allow(readers), schema: { params: IdPath, response: { 200: PartList, ...failures } } },
    async (request) => {
      const configuration = await findConfiguration(pool, request.params.id)
      const parts = await listParts(pool, configuration.id)
      const against = await checkedAgainst(hub, configuration)
      return { parts: parts.map((part) => shownPart(part, checkPart(part, against))) }
    },
  )

  app.post(
    '/crm-configurations/:id/parts',
    {
      ...allow('edit:integrations', 'configuration_part.create'),
      schema: { params: IdPath, body: PartInput, response: { 201: Part, ...failures } },
    },
    async (request, reply) => {
      needPermission(request.principal!, request.body.kind)
      const configuration = await findConfiguration(pool, request.params.id)
      const { part, notices } = await checked(hub, configuration, request.body)
      refuseErrors(notices)
      const made = await createPart(pool, configuration.id, part, request.principal!.name)
      noteAct(request, { details: { part: made.id, kind: made.kind } })
      log.info('part of a CRM configuration made', { part: made.id, by: request.principal!.name })
      return reply.code(201).send(shownPart(made, notices))
    },
  )

  app.post(
    '/crm-configurations/:id/parts/check',
    {
      ...allow('edit:integrations', 'no act'),
      schema: { params: IdPath, body: PartInput, response: { 200: PartCheck, ...failures } },
    },
    async (request) => {
      const configuration = await findConfiguration(pool, request.params.id)
      const { notices } = await checked(hub, configuration, request.body)
      return { notices }
    },
  )
}

function onePart(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.get(
    '/crm-configurations/:id/parts/:part',
    { ...allow(readers), schema: { params: PartPath, response: { 200: Part, ...failures } } },
    async (request) => {
      const configuration = await findConfiguration(pool, request.params.id)
      const part = await findPart(pool, configuration.id, request.params.part)
      return shownPart(part, checkPart(part, await checkedAgainst(hub, configuration)))
    },
  )

  app.put(
    '/crm-configurations/:id/parts/:part',
    {
      ...allow('edit:integrations', 'configuration_part.change'),
      schema: { params: PartPath, body: PartChange, response: { 200: Part, ...failures } },
    },
    async (request) => {
      const { params, body, principal } = request
      const configuration = await findConfiguration(pool, params.id)
      const before = await findPart(pool, configuration.id, params.part)
      for (const { kind } of [before, body.part]) needPermission(principal!, kind)
      const { part, notices } = await checked(hub, configuration, body.part)
      // What the CRM no longer takes can be switched off before it is mended.
      if (part.active) refuseErrors(notices)
      const at = { configurationId: configuration.id, id: before.id, version: body.version }
      const changed = await changePart(pool, at, part)
      noteAct(request, { details: { kind: changed.kind } })
      log.info('part of a CRM configuration changed', { part: changed.id, by: principal!.name })
      return shownPart(changed, notices)
    },
  )

  app.delete(
    '/crm-configurations/:id/parts/:part',
    {
      ...allow('edit:integrations', 'configuration_part.remove'),
      schema: { params: PartPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { id, part } = request.params
      const { kind } = await findPart(pool, id, part)
      needPermission(request.principal!, kind)
      await deletePart(pool, id, part)
      noteAct(request, { details: { kind } })
      log.info('part of a CRM configuration deleted', { part, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}

function twinRoute(app: Api, hub: Hub): void {
  const { pool } = hub

  app.post(
    '/crm-configurations/:id/parts/:part/twin',
    {
      ...allow('edit:integrations', 'configuration_part.create'),
      schema: { params: PartPath, response: { 201: Part, ...failures } },
    },
    async (request, reply) => {
      const configuration = await findConfiguration(pool, request.params.id)
      const original = await findPart(pool, configuration.id, request.params.part)
      needPermission(request.principal!, original.kind)
      const { twin, leftOut } = twinPart(original)
      const { part, notices } = await checked(hub, configuration, twin)
      refuseErrors(notices)
      const made = await createPart(pool, configuration.id, part, request.principal!.name)
      noteAct(request, { details: { part: made.id, kind: made.kind, twinOf: original.id } })
      return reply.code(201).send(shownPart(made, [...notices, ...leftOut]))
    },
  )
}

/** Inactive until somebody looked at it. */
function twinPart(original: Stored) {
  const twin = original.kind === 'memorialization' ? twinOf(original.definition) : null
  if (!twin || original.kind !== 'memorialization') {
    throw new HubError('input.invalid', `“${original.name}” has no counterpart for another channel`, { field: 'part' })
  }
  const { channel, definition, leftOut } = twin
  const name = `${original.name.slice(0, 180)} (${channel})`
  return { twin: { kind: original.kind, definition, name, description: original.description, active: false }, leftOut }
}

const needed: Partial<Record<PartKind, Permission>> = {
  memorialization: 'create:data-memorialization',
  dynamic_data: 'create:dynamic-data',
}

/** Besides `edit:integrations`, which the routes ask for. */
function needPermission(principal: Principal, kind: PartKind): void {
  const permission = needed[kind]
  if (permission && !principal.permissions.has(permission)) throw denied(principal, [permission])
}

/** Against what the CRM says of its tables now. */
async function checked(hub: Hub, configuration: Configuration, given: Given) {
  const part: Given =
    given.kind === 'memorialization' ? { ...given, definition: normalMapping(given.definition) } : given
  const tables = await freshTables(hub, configuration.connectionId, entitiesOf(part))
  return { part, notices: checkPart(part, await checkedAgainst(hub, configuration, tables)) }
}

async function checkedAgainst(
  hub: Hub,
  { id, connectionId, crm }: Configuration,
  tables?: readonly SyncedTable[],
): Promise<CheckedAgainst> {
  const connector = connectorFor(hub, crm)
  return {
    tables: tables ?? (await listTables(hub.pool, connectionId)),
    standardFields: (table) => standardFields(connector, table),
    limits: hub.desktop.limits,
    parts: (await listParts(hub.pool, id)) as (PartDefinition & { id: string })[],
  }
}
