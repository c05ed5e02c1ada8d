import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#database/pool.ts'
import { enqueueWrite } from '#outbox/enqueue.ts'
import { ledger } from '#outbox/ledger.ts'
import { cancelWrite, retryWrite, settleUnknown } from '#outbox/settle.ts'
import { listWrites } from '#outbox/store.ts'
import { type HubUnderTest, startHub } from './hub-under-test.ts'

const person = (last: string) => ({ firstname: 'Ada', lastname: last })
const writesKept = async ({ pool }: HubUnderTest) =>
  (await pool.query('select count(*)::int as n from jackfield.outbox')).rows[0].n as number

test('the same key is the same write and the same record, whoever asks and however often', async (t) => {
  const hub = await startHub(t, { start: false })
  const write = { operation: 'create', writeKey: 'call 4711', sourceFields: person('Key') } as const
  const all = await Promise.all(Array.from({ length: 20 }, () => hub.keep(write)))
  assert.equal(new Set(all.map(({ id }) => id)).size, 1)
  assert.equal(await writesKept(hub), 1)
  hub.worker.start()
  const done = await hub.until(all[0]!.id, 'done')
  const later = await hub.keep({ ...write, sourceFields: { lastname: 'Key', firstname: 'Ada' } })
  assert.deepEqual({ id: later.id, state: later.state }, { id: done.id, state: 'done' }, 'its outcome is the answer')
  assert.equal(hub.written(done.sourceId).length, 1)
})

test('the same key for another write is a conflict', async (t) => {
  const hub = await startHub(t, { start: false })
  const first = { operation: 'create', writeKey: 'k', sourceFields: person('One') } as const
  await hub.keep(first)
  for (const other of [
    { ...first, sourceFields: person('Two') },
    { ...first, operation: 'upsert' as const },
    { ...first, entity: 'account', sourceFields: { name: 'One' } },
  ]) {
    await assert.rejects(hub.keep(other), { code: 'write.conflict' })
  }
  assert.equal(await writesKept(hub), 1)
})

test('a key that a hub used before it lost its database leads to the same record, not a second one', async (t) => {
  const hub = await startHub(t)
  const write = { operation: 'create', writeKey: 'call 1', sourceFields: person('Once') } as const
  const first = await hub.until((await hub.keep(write)).id, 'done')
  await hub.pool.query('delete from jackfield.outbox')
  const second = await hub.until((await hub.keep(write)).id, 'done')
  assert.equal(second.sourceId, first.sourceId)
  assert.equal(hub.written(first.sourceId).length, 1)
})

test('a write is kept with the caller’s transaction or not at all', async (t) => {
  const hub = await startHub(t)
  const request = { connectionId: hub.connectionId, entity: 'contact', operation: 'create', requestedBy: 'x' } as const
  await assert.rejects(
    inTransaction(hub.pool, async (tx) => {
      await enqueueWrite(tx, { ...request, sourceFields: person('No') })
      throw new Error('the caller gave up')
    }),
    /gave up/,
  )
  assert.equal(await writesKept(hub), 0)
})

test('what cannot be written is refused before it is kept', async (t) => {
  const hub = await startHub(t, { start: false })
  const nobody = '00000000-1111-4222-8333-444444444444'
  const refused: [Parameters<HubUnderTest['keep']>[0], string][] = [
    [{ operation: 'create', connectionId: nobody }, 'connection.not_found'],
    [{ operation: 'create', entity: 'spaceship' }, 'resource.not_found'],
    [{ operation: 'create', sourceFields: { nope: 1 } }, 'field.unknown'],
    [{ operation: 'create', sourceFields: { fullname: 'Ada' } }, 'input.invalid'],
    [{ operation: 'create', sourceFields: { firstname: 'x'.repeat(51) } }, 'input.invalid'],
    [{ operation: 'create', sourceFields: { birthdate: '2023-02-29' } }, 'input.invalid'],
    [{ operation: 'create', sourceFields: person('a'), expectedMark: [1n] }, 'input.invalid'],
    [{ operation: 'update', sourceFields: person('a') }, 'input.invalid'],
    [{ operation: 'update', sourceId: nobody }, 'input.invalid'],
    [{ operation: 'update', sourceId: 'no guid', sourceFields: person('a') }, 'input.invalid'],
    [{ operation: 'delete', sourceId: nobody, sourceFields: person('a') }, 'input.invalid'],
    [{ operation: 'create', sourceFields: person('a'), writeKey: 'x'.repeat(201) }, 'input.invalid'],
  ]
  for (const [write, code] of refused)
    await assert.rejects(hub.keep(write), { code }, JSON.stringify(write.sourceFields))
  assert.equal(await writesKept(hub), 0)
})

test('only a write of which nothing was sent can be cancelled', async (t) => {
  const hub = await startHub(t, { start: false })
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Dropped') })
  const cancelled = await cancelWrite(hub.pool, kept.id, 'Robin')
  assert.equal(cancelled.result?.settled?.[0]?.by, 'Robin')
  hub.worker.start()
  const sent = await hub.until((await hub.keep({ operation: 'create', sourceFields: person('Sent') })).id, 'done')
  await assert.rejects(cancelWrite(hub.pool, sent.id, 'Robin'), { code: 'write.conflict' })
  await assert.rejects(retryWrite(hub.pool, sent.id, 'Robin'), { code: 'write.conflict' })
  await assert.rejects(settleUnknown(hub.pool, cancelled.id, 'repeat', 'Robin'), { code: 'write.conflict' })
  assert.equal(await hub.held(kept.sourceId), null)
})

test('the ledger adds up, and shows first what needs a person', async (t) => {
  const hub = await startHub(t)
  const good = await hub.keep({ operation: 'create', sourceFields: person('Good') })
  await hub.until(good.id, 'done')
  const missing = await hub.keep({
    operation: 'update',
    sourceId: '00000000-1111-4222-8333-444444444444',
    sourceFields: person('Nobody'),
  })
  await hub.until(missing.id, 'failed')
  await hub.worker.stop()
  await hub.keep({ operation: 'create', entity: 'account', sourceFields: { name: 'Waits' } })
  await hub.pool.query(`update jackfield.outbox set created_at = now() - interval '1 hour' where state = 'kept'`)
  const books = await ledger(hub.pool, { connectionId: hub.connectionId })
  assert.deepEqual(books.total, { requested: 3, done: 1, failed: 1, cancelled: 0, open: 1, unknown: 0 })
  assert.equal(books.balanced, false)
  assert.deepEqual(
    books.differences.map(({ why, entity }) => ({ why, entity })),
    [
      { why: 'failed', entity: 'contact' },
      { why: 'waiting', entity: 'account' },
    ],
  )
  assert.equal(books.lines.length, 3)
  const none = await ledger(hub.pool, { from: new Date(Date.now() + 3_600_000) })
  assert.deepEqual({ requested: none.total.requested, balanced: none.balanced }, { requested: 0, balanced: true })
})

test('writes are listed newest first, page by page', async (t) => {
  const hub = await startHub(t, { start: false })
  const kept: string[] = []
  for (let n = 0; n < 5; n += 1) {
    kept.push((await hub.keep({ operation: 'create', sourceFields: person(`P${n}`) })).id)
  }
  const listed: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listWrites(hub.pool, { state: 'kept', limit: 2, ...(cursor ? { cursor } : {}) })
    listed.push(...page.writes.map(({ id }) => id))
    if (page.next === null) break
    cursor = page.next
  }
  assert.deepEqual(listed, kept.toReversed())
  await assert.rejects(listWrites(hub.pool, { limit: 2, cursor: 'x' }), { code: 'input.invalid' })
})
