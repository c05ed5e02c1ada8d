import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Queryable } from '#database/pool.ts'
import { createTableCache } from '#records/table-cache.ts'
import { testHub } from '../support/hub.ts'

const hour = 3_600_000
const entities = async (tables: Promise<{ entity: string }[]>) => (await tables).map(({ entity }) => entity)

test('whoever asks first after a quiet time is told of the CRM that was connected meanwhile', async (t) => {
  const hub = await testHub(t, { records: 12 })
  let now = 0
  const cache = createTableCache(hub.pool, () => now)
  assert.deepEqual(await cache.all(), [])
  await hub.connect()
  now += hour
  assert.ok((await entities(cache.all())).includes('contact'))
})

test('a reading that was under way when the tables changed does not bring the old ones back', async (t) => {
  const hub = await testHub(t, { records: 12 })
  const answered = Promise.withResolvers<void>()
  let asked = 0
  const first = Promise.withResolvers<void>()
  const query = async (...given: Parameters<Queryable['query']>) => {
    const answer = await hub.pool.query(...given)
    asked += 1
    if (asked > 1) return answer
    first.resolve()
    await answered.promise
    return answer
  }
  const cache = createTableCache({ query } as Queryable, () => 0)
  const before = cache.all()
  await first.promise
  await hub.connect()
  cache.forget()
  answered.resolve()
  assert.deepEqual(await before, [])
  assert.ok((await entities(cache.all())).includes('contact'))
})

for (const [how, away] of [
  ['is away', () => Promise.reject(new Error('the database is away'))],
  ['has no connection left', () => new Promise(() => undefined)],
] as const) {
  test(`while the database ${how}, what was known answers`, async (t) => {
    const hub = await testHub(t, { records: 12 })
    await hub.connect()
    let now = 0
    let isAway = false
    const query = (...given: Parameters<Queryable['query']>) => (isAway ? away() : hub.pool.query(...given))
    const cache = createTableCache({ query } as Queryable, () => now)
    const known = await entities(cache.all())
    isAway = true
    now += hour
    assert.deepEqual(await entities(cache.all()), known)
  })
}
