import { HubError } from '#core/errors.ts'
import { enqueueWrite } from '#outbox/enqueue.ts'
import { ledger } from '#outbox/ledger.ts'
import { cancelWrite, retryWrite, settleUnknown } from '#outbox/settle.ts'
import { findWrite, listWrites } from '#outbox/store.ts'
import { findRecord } from '#records/find.ts'
import { recordNames } from '#records/names.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { Ledger, LedgerQuery } from '../contract/ledger.ts'
import { SettleInput, Write, WriteInput, WriteList, WriteQuery } from '../contract/writes.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'

export function writeRoutes(app: Api, hub: Hub): void {
  writesForPeople(app, hub)
  const { pool, log } = hub

  app.post(
    '/writes',
    { ...allow('write:records', 'write.keep'), schema: { body: WriteInput, response: { 202: Write, ...failures } } },
    async (request, reply) => {
      const requestedBy = request.principal!.name
      const { record: _record, connection: _connection, expectedMark, ...asked } = request.body
      const kept = await enqueueWrite(pool, {
        ...given(asked),
        ...(await targetOf(hub, request.body)),
        ...(expectedMark === undefined ? {} : { expectedMark: expectedMark.split('.').map(BigInt) }),
        requestedBy,
      })
      const { id, operation, entity } = kept
      noteAct(request, { subject: { kind: 'record', id: kept.recordId }, details: { write: id, operation, entity } })
      hub.wakeWorkers()
      log.info('write kept', { write: kept.id, entity: kept.entity, operation: kept.operation, by: requestedBy })
      return reply.code(202).send(shown.write(kept))
    },
  )

  app.get(
    '/writes',
    { ...allow('read:records'), schema: { querystring: WriteQuery, response: { 200: WriteList, ...failures } } },
    async (request) => {
      const { connection: connectionId, record: recordId, limit, ...rest } = request.query
      const { writes, next } = await listWrites(pool, { ...given({ connectionId, recordId, ...rest }), limit })
      const tables = (await hub.finder.tables.all()).map((table) => table.id)
      const ids = writes.map((write) => write.recordId)
      const names = await recordNames(pool, tables, ids)
      return {
        writes: writes.map((write) => ({ ...shown.write(write), name: names.get(write.recordId) ?? null })),
        next,
      }
    },
  )

  app.get(
    '/writes/:id',
    { ...allow('read:records'), schema: { params: IdPath, response: { 200: Write, ...failures } } },
    async (request) => shown.write(await findWrite(pool, request.params.id)),
  )
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
      const settled = await settleUnknown(pool, request.params.id, request.body.decision, by)
      hub.wakeWorkers()
      log.info('write settled', { write: settled.id, decision: request.body.decision, by })
      return shown.write(settled)
    },
  )

  app.post(
    '/writes/:id/retry',
    { ...allow('write:records', 'write.retry'), schema: { params: IdPath, response: { 200: Write, ...failures } } },
    async (request) => {
      const again = await retryWrite(pool, request.params.id, request.principal!.name)
      hub.wakeWorkers()
      return shown.write(again)
    },
  )

  app.post(
    '/writes/:id/cancel',
    { ...allow('write:records', 'write.cancel'), schema: { params: IdPath, response: { 200: Write, ...failures } } },
    async (request) => shown.write(await cancelWrite(pool, request.params.id, request.principal!.name)),
  )

  app.get(
    '/ledger',
    { ...allow('read:status'), schema: { querystring: LedgerQuery, response: { 200: Ledger, ...failures } } },
    async (request) => {
      const { connection: connectionId, from, to } = request.query
      const books = await ledger(pool, given({ connectionId, from: dateOf(from), to: dateOf(to) }))
      const differences = books.differences.map((one) => ({ ...one, createdAt: shown.time(one.createdAt) }))
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
async function targetOf(hub: Hub, body: WriteInput): Promise<Target> {
  if (body.record !== undefined) {
    const { connectionId, entity, source } = await findRecord(hub.pool, hub.finder, body.record)
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
