import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ledger } from '#outbox/ledger.ts'
import type { OutboxRow } from '#outbox/write.ts'
import { type HubUnderTest, startHub } from './hub-under-test.ts'

const person = (last: string) => ({ firstname: 'Ada', lastname: last })

/** The same numbers for the same seed, so that a failing storm can be raised again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const faultKinds = [
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'late-commit', ms: 300 },
  { kind: '503' },
  { kind: '500' },
  { kind: '429', retryAfter: '0' },
  { kind: 'cut-body' },
  { kind: 'html', status: 200 },
  { kind: 'latency', ms: 100 },
  { kind: 'token-rejected' },
]

async function raiseStorm(hub: HubUnderTest, random: () => number): Promise<void> {
  for (let n = 0; n < 120; n += 1) {
    const kind = faultKinds[Math.floor(random() * faultKinds.length)]!
    await hub.fault({ ...kind, on: ['write', 'batch'], after: Math.floor(random() * 150) })
  }
  for (let n = 0; n < 20; n += 1) await hub.fault({ kind: '503', on: 'byIds', after: Math.floor(random() * 300) })
}

/** 40 records, each created and then changed four times, one after the other in each, all at once. */
async function keepAll(hub: HubUnderTest): Promise<OutboxRow[][]> {
  return Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const create = await hub.keep({ operation: 'create', writeKey: `${n}`, sourceFields: person(`${n} v0`) })
      const rows = [create]
      for (let v = 1; v < 5; v += 1) {
        const update = { operation: 'update', sourceId: create.sourceId, sourceFields: person(`${n} v${v}`) } as const
        rows.push(await hub.keep({ ...update, writeKey: `${n}.${v}` }))
      }
      return rows
    }),
  )
}

test('two hundred writes in a storm of faults: each is carried out exactly once, and the ledger agrees', async (t) => {
  const seed = Number(process.env.JACKFIELD_TEST_SEED ?? 11)
  t.diagnostic(`JACKFIELD_TEST_SEED=${seed}`)
  const hub = await startHub(t)
  await raiseStorm(hub, randomFrom(seed))
  const records = await keepAll(hub)
  for (const rows of records) for (const { id } of rows) await hub.until(id, 'done', 'failed', 'unknown')
  for (const [n, rows] of records.entries()) {
    const { sourceId } = rows[0]!
    assert.equal(hub.written(sourceId).length, 5, `record ${n} (${sourceId})`)
    assert.equal((await hub.held(sourceId))?.lastname, `${n} v4`)
  }
  const books = await ledger(hub.pool)
  assert.deepEqual(books.total, { requested: 200, done: 200, failed: 0, cancelled: 0, open: 0, unknown: 0 })
  assert.ok(books.balanced)
  const carriedOut = hub.crm.simulator.log.writes.filter(({ status }) => status >= 200 && status < 300)
  assert.equal(carriedOut.length, books.total.done)
})
