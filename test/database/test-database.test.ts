import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { createPool } from '#database/pool.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { query } from './data-folder.ts'

/** Stands in for a test whose end can be watched. */
function scope(outcome: Pick<TestScope, 'passed' | 'error'> = { passed: true }) {
  const hooks: (() => Promise<void>)[] = []
  const t: TestScope = { name: 'a test', after: (hook) => hooks.push(hook), ...outcome }
  const end = async () => {
    for (const hook of hooks) await hook()
  }
  return { t, end, after: t.after }
}

async function isThere(url: string): Promise<boolean> {
  return query(url, 'select 1').then(
    () => true,
    (error) => {
      assert.equal(error.code, '3D000')
      return false
    },
  )
}

test('Each test gets a migrated database of its own, dropped when it passed', async () => {
  const [one, two] = [scope(), scope()]
  const [first, second] = await Promise.all([testDatabase(one.t), testDatabase(two.t)])
  await first.pool.query('create table jackfield.mine()')
  await assert.rejects(second.pool.query('select from jackfield.mine'), { code: '42P01' })
  const { rows } = await second.pool.query('select name from jackfield.migration order by name')
  assert.ok(rows.length > 0)
  await Promise.all([one.end(), two.end()])
  assert.equal(await isThere(first.url), false)
})

test('A failed test keeps its database', async () => {
  const failed = scope({ passed: false, error: new Error('no') })
  const { url, pool } = await testDatabase(failed.t, { migrated: false })
  await pool.query('select 1')
  await failed.end()
  assert.equal(await isThere(url), true)
  const { pathname } = new URL(url)
  await query(url.replace(pathname, '/postgres'), `drop database ${pathname.slice(1)}`)
})

test('A client that was not released fails the test', async () => {
  const leaking = scope()
  const { url, pool } = await testDatabase(leaking.t, { migrated: false })
  await pool.connect()
  await assert.rejects(leaking.end(), /1 connection\(s\) of the test's pool were not released/)
  assert.equal(await isThere(url), false)
})

test('A connection that somebody else left open fails the test, one that a later hook closes does not', async () => {
  const leaking = scope()
  const { url } = await testDatabase(leaking.t, { migrated: false })
  const stray = new pg.Client({ connectionString: url, application_name: 'stray' })
  stray.on('error', () => undefined)
  await stray.connect()
  await assert.rejects(leaking.end(), /Still connected to the test's database:\nstray/)

  const orderly = scope()
  const database = await testDatabase(orderly.t, { migrated: false })
  const pool = createPool({ url: database.url, max: 1, name: 'of the code under test' })
  orderly.after(() => pool.end())
  await pool.query('select 1')
  await orderly.end()
})
