import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSealer } from '#audit/seal.ts'
import { verifyLog } from '#audit/verify.ts'
import { silentLog } from '#core/log.ts'
import { inTransaction } from '#database/pool.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/hub.ts'
import { actsWith, leadership, sealNow } from './log.ts'

const key = randomBytes(32).toString('hex')
const program = join(import.meta.dirname, 'sealer-process.ts')

async function startSealer(url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify({ url, key })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout!, 'data')
  return child
}

const writers = 16
const actsEach = 625

test('10,000 acts of sixteen writers, sealed by two processes of which one is killed, are chained whole', async (t) => {
  const { pool, url } = await testDatabase(t, { max: writers + 4 })
  const acts = actsWith(key)
  const sealers = await Promise.all([startSealer(url), startSealer(url)])
  const ended = sealers.map((child) => once(child, 'exit'))
  t.after(async () => {
    for (const child of sealers) child.kill('SIGKILL')
    await Promise.all(ended)
  })
  const writer = async (n: number) => {
    for (let i = 0; i < actsEach; ) {
      // Several in a transaction, some of which take their time before they commit.
      const together = Math.min(1 + ((n + i) % 5), actsEach - i)
      await inTransaction(pool, async (tx) => {
        for (let j = 0; j < together; j += 1) {
          const act = { actor: { kind: 'key', id: `k${n}` }, act: 'key.create', outcome: 'done' } as const
          await acts.append(tx, { ...act, details: { n, i: i + j } })
        }
        if (i % 40 === 0) await tx.query('select pg_sleep(0.05)')
      })
      i += together
    }
  }
  const writing = Promise.all(Array.from({ length: writers }, (_, n) => writer(n)))
  const blocks = async () => Number((await pool.query('select count(*) as n from jackfield.act_block')).rows[0].n)
  await until(async () => (await blocks()) >= 1)
  // Of two that seal, whichever has the lease: the other takes over.
  const { rows } = await pool.query(`select holder from jackfield.lease where name = 'audit-log'`)
  assert.equal(rows.length, 1)
  sealers[0]!.kill('SIGKILL')
  await writing
  await until(async () => {
    const { rows } = await pool.query('select coalesce(sum(count), 0)::int as sealed from jackfield.act_block')
    return rows[0].sealed === writers * actsEach
  })
  const verified = await verifyLog(pool, acts.keys)
  assert.deepEqual(verified.findings, [])
  assert.deepEqual([verified.acts, verified.unsealed], [writers * actsEach, 0])
  // Nothing was rewritten to seal it.
  const { rows: stats } = await pool.query(
    `select n_tup_upd::int as updated from pg_stat_all_tables where relid = 'jackfield.act'::regclass`,
  )
  assert.equal(stats[0].updated, 0)
})

test('an act whose transaction is under way is waited for, and later ones with it', async (t) => {
  const { pool } = await testDatabase(t)
  const acts = actsWith(key)
  const act = { actor: { kind: 'key', id: 'k' }, act: 'key.create', outcome: 'done' } as const
  const slow = await pool.connect()
  await slow.query('begin')
  await acts.append(slow, { ...act, details: { order: 'slow' } })
  await acts.append(pool, { ...act, details: { order: 'quick' } })
  assert.equal(await sealNow(pool, acts), 0)
  await slow.query('commit')
  slow.release()
  let count = 0
  await until(async () => {
    count += await sealNow(pool, acts)
    return count === 2
  })
  assert.equal((await verifyLog(pool, acts.keys)).ok, true)
})

test('who lost the right to seal seals nothing', async (t) => {
  const { pool } = await testDatabase(t)
  const acts = actsWith(key)
  await acts.append(pool, { actor: { kind: 'key', id: 'k' }, act: 'key.create', outcome: 'done' })
  const lead = leadership(pool, { id: randomUUID(), label: 'first' })
  let tried = 0
  const sealer = createSealer({
    pool,
    keys: acts.keys,
    log: silentLog,
    lead: (work) =>
      lead(async (turn) => {
        tried += 1
        await pool.query(`update jackfield.lease set epoch = epoch + 1, owner = 'another' where name = 'audit-log'`)
        await work(turn)
      }),
  })
  sealer.start()
  await until(async () => tried > 0)
  await sealer.stop()
  const { rows } = await pool.query('select count(*)::int as n from jackfield.act_block')
  assert.equal(rows[0].n, 0)
})
