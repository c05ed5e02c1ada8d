import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CrmSession } from '#connectors/call.ts'
import { silentLog } from '#core/log.ts'
import { retryWrite, settleUnknown } from '#outbox/settle.ts'
import type { OutboxRow } from '#outbox/write.ts'
import { type HubUnderTest, quick, startHub, workerOn } from './hub-under-test.ts'

const person = (last: string) => ({ firstname: 'Ada', lastname: last })

async function someContact(hub: HubUnderTest): Promise<string> {
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Before') })
  await hub.until(kept.id, 'done')
  return kept.sourceId
}

type Operation = 'create' | 'update' | 'delete'

/** Keeps a write of the kind, and answers how often its record was written by it when it is done. */
async function carryOut(hub: HubUnderTest, operation: Operation, fault: Record<string, unknown>) {
  const id = operation === 'create' ? undefined : await someContact(hub)
  const before = id ? hub.written(id).length : 0
  await hub.fault({ on: 'write', ...fault })
  const kept = await hub.keep({
    operation,
    ...(id ? { sourceId: id } : {}),
    ...(operation === 'delete' ? {} : { sourceFields: person('After') }),
  })
  const done = await hub.until(kept.id, 'done')
  const held = await hub.held(kept.sourceId)
  assert.equal(held?.lastname, operation === 'delete' ? undefined : 'After')
  const count = () => hub.written(kept.sourceId).length - before
  return { done, times: count(), count }
}

const operations: Operation[] = ['create', 'update', 'delete']

for (const operation of operations) {
  test(`${operation}: an answer lost after the commit is found by reading, and nothing is repeated`, async (t) => {
    const hub = await startHub(t)
    const { done, times } = await carryOut(hub, operation, { kind: 'drop-after' })
    assert.equal(times, 1)
    assert.equal(done.attempts, 1)
    assert.equal(done.result?.proof, 'reading')
  })

  test(`${operation}: a request lost before the commit is repeated once`, async (t) => {
    const hub = await startHub(t)
    const { done, times } = await carryOut(hub, operation, { kind: 'drop-before' })
    assert.equal(times, 1)
    assert.equal(done.attempts, 2)
  })

  test(`${operation}: a request that commits after its connection was cut meets its repeat, and one of them wins`, async (t) => {
    const hub = await startHub(t)
    const { count } = await carryOut(hub, operation, { kind: 'late-commit', ms: 700 })
    const { log } = hub.crm.simulator
    const end = performance.now() + 30_000
    while (!log.writes.some(({ cut }) => cut) && performance.now() < end) await sleep(20)
    assert.equal(count(), 1, 'the late one has come by now')
  })

  for (const status of [500, 503]) {
    test(`${operation}: a ${status} says nothing of what was done, so the record is read first`, async (t) => {
      const hub = await startHub(t)
      const { times } = await carryOut(hub, operation, { kind: '5xx', status, times: 2 })
      assert.equal(times, 1)
    })
  }

  test(`${operation}: a web page with status 200 is no acknowledgement`, async (t) => {
    const hub = await startHub(t)
    const { times } = await carryOut(hub, operation, { kind: 'html', status: 200 })
    assert.equal(times, 1)
  })

  test(`${operation}: an acknowledgement that was cut off in the middle is settled by reading`, async (t) => {
    const hub = await startHub(t)
    const { times } = await carryOut(hub, operation, { kind: operation === 'delete' ? 'drop-after' : 'cut-body' })
    assert.equal(times, 1)
  })
}

for (const status of [302, 408]) {
  test(`a ${status} of something before the CRM is no refusal: the write that it hid is found`, async (t) => {
    const hub = await startHub(t, { start: false })
    let hid = false
    const session: CrmSession = {
      ...{ url: hub.session.url, settings: {} },
      async call(path, options) {
        const reply = await hub.session.call(path, options)
        if (options.method !== 'PATCH' || hid) return reply
        hid = true
        return { status, headers: {}, body: Buffer.alloc(0), text: '' }
      },
    }
    const worker = workerOn({ pool: hub.pool, session, timing: quick, log: silentLog })
    t.after(() => worker.stop())
    worker.start()
    const kept = await hub.keep({ operation: 'create', sourceFields: person('Hidden') })
    const ended = await hub.until(kept.id, 'done', 'failed')
    assert.deepEqual([ended.state, ended.result?.proof], ['done', 'reading'])
    assert.equal(hub.written(kept.sourceId).length, 1)
  })
}

/**
 * Keeps a write whose answer is lost, and holds the hub's readings back while others act: they come between the lost
 * answer and the first look.
 */
async function loseAndAct(
  hub: HubUnderTest,
  lose: 'drop-before' | 'drop-after',
  write: Parameters<HubUnderTest['keep']>[0],
  act: (kept: OutboxRow) => Promise<unknown>,
): Promise<OutboxRow> {
  // An update and a delete read once before they are sent.
  const after = write.operation === 'create' ? 0 : 1
  await hub.fault({ kind: lose, on: 'write' }, { kind: '503', on: 'byIds', after, times: 0 })
  const kept = await hub.keep(write)
  for (;;) {
    const { rows } = await hub.pool.query('select answer_lost from jackfield.outbox where id = $1', [kept.id])
    if (rows[0]?.answer_lost) break
    await sleep(20)
  }
  await act(kept)
  await hub.clearFaults()
  return kept
}

const change = (hub: HubUnderTest, id: string, fields: Record<string, unknown>) =>
  hub.others({ entity: 'contact', operation: 'change', id, fields })

/** An update whose answer is lost before the commit, and which someone else overtakes. */
async function overtaken(hub: HubUnderTest) {
  const id = await someContact(hub)
  const update = { operation: 'update', sourceId: id, sourceFields: person('Ours') } as const
  const kept = await loseAndAct(hub, 'drop-before', update, () => change(hub, id, { lastname: 'Theirs' }))
  return { id, unknown: await hub.until(kept.id, 'unknown') }
}

test('an update that someone overtook after its answer was lost is parked, and theirs stays', async (t) => {
  const hub = await startHub(t)
  const { id, unknown } = await overtaken(hub)
  assert.equal((await hub.held(id))?.lastname, 'Theirs')
  assert.equal(unknown.problem?.code, 'write.unknown_outcome')
  assert.deepEqual(unknown.result?.differences, [{ field: 'lastname', asked: 'Ours', found: 'Theirs' }])
  // Nothing is repeated by itself, and the record's other writes go on.
  const next = await hub.keep({ operation: 'update', sourceId: id, sourceFields: { jobtitle: 'Clerk' } })
  await hub.until(next.id, 'done')
  assert.equal((await hub.until(unknown.id, 'unknown')).attempts, 1)
})

test('a person may have an unknown write made again, over what is there', async (t) => {
  const hub = await startHub(t)
  const { id, unknown } = await overtaken(hub)
  await settleUnknown(hub.pool, unknown.id, 'repeat', 'Robin')
  const done = await hub.until(unknown.id, 'done')
  assert.equal((await hub.held(id))?.lastname, 'Ours')
  assert.deepEqual(
    done.result?.settled?.map(({ decision, by }) => ({ decision, by })),
    [{ decision: 'repeat', by: 'Robin' }],
  )
  await assert.rejects(settleUnknown(hub.pool, unknown.id, 'written', 'Robin'), { code: 'write.conflict' })
})

test('a person may say that an unknown write was made, or give it up and later retry it', async (t) => {
  const hub = await startHub(t)
  const first = await overtaken(hub)
  const written = await settleUnknown(hub.pool, first.unknown.id, 'written', 'Robin')
  assert.equal(written.state, 'done')
  assert.equal(written.result?.proof, 'person')
  const second = await overtaken(hub)
  assert.equal((await settleUnknown(hub.pool, second.unknown.id, 'not_written', 'Robin')).state, 'failed')
  assert.equal((await hub.held(second.id))?.lastname, 'Theirs')
  await retryWrite(hub.pool, second.unknown.id, 'Robin')
  await hub.until(second.unknown.id, 'done')
  assert.equal((await hub.held(second.id))?.lastname, 'Ours')
})

test('an update that was carried out and then changed by someone is parked rather than repeated over them', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  const update = { operation: 'update', sourceId: id, sourceFields: person('Ours') } as const
  const kept = await loseAndAct(hub, 'drop-after', update, () => change(hub, id, { lastname: 'Theirs' }))
  await hub.until(kept.id, 'unknown')
  assert.equal((await hub.held(id))?.lastname, 'Theirs')
})

test('an edit by someone of another field after our lost update does not hide that it was made', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  const update = { operation: 'update', sourceId: id, sourceFields: person('Ours') } as const
  const kept = await loseAndAct(hub, 'drop-after', update, () => change(hub, id, { jobtitle: 'Theirs' }))
  await hub.until(kept.id, 'done')
  assert.equal(hub.written(id).length, 2, 'the create and one update')
  const { rows } = await hub.pool.query(
    `select cause from jackfield.change where record_id = $1 and changed ? 'jobtitle' and operation = 'changed'`,
    [kept.recordId],
  )
  assert.deepEqual(rows, [{ cause: 'hint' }], 'their change is fed as theirs')
})

test('a delete whose answer was lost does not remove the record that someone restored', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  const kept = await loseAndAct(hub, 'drop-after', { operation: 'delete', sourceId: id }, () =>
    hub.others({ entity: 'contact', operation: 'restore', id }),
  )
  await hub.until(kept.id, 'unknown')
  assert.equal((await hub.held(id))?.lastname, 'Before')
})

test('a create that the hub has seen and someone deleted since is not made again', async (t) => {
  const hub = await startHub(t)
  const create = { operation: 'create', sourceFields: person('Short-lived') } as const
  const kept = await loseAndAct(hub, 'drop-after', create, async ({ tableId, recordId, sourceId }) => {
    // A hint came in between, and the record was read.
    await hub.pool.query(
      `insert into jackfield.record(table_id, id, rule_version, ticket, content_hash, source_id, source)
        values ($1, $2, 1, 1, 1, $3, '{}')`,
      [tableId, recordId, sourceId],
    )
    await hub.others({ entity: 'contact', operation: 'delete', id: sourceId })
  })
  assert.equal((await hub.until(kept.id, 'done')).result?.absent, true)
  assert.equal(await hub.held(kept.sourceId), null)
})

test('a create whose record the CRM has told to be deleted is for a person, and not made again', async (t) => {
  const hub = await startHub(t)
  const create = { operation: 'create', sourceFields: person('Short-lived') } as const
  const kept = await loseAndAct(hub, 'drop-after', create, async ({ tableId, recordId, sourceId }) => {
    await hub.others({ entity: 'contact', operation: 'delete', id: sourceId })
    // The delete was pushed or listed, and the record was gone when it was read.
    await hub.pool.query(
      `insert into jackfield.record(table_id, id, rule_version, ticket, active, deleted_at, source_id)
        values ($1, $2, 1, 1, false, now(), $3)`,
      [tableId, recordId, sourceId],
    )
  })
  const unknown = await hub.until(kept.id, 'unknown', 'done')
  assert.equal(unknown.state, 'unknown')
  assert.match(unknown.problem?.message ?? '', /the record is gone/)
  assert.equal(await hub.held(kept.sourceId), null)
})

const refusal = {
  ...{ kind: 'body', on: 'write', status: 400 },
  body: JSON.stringify({ error: { code: '0x80040265', message: 'A plug-in said no.' } }),
}

test('a repeat that is refused fails only when the first request can no longer commit', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  await hub.fault({ kind: 'late-commit', on: 'write', ms: 900 }, { ...refusal, after: 1 })
  const kept = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('Late') })
  const done = await hub.until(kept.id, 'done', 'failed')
  assert.equal(done.state, 'done', 'the late commit was waited for')
  assert.equal((await hub.held(id))?.lastname, 'Late')

  await hub.fault({ kind: 'drop-before', on: 'write' }, { ...refusal, after: 1 })
  const other = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('Never') })
  const failed = await hub.until(other.id, 'done', 'failed')
  assert.equal(failed.state, 'failed')
  assert.equal(failed.problem?.vendor?.text, 'A plug-in said no.')
  assert.equal((await hub.held(id))?.lastname, 'Late')
})
