import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestScope } from '../support/database.ts'
import { differences, type TestHub, until } from '../support/hub.ts'
import { pushedHub } from './pushed-hub.ts'

/** More than make a flood, when all of them come in one second. */
const events = 6_000

const openHints = async ({ pool }: TestHub) => (await pool.query('select from jackfield.hint')).rowCount!

const edit = (hub: TestHub, ids: readonly string[], jobtitle: string) =>
  hub.control(
    '/records',
    ids.map((id) => ({ entity: 'contact', operation: 'change', id, fields: { jobtitle } })),
  )

/** A hub whose inbox counts by a clock that the test moves: all that comes between two moves comes at once. */
async function floodedHub(t: TestScope) {
  const clock = { ms: 1_000_000, monotonic: () => clock.ms }
  const { hub, inbox, flood, hint } = await pushedHub(t, clock)
  const keep = (sourceId: string) => inbox.keep(hint(sourceId))
  const pour = async (ids: readonly string[]) => {
    const outcomes = await Promise.all(Array.from({ length: events }, (_, i) => keep(ids[i % ids.length]!)))
    assert.deepEqual([...new Set(outcomes)], ['kept'])
  }
  return { hub, flood, clock, keep, pour }
}

test('what is kept in a flood is all settled: some while it lasts, the rest when it ends', async (t) => {
  const { hub, flood, clock, keep, pour } = await floodedHub(t)
  const [last, ...ids] = (await hub.dump('contact')).map(({ id }) => id) as [string, ...string[]]
  assert.equal(flood.lasts, false)
  await edit(hub, ids, 'Within the flood')
  await pour(ids)
  assert.equal(flood.lasts, true)
  await until(async () => (await openHints(hub)) < events)
  assert.equal(flood.lasts, true)

  await pour(ids)
  await edit(hub, [last, ids[0]!], 'At its end')
  await keep(last)
  await keep(ids[0]!)
  clock.ms += 2_000
  assert.equal(flood.lasts, false)
  await until(async () => (await openHints(hub)) === 0)
  const { rows } = await hub.pool.query('select from jackfield.hint_seen where pushed')
  assert.equal(rows.length, 2 * events + 2)
  assert.deepEqual(await differences(hub, 'contact'), [])
})
