import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboxRow } from '#outbox/write.ts'
import type { TestScope } from '../support/database.ts'
import { copied } from '../support/hub.ts'
import { writingHub } from './salesforce-writing.ts'

// A batch is whole when all that are under way have come; only on a machine that stalls this long it is not.
const gatherMs = 2_000

interface Asked {
  counts: Record<string, number>
  writes: { operation: string; entity: string; id: string | null; status: number; cut: boolean }[]
}

/** Writes that wait while nobody delivers, then all at once. */
async function waitingHub(t: TestScope) {
  const { hub, keep, settled, outboxOf, named, connection } = await writingHub(t, true)
  const bring = async (rows: readonly OutboxRow[]) => {
    await hub.control('/reset-requests', {})
    const outbox = outboxOf(gatherMs)
    outbox.start()
    try {
      return await Promise.all(rows.map(({ id }) => settled(id, 'done')))
    } finally {
      await outbox.stop()
    }
  }
  const asked = () => hub.control<Asked>('/requests', undefined, 'GET')
  const contacts = async () => (await hub.dump('contact')).filter(({ deleted }) => !deleted)
  return { hub, keep, bring, asked, contacts, named, connection }
}

test('writes that wait go in one call, and each has its own outcome', async (t) => {
  const { hub, keep, bring, asked, contacts } = await waitingHub(t)
  const [changed, stale, gone] = await contacts()
  await hub.records({ entity: 'Contact', operation: 'change', id: stale!.id, fields: { Title: 'Theirs' } })
  const create = (LastName: string, fields = {}) => keep({ operation: 'create', sourceFields: { LastName, ...fields } })
  const made: OutboxRow[] = []
  for (let n = 0; n < 18; n += 1) made.push(await create(`Together ${n}`))
  const nowhere = { entity: 'account', id: '001000000000009AAA' }
  const others = [
    await create('Without account', { AccountId: nowhere }),
    await keep({ operation: 'update', sourceId: changed!.id, sourceFields: { Title: 'Ours' } }),
    await keep({
      operation: 'update',
      sourceId: stale!.id,
      expectedMark: [BigInt(stale!.version)],
      sourceFields: { Title: 'Ours' },
    }),
    await keep({ operation: 'delete', sourceId: gone!.id }),
    await create('Named', { Description: 'Said: @{w0.id} and @{nothing.id}' }),
  ]
  const [refused, update, conflict, removal, literal] = (await bring([...made, ...others])).slice(made.length)

  assert.deepEqual([refused!.state, refused!.problem?.vendor?.code], ['failed', 'INVALID_CROSS_REFERENCE_KEY'])
  assert.deepEqual([conflict!.state, conflict!.problem?.code], ['failed', 'write.conflict'])
  for (const row of [update, removal, literal]) assert.equal(row!.state, 'done', JSON.stringify(row!.problem))
  const held = await contacts()
  for (let n = 0; n < 18; n += 1) {
    assert.equal(held.filter(({ fields }) => fields.LastName === `Together ${n}`).length, 1, `Together ${n}`)
  }
  assert.equal(held.find(({ id }) => id === changed!.id)!.fields.Title, 'Ours')
  assert.equal(held.find(({ id }) => id === stale!.id)!.fields.Title, 'Theirs')
  assert.ok(!held.some(({ id }) => id === gone!.id))
  const said = held.find(({ fields }) => fields.LastName === 'Named')!.fields.Description
  assert.equal(said, 'Said: @{w0.id} and @{nothing.id}')

  const { counts, writes } = await asked()
  // The update and the delete are read first, and so come later than the others; what names an answer goes alone.
  assert.ok(counts.composite! <= 3, JSON.stringify(counts))
  assert.ok(counts.write! <= 2, JSON.stringify(counts))
  // Before and behind: the readings share calls as well.
  assert.ok(counts.page! <= 8, JSON.stringify(counts))
  assert.equal(writes.filter(({ status }) => status < 300).length, 18 + 3)
})

test('a call of several whose answer is lost makes each of them once', async (t) => {
  const { hub, keep, bring, asked, contacts } = await waitingHub(t)
  const targets = await contacts()
  const kinds = ['drop-before', 'drop-after', 'late-commit', '503', '500', 'html', 'truncate', 'error-200']
  for (const [at, kind] of kinds.entries()) {
    await hub.control('/faults', { kind, times: 1, on: ['composite'], ms: 300 })
    const rows: OutboxRow[] = []
    for (let n = 0; n < 5; n += 1) {
      rows.push(await keep({ operation: 'create', sourceFields: { LastName: `${kind} ${n}` } }))
    }
    const { id } = targets[at]!
    rows.push(await keep({ operation: 'update', sourceId: id, sourceFields: { Title: `By ${kind}` } }))
    for (const row of await bring(rows)) assert.equal(row.state, 'done', `${kind}: ${JSON.stringify(row.problem)}`)
    const { faults } = await hub.control<{ faults: unknown[] }>('/faults', undefined, 'GET')
    assert.deepEqual(faults, [], `${kind} has struck`)
    const { counts } = await asked()
    assert.ok(counts.composite! >= 1, `${kind}: ${JSON.stringify(counts)}`)
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  const held = await contacts()
  for (const [at, kind] of kinds.entries()) {
    for (let n = 0; n < 5; n += 1) {
      assert.equal(held.filter(({ fields }) => fields.LastName === `${kind} ${n}`).length, 1, `${kind} ${n}`)
    }
    assert.equal(held.find(({ id }) => id === targets[at]!.id)!.fields.Title, `By ${kind}`)
  }
})

test('calls that are logged, which no unique key guards, go as one collection', async (t) => {
  const { hub, keep, bring, asked, connection } = await waitingHub(t)
  const entity = 'phone_call'
  await hub.connections.setTable(connection.id, entity, { enabled: true })
  await copied(hub)
  const log = (Subject: string, more = {}) =>
    keep({ operation: 'create', entity, sourceFields: { Subject, Status: 'Completed', ...more } })
  const calls = async (subject: string) => (await hub.dump('Task')).filter(({ fields }) => fields.Subject === subject)
  const rows: OutboxRow[] = []
  for (let n = 0; n < 10; n += 1) rows.push(await log(`Call ${n}`))
  rows.push(await log('Nobody’s', { WhoId: { entity: 'contact', id: '003000000000009AAA' } }))
  const ended = await bring(rows)
  assert.deepEqual(
    ended.map(({ state }) => state),
    [...Array(10).fill('done'), 'failed'],
    JSON.stringify(ended.map(({ problem }) => problem)),
  )
  assert.equal(ended.at(-1)!.problem?.vendor?.code, 'INVALID_CROSS_REFERENCE_KEY')
  const { counts } = await asked()
  assert.equal(counts.composite, 1, JSON.stringify(counts))
  for (let n = 0; n < 10; n += 1) {
    const made = await calls(`Call ${n}`)
    assert.deepEqual([made.length, made[0]!.fields.TaskSubtype], [1, 'Call'])
  }
  // A lost answer is looked for by the key only when the first can no longer commit.
  await hub.control('/faults', { kind: 'late-commit', times: 1, on: ['composite'], ms: 300 })
  const lost: OutboxRow[] = []
  for (let n = 0; n < 5; n += 1) lost.push(await log(`Lost ${n}`))
  for (const row of await bring(lost)) assert.equal(row.state, 'done', JSON.stringify(row.problem))
  for (let n = 0; n < 5; n += 1) assert.equal((await calls(`Lost ${n}`)).length, 1, `Lost ${n}`)
})
