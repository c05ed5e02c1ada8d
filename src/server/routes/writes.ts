import { HubError } from '#core/errors.ts'
import { enqueueWrite } from '#outbox/enqueue.ts'
import { ledger } from '#outbox/ledger.ts'
import { cancelWrite, retryWrite, settleUnknown } from '#outbox/settle.ts'
import { findWrite, listWrites } from '#outbox/store.ts'
import type { OutboxRow } from '#outbox/write.ts'
import { type Finder, findRecord } from '#records/find.ts'
import type { View } from '#records/view.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { Ledger, LedgerQuery } from '../contract/ledger.ts'
import { SettleInput, Write, WriteInput, WriteList, WriteQuery } from '../contract/writes.ts'
import type { Hub } from '../hub.ts'
import { finderFor, masksOf, seenAmong, viewFor } from '../seen.ts'
import * as shown from '../shown.ts'
import { accountFor } from '../write-account.ts'
import { refuseDecision, refuseWrite, shownWrite } from '../write-rights.ts'

export function writeRoutes(app: Api, hub: Hub): void {
  writesForPeople(app, hub)
  const { pool, log } = hub

  app.post(
    '/writes',
    { ...allow('write:records', 'write.keep'), schema: { body: WriteInput, response: { 202: Write, ...failures } } },
    async (request, reply) => {
      const requestedBy = request.principal!.name
      const { record: _record, connection: _connection, expectedMark, as, ...asked } = request.body
      const finder = await finderFor(hub, request.principal)
      const target = await targetOf(hub, request.body, finder)
      await refuseWrite(hub, request.principal!, { ...target, operation: asked.operation, fields: asked.fields })
      const kept = await enqueueWrite(pool, {
        ...given(asked),
        ...target,
        ...(await accountFor(hub, request.principal!, { connectionId: target.connectionId, as })),
        ...(expectedMark === undefined ? {} : { expectedMark: expectedMark.split('.').map(BigInt) }),
        requestedBy,
      })
      const { id, operation, entity } = kept
      noteAct(request, { subject: { kind: 'record', id: kept.recordId }, details: { write: id, operation, entity } })
      hub.wakeWorkers()
      log.info('write kept', { write: kept.id, entity: kept.entity, operation: kept.operation, by: requestedBy })
      return reply.code(202).send(await asSeen(hub, kept, finder.view))
    },
  )

  app.get(
    '/writes',
    { ...allow('read:records'), schema: { querystring: WriteQuery, response: { 200: WriteList, ...failures } } },
    async (request) => {
      const { connection: connectionId, record: recordId, limit, ...rest } = request.query
      const { writes, next } = await listWrites(pool, { ...given({ connectionId, recordId, ...rest }), limit })
      const view = await viewFor(hub, request.principal)
      const seen = await seenAmong(pool, await hub.finder.tables.all(), writes, view)
      return {
        writes: seen
          .filter(({ visible }) => visible)
          .map((write) => ({ ...shownWrite(write, view), name: write.name })),
        next,
      }
    },
  )

  app.get(
    '/writes/:id',
    { ...allow('read:records'), schema: { params: IdPath, response: { 200: Write, ...failures } } },
    async (request) => {
      const row = await findWrite(pool, request.params.id)
      const view = await viewFor(hub, request.principal)
      const [seen] = await seenAmong(pool, await hub.finder.tables.all(), [row], view)
      if (seen?.visible) return shownWrite(seen, view)
      throw new HubError('resource.not_found', `There is no write ${row.id}`)
    },
  )
}

/** Whoever writes sees what they wrote, as far as they see the fields. */
async function asSeen(hub: Hub, one: OutboxRow, view: View): Promise<Write> {
  const tables = await hub.finder.tables.all()
  const table = tables.find(({ connectionId, entity }) => connectionId === one.connectionId && entity === one.entity)
  return shownWrite({ one, table }, view)
}

function writesForPeople(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.post(
    '/writes/:id/settle',
    {
      ...allow('write:records', 'write.settle'),
      schema: { params: IdPath, body: SettleInput, response: { 200: Write, ...failures } },
    },
    async (request) => {
      const by = request.principal!.name
      noteAct(request, { details: { decision: request.body.decision } })
      await refuseDecision(hub, request.principal!, await findWrite(pool, request.params.id))
      const settled = await settleUnknown(pool, request.params.id, request.body.decision, by)
      hub.wakeWorkers()
      log.info('write settled', { write: settled.id, decision: request.body.decision, by })
      return asSeen(hub, settled, await viewFor(hub, request.principal))
    },
  )

  app.post(
    '/writes/:id/retry',
    { ...allow('write:records', 'write.retry'), schema: { params: IdPath, response: { 200: Write, ...failures } } },
    async (request) => {
      await refuseDecision(hub, request.principal!, await findWrite(pool, request.params.id))
      const again = await retryWrite(pool, request.params.id, request.principal!.name)
      hub.wakeWorkers()
      return asSeen(hub, again, await viewFor(hub, request.principal))
    },
  )

  app.post(
    '/writes/:id/cancel',
    { ...allow('write:records', 'write.cancel'), schema: { params: IdPath, response: { 200: Write, ...failures } } },
    async (request) => {
      await refuseDecision(hub, request.principal!, await findWrite(pool, request.params.id))
      const cancelled = await cancelWrite(pool, request.params.id, request.principal!.name)
      return asSeen(hub, cancelled, await viewFor(hub, request.principal))
    },
  )

  app.get(
    '/ledger',
    { ...allow('read:status'), schema: { querystring: LedgerQuery, response: { 200: Ledger, ...failures } } },
    async (request) => {
      const { connection: connectionId, from, to } = request.query
      const books = await ledger(pool, given({ connectionId, from: dateOf(from), to: dateOf(to) }))
      const view = await viewFor(hub, request.principal)
      const seen = await seenAmong(pool, await hub.finder.tables.all(), books.differences, view)
      const differences = seen.map(({ one, table, visible }) => ({
        ...one,
        message: visible && !masksOf(view, table) ? one.message : null,
        createdAt: shown.time(one.createdAt),
      }))
      const removedUntil = books.removedUntil && shown.time(books.removedUntil)
      return { ...books, asOf: shown.time(books.asOf), removedUntil, differences }
    },
  )
}

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text))

interface Target {
  connectionId: string
  entity: string
  sourceId?: string
}

/** A write says which record by the hub's id, or by connection and entity with the CRM's id. */
async function targetOf(hub: Hub, body: WriteInput, finder: Finder): Promise<Target> {
  if (body.record !== undefined) {
    const { connectionId, entity, source } = await findRecord(hub.pool, finder, body.record)
    return { connectionId, entity, sourceId: source.id }
  }
  const { connection, entity, sourceId } = body
  if (connection === undefined || entity === undefined) {
    const field = connection === undefined ? 'connection' : 'entity'
    throw new HubError('input.invalid', 'A write names its record by `record`, or by `connection` and `entity`', {
      field,
    })
  }
  if (sourceId === undefined) return { connectionId: connection, entity }
  const { crm } = await hub.connections.find(connection)
  const connector = hub.connectors.find(({ manifest }) => manifest.crm === crm)
  return { connectionId: connection, entity, sourceId: connector?.canonicalId?.(sourceId) ?? sourceId }
}
