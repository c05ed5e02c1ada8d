import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRun, requestRun, resumeRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import type { Completeness } from '#sync/table-state.ts'
import { copied, differences, type TestHub, testHub, untilWithoutPauses } from '../support/hub.ts'

const pageSize = 50

const troubles: [what: string, fault: Record<string, unknown>, code: string][] = [
  ['cut off', { kind: 'truncate' }, 'crm.body_invalid'],
  ['a web page', { kind: 'html' }, 'crm.body_invalid'],
  ['an error in a success', { kind: 'error-200' }, 'crm.body_invalid'],
  ['linked to another host', { kind: 'foreign-next-link', host: 'https://foreign.example' }, 'crm.foreign_link'],
]

const contactsOnly = (hub: TestHub) =>
  hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact', schedule_seconds = 86400`)

const asked = async (hub: TestHub, kind: string) => {
  const { counts } = await hub.control<{ counts: Record<string, number> }>('/requests', undefined, 'GET')
  return counts[kind] ?? 0
}

for (const [what, fault, code] of troubles) {
  test(`a first copy stops at a page that is ${what}, and goes on from there`, async (t) => {
    const hub = await testHub(t, { records: 600, pageSize })
    await hub.connect()
    await contactsOnly(hub)
    const pages = Math.ceil((await hub.dump('contact')).filter(({ deleted }) => !deleted).length / pageSize)
    await hub.control('/faults', { ...fault, times: 0, after: 2, on: ['page'] })
    await hub.control('/reset-requests')
    hub.worker()
    const failed = await untilWithoutPauses(
      hub,
      async () => (await listRuns(hub.pool, { state: 'failed', limit: 1 }))[0],
    )
    assert.equal(failed.problem!.code, code)
    assert.equal(failed.problem!.page, 3)
    assert.ok((await asked(hub, 'page')) <= 2 + 4 * 3, 'asked again within bounds')

    await hub.control('/faults', undefined, 'DELETE')
    await hub.control('/reset-requests')
    await resumeRun(hub.pool, failed.id)
    await copied(hub)
    assert.deepEqual(await differences(hub, 'contact'), [])
    // One more counts the rows.
    assert.ok((await asked(hub, 'page')) <= pages - 2 + 1, 'the pages that were stored are not read again')
  })

  test(`an audit whose list of ids is ${what} counts as none, and removes nothing`, async (t) => {
    const hub = await testHub(t, { records: 240 })
    await hub.connect()
    await contactsOnly(hub)
    await hub.control('/settings', { maxPageSize: pageSize })
    hub.worker()
    await copied(hub)
    const before = (await hub.table('contact')).completeness as Completeness
    await hub.control('/faults', { ...fault, times: 0, after: 1, on: ['enumerate'] })
    const { id: tableId } = await hub.table('contact')
    const request = { tableId, kind: 'audit', cause: 'test', requestedBy: 'test', options: { repair: true } } as const
    const { id } = await requestRun(hub.pool, request)
    const run = await untilWithoutPauses(hub, async () => {
      const found = await findRun(hub.pool, id)
      return found.state === 'failed' || found.state === 'done' ? found : null
    })
    assert.deepEqual([run.state, run.problem?.code], ['failed', code])
    assert.deepEqual((await hub.table('contact')).completeness, before)
    assert.deepEqual(await differences(hub, 'contact'), [])
  })
}

test('a walk whose pages lead back to one that was shown fails with the reason, and its copy stays', async (t) => {
  const hub = await testHub(t, { records: 600, pageSize })
  await hub.connect()
  await contactsOnly(hub)
  hub.worker()
  await copied(hub)
  const { id: tableId, completeness } = await hub.table('contact')
  const { rows } = await hub.pool.query<{ next: string }>(
    'select p.next from jackfield.sync_page p join jackfield.sync_run r on r.id = p.run_id where r.table_id = $1 order by p.number',
    [tableId],
  )
  const [second, , fourth] = rows.map(({ next }) => next)
  await hub.control('/faults', { kind: 'replace', from: fourth, to: second, times: 0, on: ['page'] })
  await hub.control('/reset-requests')
  const request = { tableId, kind: 'full', cause: 'test', requestedBy: 'test' } as const
  const { id } = await requestRun(hub.pool, request)
  const run = await untilWithoutPauses(hub, async () => {
    const found = await findRun(hub.pool, id)
    return found.state === 'failed' || found.state === 'done' ? found : null
  })
  assert.deepEqual([run.state, run.problem?.code, run.problem?.page], ['failed', 'crm.pages_unsound', 4])
  assert.ok((await asked(hub, 'page')) <= 5 * 4, 'asked again within bounds')
  assert.deepEqual((await hub.table('contact')).completeness, completeness)
  assert.deepEqual(await differences(hub, 'contact'), [])
})
