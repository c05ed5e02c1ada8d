import { z } from 'zod'
import { HubError } from '#core/errors.ts'
import { dismissParked, findParked, seenParked } from '#records/park.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { attentionCounts, listAttention } from '../attention.ts'
import { AttentionList, AttentionQuery, Parked, ReplayAllInput, Replayed } from '../contract/attention.ts'
import type { Hub } from '../hub.ts'
import { viewFor } from '../seen.ts'
import { time } from '../shown.ts'

/** A page shows enough to see what is wrong; the whole stays in the hub. */
const longestBody = 20_000

export function attentionRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.get(
    '/attention',
    { ...allow('read:status'), schema: { querystring: AttentionQuery, response: { 200: AttentionList, ...failures } } },
    async (request) => {
      const { connection: connectionId, limit, ...query } = request.query
      const [tables, view] = await Promise.all([hub.finder.tables.all(), viewFor(hub, request.principal)])
      const [counts, list] = await Promise.all([
        attentionCounts(pool),
        listAttention(pool, tables, { ...given({ connectionId, ...query }), limit, view }),
      ])
      return { counts, ...list }
    },
  )

  app.get(
    '/parked/:id',
    { ...allow('read:records'), schema: { params: IdPath, response: { 200: Parked, ...failures } } },
    async (request) => {
      const row = await findParked(pool, request.params.id)
      const table = row && (await hub.finder.tables.get(row.tableId))
      const seen = row && table ? seenParked(row, table, await viewFor(hub, request.principal)) : null
      if (!seen || !table) throw noSuchRow()
      const { id, sourceId, code, field, message, body, times } = seen
      return {
        ...{ id, sourceId, code, field, message, times },
        connectionId: table.connectionId,
        entity: table.entity,
        body: body?.slice(0, longestBody) ?? null,
        firstSeenAt: time(seen.firstSeenAt),
        lastSeenAt: time(seen.lastSeenAt),
      }
    },
  )

  app.delete(
    '/parked/:id',
    { ...allow('manage:sync', 'parked.drop'), schema: { params: IdPath, response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      if (!(await dismissParked(pool, request.params.id))) throw noSuchRow()
      log.info('parked record dropped', { parked: request.params.id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/parked/:id/replay',
    { ...allow('manage:sync', 'parked.replay'), schema: { params: IdPath, response: { 200: Replayed, ...failures } } },
    async (request) => {
      const row = await findParked(pool, request.params.id)
      if (!row) throw noSuchRow()
      log.info('parked record replayed', { parked: row.id, by: request.principal!.name })
      return hub.replayParked({ id: row.id })
    },
  )

  replayAll(app, hub)
}

function replayAll(app: Api, hub: Hub): void {
  app.post(
    '/parked/replay-all',
    {
      ...allow('manage:sync', 'parked.replay'),
      schema: { body: ReplayAllInput, response: { 200: Replayed, ...failures } },
    },
    async (request) => {
      const { connection } = request.body
      noteAct(request, { details: { connection: connection ?? null } })
      hub.log.info('parked records replayed', { connection, by: request.principal!.name })
      return hub.replayParked(given({ connectionId: connection }))
    },
  )
}

function noSuchRow(): HubError {
  return new HubError('resource.not_found', 'There is no such parked record; it may have been read well meanwhile')
}
