import { z } from 'zod'
import { settingsVersion } from '#connections/table-settings.ts'
import { HubError } from '#core/errors.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { EntityName, Id } from '../contract/shapes.ts'
import { CrmTableList, TableChange, TableDetail, TableInput, TableList } from '../contract/tables.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'

export const TablePath = z.object({ id: Id, entity: EntityName })

export function tableRoutes(app: Api, hub: Hub): void {
  const { connections, pool, log } = hub

  const detail = async (stored: SyncedTable) => ({
    ...shown.table(stored, (await hub.counts.recent()).get(stored.id)),
    fields: stored.source.fields,
    version: settingsVersion(stored),
    defaults: defaultsOf(stored),
  })
  const defaultsOf = (stored: SyncedTable) => {
    const { columns, mapping } = connections.defaultsOf(stored)
    return { columns, mapping }
  }

  app.get(
    '/connections/:id/tables',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: TableList, ...failures } } },
    async (request) => {
      const { id } = await connections.find(request.params.id)
      const [stored, counts] = await Promise.all([listTables(pool, id), hub.counts.recent()])
      return { tables: stored.map((table) => shown.table(table, counts.get(table.id))) }
    },
  )

  app.post(
    '/connections/:id/tables',
    {
      ...allow('edit:integrations', 'table.add'),
      schema: { params: IdPath, body: TableInput, response: { 201: TableDetail, ...failures } },
    },
    async (request, reply) => {
      noteAct(request, { details: { table: request.body.table } })
      const added = await connections.addTable(request.params.id, request.body.table)
      hub.finder.tables.forget()
      log.info('table added', { connection: added.connectionId, entity: added.entity, by: request.principal!.name })
      return reply.code(201).send(await detail(added))
    },
  )

  app.get(
    '/connections/:id/tables/:entity',
    { ...allow('read:status'), schema: { params: TablePath, response: { 200: TableDetail, ...failures } } },
    async (request) => detail(await findTable(hub, request.params.id, request.params.entity)),
  )

  app.patch(
    '/connections/:id/tables/:entity',
    {
      ...allow('edit:integrations', 'table.change'),
      schema: { params: TablePath, body: TableChange, response: { 200: TableDetail, ...failures } },
    },
    async (request) => {
      const { id, entity } = request.params
      const changed = await connections.setTable(id, entity, given(request.body))
      hub.finder.tables.forget()
      log.info('table changed', { connection: id, entity, by: request.principal!.name })
      // What this change made: the version of somebody's later one is for whoever has seen it.
      return detail(changed)
    },
  )

  app.get(
    '/connections/:id/crm-tables',
    { ...allow('edit:integrations'), schema: { params: IdPath, response: { 200: CrmTableList, ...failures } } },
    async (request) => {
      const { id } = await connections.find(request.params.id)
      const [there, copied] = await Promise.all([connections.crmTables(id), listTables(pool, id)])
      const entities = new Map(copied.map((table) => [table.source.name, table.entity]))
      return { tables: there.map((table) => ({ ...table, entity: entities.get(table.name) ?? null })) }
    },
  )
}

export async function findTable(hub: Pick<Hub, 'pool'>, connectionId: string, entity: string): Promise<SyncedTable> {
  const table = (await listTables(hub.pool, connectionId)).find((candidate) => candidate.entity === entity)
  if (table) return table
  throw new HubError('resource.not_found', `The connection copies no table '${entity}'`, { field: 'entity' })
}
