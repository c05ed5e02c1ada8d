import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { Acts } from '#audit/append.ts'
import { createActs } from '#audit/append.ts'
import { beginning, blockColumns, blockHash, lastBlock, noHash, toBlock } from '#audit/block.ts'
import { goOnAfterRestore } from '#audit/restored.ts'
import { dropOldActs } from '#audit/retention.ts'
import { sealBlock } from '#audit/seal.ts'
import { type Verified, verifyLog } from '#audit/verify.ts'
import { inTransaction, type Pool } from '#database/pool.ts'
import { createKeyring, toMasterKey } from '#secrets/keyring.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { until } from '../support/hub.ts'
import { actsWith, sealNow, write } from './log.ts'

const key = randomBytes(32).toString('hex')

interface Log {
  pool: Pool
  acts: Acts
  ids: string[][]
  verify(head?: string): Promise<Verified>
  run(sql: string, ...values: unknown[]): Promise<unknown>
}

/** Three blocks of four acts each, and two acts that no block holds yet. */
async function logOf(t: TestScope): Promise<Log> {
  const { pool } = await testDatabase(t)
  const acts = actsWith(key)
  const ids: string[][] = []
  for (let block = 0; block < 3; block += 1) {
    ids.push(await write(pool, acts, 4))
    await sealed(pool, acts)
  }
  ids.push(await write(pool, acts, 2))
  return {
    ...{ pool, acts, ids },
    verify: (head) => verifyLog(pool, acts.keys, head === undefined ? {} : { head }),
    run: (sql, ...values) => pool.query(sql, values),
  }
}

/**
 * All that wait, as one block. A transaction of another test's database that ends at this very moment holds some up: then
 * nothing is sealed, and it is tried again.
 */
async function sealed(pool: Pool, acts: Acts): Promise<void> {
  const tooFew = new Error('Not all acts could be sealed')
  await until(() =>
    inTransaction(pool, async (tx) => {
      const { xid, id } = (await lastBlock(tx))?.last ?? beginning
      const { rowCount } = await tx.query('select from jackfield.act where (xid, id) > ($1, $2)', [xid, id])
      if ((await sealBlock(tx, acts.keys)) !== rowCount) throw tooFew
      return true
    }).catch((error: unknown) => {
      if (error !== tooFew) throw error
      return false
    }),
  )
}

const told = ({ findings }: Verified) =>
  findings.map((finding) => [
    finding.kind,
    'block' in finding ? finding.block : null,
    'id' in finding ? finding.id : null,
  ])

test('a log that nobody touched is clean, and tells its head', async (t) => {
  const log = await logOf(t)
  const verified = await log.verify()
  assert.deepEqual([verified.ok, verified.blocks, verified.acts, verified.unsealed], [true, 3, 14, 2])
  assert.match(verified.head!, /^[0-9a-f]{64}$/)
  assert.equal((await log.verify(verified.head!)).ok, true)
})

test('an altered act is named with its block, whatever was altered', async (t) => {
  const log = await logOf(t)
  const id = log.ids[1]![2]!
  const changes = [
    `at = at - interval '1 second'`,
    `actor_id = 'k2'`,
    `outcome = 'refused'`,
    `subject_id = null`,
    `details = '{"i": 2}'`,
    `personal = '{}'`,
    `session_id = id`,
    `mac = mac || '\\x00'`,
    `result = '{}'`,
  ]
  for (const change of changes) {
    await log.run('create temp table kept as select * from jackfield.act where id = $1', id)
    await log.run(`update jackfield.act set ${change} where id = $1`, id)
    assert.deepEqual(told(await log.verify()), [['altered', '2', id]], change)
    await log.run('delete from jackfield.act where id = $1', id)
    await log.run('insert into jackfield.act select * from kept')
    await log.run('drop table kept')
  }
  assert.equal((await log.verify()).ok, true, 'all is as it was')
})

test('a removed act is named with its block: the first, one within, the last of the newest block', async (t) => {
  const log = await logOf(t)
  const gone = [log.ids[0]![0]!, log.ids[1]![1]!, log.ids[2]![3]!]
  await log.run('delete from jackfield.act where id = any($1)', gone)
  assert.deepEqual(told(await log.verify()), [
    ['removed', '1', gone[0]],
    ['removed', '2', gone[1]],
    ['removed', '3', gone[2]],
  ])
})

test('an added act is named: put among sealed ones, copied, or written by whoever has the database alone', async (t) => {
  const log = await logOf(t)
  const columns = 'at, actor_kind, actor_id, act, outcome, details, mac'
  const add = async (xid: string, id: string) =>
    log.run(
      `insert into jackfield.act(xid, id, ${columns}) select ${xid}, $1, ${columns} from jackfield.act where id = $2`,
      id,
      log.ids[1]![0]!,
    )
  const [within, newest, plain] = Array.from({ length: 3 }, (_, i) => `0000000${i}-0000-4000-8000-000000000000`)
  await add(`(select xid from jackfield.act where id = '${log.ids[1]![0]}')`, within!)
  await add(`(select xid from jackfield.act where id = '${log.ids[2]![3]}')`, newest!)
  await add('pg_current_xact_id()::text::bigint', plain!)
  assert.deepEqual(told(await log.verify()), [
    ['added', '2', within],
    ['added', '3', newest],
    ['added', null, plain],
  ])
  // A block over it makes no act of the hub of it.
  await sealed(log.pool, log.acts)
  assert.ok(told(await log.verify()).some(([kind, block, id]) => kind === 'added' && block === '4' && id === plain))
  await log.run('delete from jackfield.act where id = any($1)', [within, newest])

  const copy = log.ids[0]![1]!
  await log.run(`insert into jackfield.act(id, ${columns}, subject_kind, subject_id, personal)
    select id, ${columns}, subject_kind, subject_id, personal from jackfield.act where id = '${copy}'`)
  assert.ok(told(await log.verify()).some(([kind, , id]) => kind === 'added' && id === copy))
})

test('blocks that were removed, altered or made anew are told; a cut end by the head that was noted', async (t) => {
  const log = await logOf(t)
  const { head } = await log.verify()
  await log.run('begin; create table jackfield.kept as select * from jackfield.act_block; commit')
  const restore = () =>
    log.run(
      'begin; delete from jackfield.act_block; insert into jackfield.act_block select * from jackfield.kept; commit',
    )

  await log.run('delete from jackfield.act_block where number = 2')
  assert.ok(told(await log.verify()).some(([kind, block]) => kind === 'block_removed' && block === '2'))
  await restore()
  for (const change of [`sealed_at = sealed_at - interval '1 day'`, 'count = 3', `digest = '\\x00'`, 'next_xid = 7']) {
    await log.run(`update jackfield.act_block set ${change} where number = 2`)
    assert.ok(
      told(await log.verify()).some(([kind, block]) => kind === 'block_altered' && block === '2'),
      change,
    )
    await restore()
  }
  // Called dropped without the hub's proof.
  await log.run(`update jackfield.act_block set rows = null, dropped_at = now(), dropped_mac = hash where number = 1`)
  await log.run('delete from jackfield.act where id = any($1)', log.ids[0])
  assert.deepEqual(told(await log.verify()), [['block_altered', '1', null]])
  await restore()

  await log.run('delete from jackfield.act_block where number = 3')
  await log.run('delete from jackfield.act where id = any($1)', [...log.ids[2]!, ...log.ids[3]!, ...log.ids[0]!])
  assert.ok(!told(await log.verify()).some(([kind]) => kind === 'head_missing'))
  assert.ok(told(await log.verify(head!)).some(([kind]) => kind === 'head_missing'))
  // A log that was made anew has another key.
  const other = actsWith(randomBytes(32).toString('hex'))
  const strange = await verifyLog(log.pool, other.keys)
  assert.ok(told(strange).some(([kind]) => kind === 'key_unknown'))
})

test('old acts go block by block, and what stays is true', async (t) => {
  const log = await logOf(t)
  const { pool, acts } = log
  assert.equal(await dropOldActs(pool, acts.keys, 30), 0)
  // No act is 30 days old in a test; sealing is put back, as the hub itself would have written it.
  await resealAgo(log)
  assert.equal((await log.verify()).ok, true)
  assert.equal(await dropOldActs(pool, acts.keys, 30), 8)
  const verified = await log.verify()
  assert.deepEqual([verified.ok, verified.droppedBlocks, verified.acts], [true, 2, 6])
  const head = verified.head!
  await write(pool, acts, 1)
  await sealed(pool, acts)
  assert.equal((await log.verify(head)).ok, true)
  await log.run(`insert into jackfield.act(xid, id, actor_kind, actor_id, act, outcome, details, mac)
    values (1, gen_random_uuid(), 'key', 'k', 'key.create', 'done', '{}', '')`)
  assert.deepEqual(
    (await log.verify()).findings.map(({ kind }) => kind),
    ['added'],
  )
})

/** The first two blocks as if they had been sealed 40 days ago. */
async function resealAgo({ pool, acts }: Log): Promise<void> {
  const { rows } = await pool.query(`select ${blockColumns} from jackfield.act_block order by number`)
  let previous: Buffer = noHash
  for (const [i, row] of rows.entries()) {
    const block = toBlock(row)
    if (i < 2) block.sealedAt = new Date(block.sealedAt.getTime() - 40 * 86_400_000)
    previous = blockHash(acts.keys.current, previous, block)
    const values = [block.number, block.sealedAt, previous]
    await pool.query('update jackfield.act_block set sealed_at = $2, hash = $3 where number = $1', values)
  }
}

test('a key that was replaced proves what it wrote as long as it is given', async (t) => {
  const log = await logOf(t)
  const [old, young] = [toMasterKey(Buffer.from(key, 'hex')), toMasterKey(randomBytes(32))]
  const both = createActs(createKeyring([young, old]))
  await write(log.pool, both, 3)
  await sealed(log.pool, both)
  assert.equal((await verifyLog(log.pool, both.keys)).ok, true)
  const alone = await verifyLog(log.pool, createActs(createKeyring([young])).keys)
  assert.equal(alone.ok, false)
  assert.ok(told(alone).some(([kind, block]) => kind === 'key_unknown' && block === '1'))
})

test('a log that was restored into a server with younger transactions goes on in order', async (t) => {
  const { pool } = await testDatabase(t)
  const acts = actsWith(key)
  // As a dump of an older server brings it.
  await pool.query(
    `alter table jackfield.act alter column xid set default pg_current_xact_id()::text::bigint + 5000000000`,
  )
  await write(pool, acts, 3, 'before')
  await pool.query(`alter table jackfield.act alter column xid set default pg_current_xact_id()::text::bigint`)
  assert.equal(await goOnAfterRestore(pool), true)
  assert.equal(await goOnAfterRestore(pool), false)
  await write(pool, acts, 2, 'after')
  let count = 0
  while (count < 5) count += await sealNow(pool, acts)
  const { rows } = await pool.query('select subject_id as subject from jackfield.act order by xid, id')
  assert.deepEqual(
    rows.map(({ subject }) => subject),
    ['before0', 'before1', 'before2', 'after0', 'after1'],
  )
  assert.equal((await verifyLog(pool, acts.keys)).ok, true)
})
