import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CrmSession } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import { silentLog } from '#core/log.ts'
import { findWrite } from '#outbox/store.ts'
import { type HubUnderTest, quick, startHub, workerOn } from './hub-under-test.ts'

const person = (last: string) => ({ firstname: 'Ada', lastname: last })

async function someContact(hub: HubUnderTest): Promise<string> {
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Before') })
  await hub.until(kept.id, 'done')
  return kept.sourceId
}

const change = (hub: HubUnderTest, id: string, fields: Record<string, unknown>) =>
  hub.others({ entity: 'contact', operation: 'change', id, fields })

const versionOf = async (hub: HubUnderTest, id: string) => BigInt(String((await hub.held(id))?.versionnumber))

/** Long enough for others to act meanwhile, also where all is slow. */
const slowWrite = { kind: 'latency', on: 'write', ms: 1_500 }

/** Waits until the organisation has a request under way that it is slow to answer. */
async function underWay(hub: HubUnderTest, id: string): Promise<void> {
  await hub.until(id, 'sending')
  while (hub.crm.simulator.log.open === 0) await sleep(5)
}

test('an update against a version that someone overtook fails, and theirs stays', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  const seen = await versionOf(hub, id)
  await change(hub, id, { lastname: 'Theirs' })
  const kept = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('Ours'), expectedMark: [seen] })
  assert.equal((await hub.until(kept.id, 'failed')).problem?.code, 'write.conflict')
  assert.equal((await hub.held(id))?.lastname, 'Theirs')
  const remove = await hub.keep({ operation: 'delete', sourceId: id, expectedMark: [seen] })
  assert.equal((await hub.until(remove.id, 'failed')).problem?.code, 'write.conflict')
  const present = await versionOf(hub, id)
  const fits = { operation: 'update', sourceId: id, sourceFields: person('Ours'), expectedMark: [present] } as const
  await hub.until((await hub.keep(fits)).id, 'done')
})

test('an edit by someone between our reading and our write is not overwritten unseen: we read again, then write', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  await hub.fault(slowWrite)
  const kept = await hub.keep({ operation: 'update', sourceId: id, sourceFields: { lastname: 'Ours' } })
  await underWay(hub, kept.id)
  await change(hub, id, { jobtitle: 'Theirs' })
  const done = await hub.until(kept.id, 'done')
  assert.equal(done.attempts, 2)
  assert.equal(done.answerLost, false)
  const held = await hub.held(id)
  assert.deepEqual([held?.lastname, held?.jobtitle], ['Ours', 'Theirs'])
  const { rows } = await hub.pool.query(
    `select cause from jackfield.change where record_id = $1 and changed ? 'jobtitle' and operation = 'changed'`,
    [kept.recordId],
  )
  assert.deepEqual(rows, [{ cause: 'hint' }])
})

test('a delete of a record that someone edits meanwhile still deletes it', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  await hub.fault(slowWrite)
  const kept = await hub.keep({ operation: 'delete', sourceId: id })
  await underWay(hub, kept.id)
  await change(hub, id, { jobtitle: 'Theirs' })
  await hub.until(kept.id, 'done')
  assert.equal(await hub.held(id), null)
})

test('an upsert of a record that someone creates meanwhile updates it', async (t) => {
  const hub = await startHub(t)
  const id = '00000000-1111-4222-8333-555555555555'
  await hub.fault(slowWrite)
  const kept = await hub.keep({ operation: 'upsert', sourceId: id, sourceFields: { lastname: 'Ours' } })
  await underWay(hub, kept.id)
  await hub.others({ entity: 'contact', operation: 'create', id, fields: { lastname: 'Theirs', jobtitle: 'Theirs' } })
  assert.equal((await hub.until(kept.id, 'done')).base?.operation, 'update')
  const held = await hub.held(id)
  assert.deepEqual([held?.lastname, held?.jobtitle], ['Ours', 'Theirs'])
})

test('a storm of 429 delays writes and doubles none', async (t) => {
  const hub = await startHub(t, { start: false })
  await hub.fault({ kind: '429', on: ['write', 'batch'], times: 8, retryAfter: '1' })
  const kept = []
  for (let n = 0; n < 6; n += 1) kept.push(await hub.keep({ operation: 'create', sourceFields: person(`S${n}`) }))
  hub.worker.start()
  for (const { id, sourceId } of kept) {
    await hub.until(id, 'done')
    assert.equal(hub.written(sourceId).length, 1)
  }
})

test('a token that expires on the way is renewed, and the write is made once', async (t) => {
  const hub = await startHub(t)
  const before = hub.session.renewals
  await hub.fault({ kind: 'token-rejected', on: 'write' })
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Token') })
  assert.equal((await hub.until(kept.id, 'done')).answerLost, false)
  assert.equal(hub.session.renewals, before + 1)
  assert.equal(hub.written(kept.sourceId).length, 1)
})

test('through an outage a write waits and says why, one tries for all, and then all are made', async (t) => {
  const hub = await startHub(t, { start: false })
  await hub.fault({ kind: '503', on: ['write', 'batch', 'byIds'], times: 0 })
  const kept = []
  for (let n = 0; n < 60; n += 1) kept.push(await hub.keep({ operation: 'create', sourceFields: person(`O${n}`) }))
  hub.worker.start()
  const [first] = kept
  let waiting = await findWrite(hub.pool, first!.id)
  while ((waiting.problem?.times ?? 0) < 2) {
    await sleep(50)
    waiting = await findWrite(hub.pool, first!.id)
  }
  assert.equal(waiting.problem?.code, 'crm.unreachable')
  assert.ok(Date.parse(waiting.problem?.since ?? '') <= Date.now())
  const { rows } = await hub.pool.query(`select count(*)::int as n from jackfield.outbox where attempts = 0`)
  assert.ok(rows[0].n >= 20, 'most writes have not even been tried')
  await hub.clearFaults()
  for (const { id, sourceId } of kept) {
    await hub.until(id, 'done')
    assert.equal(hub.written(sourceId).length, 1)
  }
})

test('while the connection is broken writes are kept with its reason, and made when it is mended', async (t) => {
  const hub = await startHub(t, { start: false })
  let broken = true
  const session: CrmSession = {
    url: hub.session.url,
    settings: {},
    call: (path, options) => {
      if (!broken) return hub.session.call(path, options)
      throw new HubError('authentication.secret_expired', 'The client secret has expired', { mend: 'Renew it.' })
    },
  }
  const worker = workerOn({ pool: hub.pool, session, timing: quick, log: silentLog })
  t.after(() => worker.stop())
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Waits') })
  worker.start()
  for (;;) {
    const { state, problem } = await findWrite(hub.pool, kept.id)
    assert.equal(state === 'kept' || state === 'sending', true)
    if (problem) {
      assert.deepEqual([problem.code, problem.mend], ['authentication.secret_expired', 'Renew it.'])
      break
    }
    await sleep(20)
  }
  broken = false
  await hub.until(kept.id, 'done')
  assert.equal(hub.written(kept.sourceId).length, 1)
})

test('a paused connection keeps its writes until it goes on', async (t) => {
  const hub = await startHub(t)
  await hub.pool.query(`update jackfield.connection set state = 'paused'`)
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Paused') })
  await sleep(500)
  const waiting = await findWrite(hub.pool, kept.id)
  assert.deepEqual([waiting.state, waiting.attempts], ['kept', 0])
  await hub.pool.query(`update jackfield.connection set state = 'active'`)
  await hub.until(kept.id, 'done')
})

test('one record whose write is always answered by a 500 does not hold up the others', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  await hub.fault({ kind: '500', on: ['write', 'batch'], match: id, times: 0 })
  const poison = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('Poison') })
  const later = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('Later') })
  for (let n = 0; n < 10; n += 1) {
    await hub.until((await hub.keep({ operation: 'create', sourceFields: person(`N${n}`) })).id, 'done')
  }
  assert.equal((await findWrite(hub.pool, poison.id)).state, 'sending')
  assert.equal((await findWrite(hub.pool, later.id)).state, 'kept', 'it waits for its turn')
  await hub.clearFaults()
  await hub.until(later.id, 'done')
  assert.equal((await hub.held(id))?.lastname, 'Later')
})

test('a reading that fails after an acknowledged write is taken later; the write is not repeated', async (t) => {
  const hub = await startHub(t)
  await hub.fault({ kind: '503', on: 'byIds', times: 0 })
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Read later') })
  for (let sent = await hub.until(kept.id, 'sent'); !sent.problem; await sleep(20))
    sent = await findWrite(hub.pool, kept.id)
  await hub.clearFaults()
  const done = await hub.until(kept.id, 'done')
  assert.deepEqual([done.attempts, done.result?.proof], [1, 'answer'])
})
