import { recordHistory, seenChanges } from '#records/feed.ts'
import { findRecord, type HubRecord, listRecords } from '#records/find.ts'
import { findRelated } from '#records/related.ts'
import type { SyncedTable } from '#records/table.ts'
import { allow } from '../access.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { changeableFields } from '../changeable.ts'
import { ChangeQuery, RecordHistory } from '../contract/changes.ts'
import {
  ChangeableFields,
  type ContactPoint,
  RecordDetail,
  RecordList,
  RecordQuery,
  RelationList,
} from '../contract/records.ts'
import type { Hub } from '../hub.ts'
import { finderFor } from '../seen.ts'
import * as shown from '../shown.ts'
import { changeableAmong } from '../write-rights.ts'

const mostRelations = 200

export function recordRoutes(app: Api, hub: Hub): void {
  changeableRoute(app, hub)

  app.get(
    '/records',
    { ...allow('read:records'), schema: { querystring: RecordQuery, response: { 200: RecordList, ...failures } } },
    async (request, reply) => {
      const { connection: connectionId, ...query } = request.query
      const finder = await finderFor(hub, request.principal)
      const page = await listRecords(hub.pool, finder, given({ ...query, connectionId }) as never)
      // Already what the contract says, and many: written as it is, with the digits that only its own text has.
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(page) as never)
    },
  )

  app.get(
    '/records/:id',
    { ...allow('read:records'), schema: { params: IdPath, response: { 200: RecordDetail, ...failures } } },
    async (request, reply) => {
      const record = await findRecord(hub.pool, await finderFor(hub, request.principal), request.params.id)
      const table = await tableOf(hub, record)
      const body = JSON.stringify({ ...record, contactPoints: table ? contactPoints(record, table) : [] })
      return reply.type('application/json; charset=utf-8').send(body as never)
    },
  )

  app.get(
    '/records/:id/changes',
    {
      ...allow('read:records'),
      schema: { params: IdPath, querystring: ChangeQuery, response: { 200: RecordHistory, ...failures } },
    },
    async (request) => {
      const { id } = request.params
      const finder = await finderFor(hub, request.principal)
      const { name } = await findRecord(hub.pool, finder, id)
      const fed = await recordHistory(hub.pool, hub.finder.tables, id, request.query.limit)
      const changes = await seenChanges(hub.pool, hub.finder.tables, fed, finder.view)
      return { changes: changes.map((change) => shown.change(change, name)), next: null }
    },
  )

  app.get(
    '/records/:id/relations',
    { ...allow('read:records'), schema: { params: IdPath, response: { 200: RelationList, ...failures } } },
    async (request) => {
      const related = await findRelated(hub.pool, await finderFor(hub, request.principal), request.params.id)
      const relations = related.map(({ role, direction, record, targetSourceId }) => ({
        role,
        direction: direction === 'to' ? ('out' as const) : ('in' as const),
        sourceId: targetSourceId,
        record,
      }))
      return { relations, more: related.filter(({ direction }) => direction === 'from').length >= mostRelations }
    },
  )
}

async function tableOf(hub: Hub, { connectionId, entity }: HubRecord): Promise<SyncedTable | undefined> {
  const tables = await hub.finder.tables.all()
  return tables.find((table) => table.connectionId === connectionId && table.entity === entity)
}

function changeableRoute(app: Api, hub: Hub): void {
  app.get(
    '/records/:id/changeable',
    { ...allow('write:records'), schema: { params: IdPath, response: { 200: ChangeableFields, ...failures } } },
    async (request) => {
      const record = await findRecord(hub.pool, await finderFor(hub, request.principal), request.params.id)
      const table = await tableOf(hub, record)
      if (!table || record.deletedAt || !takesWrites(hub, table.crm)) return { fields: [] }
      const fields = changeableFields(table)
      const asked = { table, sourceId: record.source.id }
      const may = await changeableAmong(
        hub,
        request.principal!,
        asked,
        fields.map(({ field }) => field),
      )
      return { fields: fields.filter(({ field }) => may.includes(field)) }
    },
  )
}

const takesWrites = ({ connectors }: Hub, crm: string) =>
  connectors.find(({ manifest }) => manifest.crm === crm)?.manifest.abilities.write === true

/** The record's numbers and addresses as the CRM wrote them, beside how the hub reads them. */
function contactPoints(record: HubRecord, { mapping }: SyncedTable): ContactPoint[] {
  const text = (field: string) => {
    const value = record.sourceFields[field]
    return typeof value === 'string' && value.trim() !== '' ? value : null
  }
  const phones = mapping.phones.filter(text).map((field): ContactPoint => {
    const read = record.phones.find((phone) => phone.field === field)
    return { kind: 'phone', field, text: text(field), value: read?.e164 ?? null }
  })
  const emails = mapping.emails.filter(text).map((field): ContactPoint => {
    return { kind: 'email', field, text: text(field), value: text(field)?.trim().toLowerCase() ?? null }
  })
  return [...phones, ...emails]
}
