import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#database/pool.ts'
import { parkedRows, settleRows } from '#destination/rows.ts'
import { noteProblem } from '#destination/store.ts'
import { rowsOf, twoOrganisations, written } from './two-organisations.ts'

test('a row that is refused in words that the database cannot hold ends as refused', async (t) => {
  const hub = await twoOrganisations(t, { records: 5 })
  const { id } = await hub.name()
  const worker = hub.worker()
  await written(hub)
  await worker.stop()
  const [contact] = (await rowsOf(hub.from, 'contact')).keys()
  const recordId = hub.idOf('contact', contact!)
  const words = 'No \0 and no half \ud83d of it'
  const problem = {
    ...{ code: 'write.refused', message: words, mend: null, field: null },
    vendor: { status: 400, code: '0x0', text: words },
  }
  const ended = { recordId, state: 'written' as const, done: 1n, hash: null, mark: null, awaits: [], pauseMs: null }
  await inTransaction(hub.pool, (tx) => settleRows(tx, id, [{ ...ended, wrote: false, left: false, problem }]))
  const [parked] = await parkedRows(hub.pool, id, { cursor: null, limit: 10 })
  assert.equal(parked?.problem.message, 'No  and no half \ufffd of it')

  await noteProblem(hub.pool, id, { code: 'crm.refused', message: words, mend: null, retryAt: null })
  assert.equal((await hub.destination()).problem?.message, 'No  and no half \ufffd of it')
})
