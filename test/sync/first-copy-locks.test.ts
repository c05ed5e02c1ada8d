import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lockTable, storePlan } from '#connections/table-store.ts'
import { inTransaction, type Pool } from '#database/pool.ts'
import { confirmSettings } from '#records/table.ts'
import { cancelRun, requestRun } from '#sync/run.ts'
import { noteFirstPass, wakeTable } from '#sync/table-state.ts'
import { testHub, until } from '../support/hub.ts'

/** Postgres says of itself who waits for whom. */
async function isWaitedFor(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rowCount !== 0
}

test('pages of a first copy that are being stored hold up nobody but its end', async (t) => {
  const hub = await testHub(t, { records: 60 })
  const { id: connectionId } = await hub.connect()
  const table = await hub.table('contact')
  const { id } = await requestRun(hub.pool, { tableId: table.id, kind: 'initial', cause: 'test' })
  const page = await hub.pool.connect()
  try {
    await page.query('begin')
    // A hub's own page would be ended that stands still for so long.
    await page.query(`set local idle_in_transaction_session_timeout = '60s'`)
    await confirmSettings(page, table)

    // A copy's pages overlap for hours: who waits for the last of them waits for the whole copy.
    await wakeTable(hub.pool, table.id)
    await cancelRun(hub.pool, id)
    await inTransaction(hub.pool, async (tx) => {
      const { enabled, columns, filter, mapping, scheduleSeconds, source } = await lockTable(
        tx,
        connectionId,
        'contact',
      )
      const plan = { enabled, columns, filter, mapping, scheduleSeconds, source, rederive: true, reread: false }
      await storePlan(tx, table.id, plan)
    })

    const reached = { tableId: table.id, ruleVersion: table.ruleVersion, delta: null, since: new Date() }
    const ended = inTransaction(hub.pool, (tx) => noteFirstPass(tx, reached))
    // A page that was begun before the copy ended belongs to it.
    await until(() => isWaitedFor(hub.pool))
    await page.query('commit')
    await ended
  } finally {
    page.release()
  }
  assert.notEqual((await hub.table('contact')).firstPassAt, null)
})
