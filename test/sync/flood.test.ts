import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInbox, type Hint } from '#sync/inbox.ts'
import { copied, differences, type TestHub, testHub, until } from '../support/hub.ts'

/** More than make a flood, when all of them come in one second. */
const events = 6_000

const openHints = async ({ pool }: TestHub) =>
  (await pool.query('select from jackfield.hint where done_at is null')).rowCount!

const edit = (hub: TestHub, ids: readonly string[], jobtitle: string) =>
  hub.control(
    '/records',
    ids.map((id) => ({ entity: 'contact', operation: 'change', id, fields: { jobtitle } })),
  )

/** A copied hub whose inbox counts by a clock that the test moves: all that comes between two moves comes at once. */
async function floodedHub(t: Parameters<typeof testHub>[0]) {
  const hub = await testHub(t, { records: 120 })
  const { id: connectionId } = await hub.connect()
  // Only events bring what happens now.
  await hub.pool.query('update jackfield.synced_table set schedule_seconds = 86400')
  const clock = { ms: 1_000_000, monotonic: () => clock.ms }
  const inbox = createInbox(hub.pool, () => worker.wake(), clock)
  hub.context.flooded = () => inbox.flooded
  const worker = hub.worker()
  await copied(hub)
  let count = 0
  const keep = (sourceId: string) => {
    count += 1
    const hint: Hint = { eventKey: `flood/${count}`, connectionId, entity: 'contact', sourceId, operation: 'Update' }
    return inbox.keep(hint)
  }
  const flood = async (ids: readonly string[]) => {
    const outcomes = await Promise.all(Array.from({ length: events }, (_, i) => keep(ids[i % ids.length]!)))
    assert.deepEqual([...new Set(outcomes)], ['kept'])
  }
  return { hub, inbox, clock, keep, flood }
}

test('what is kept in a flood is all settled: some while it lasts, the rest when it ends', async (t) => {
  const { hub, inbox, clock, keep, flood } = await floodedHub(t)
  const [last, ...ids] = (await hub.dump('contact')).map(({ id }) => id) as [string, ...string[]]
  assert.equal(inbox.flooded, false)
  await edit(hub, ids, 'Within the flood')
  await flood(ids)
  assert.equal(inbox.flooded, true)
  await until(async () => (await openHints(hub)) < events)
  assert.equal(inbox.flooded, true)

  await flood(ids)
  await edit(hub, [last, ids[0]!], 'At its end')
  await keep(last)
  await keep(ids[0]!)
  clock.ms += 2_000
  assert.equal(inbox.flooded, false)
  await until(async () => (await openHints(hub)) === 0)
  const { rows } = await hub.pool.query('select from jackfield.hint where event_key ~ $1', ['^flood/'])
  assert.equal(rows.length, 2 * events + 2)
  assert.deepEqual(await differences(hub, 'contact'), [])
})
