import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRun, requestRun, resumeRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import type { Completeness } from '#sync/table-state.ts'
import { copied, differences, type TestHub, testHub, untilWithoutPauses } from '../support/hub.ts'
import { leadBack } from '../support/simulator-control.ts'

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

async function runOf(hub: TestHub, kind: 'full' | 'audit') {
  const { id: tableId } = await hub.table('contact')
  const options = kind === 'audit' ? { repair: true } : {}
  const { id } = await requestRun(hub.pool, { tableId, kind, cause: 'test', requestedBy: 'test', options })
  return untilWithoutPauses(hub, async () => {
    const found = await findRun(hub.pool, id)
    return found.state === 'failed' || found.state === 'done' ? found : null
  })
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
    const run = await runOf(hub, 'audit')
    assert.deepEqual([run.state, run.problem?.code], ['failed', code])
    assert.deepEqual((await hub.table('contact')).completeness, before)
    assert.deepEqual(await differences(hub, 'contact'), [])
  })
}

const circles = [
  { what: 'a walk', kind: 'full', asks: 'page', page: 4 },
  { what: 'an audit', kind: 'audit', asks: 'enumerate', page: undefined },
] as const

for (const { what, kind, asks, page } of circles) {
  test(`${what} whose pages lead back to one that was shown fails with the reason, and the copy stays`, async (t) => {
    const hub = await testHub(t, { records: 600 })
    await hub.connect()
    await contactsOnly(hub)
    await hub.control('/settings', { maxPageSize: pageSize })
    hub.worker()
    await copied(hub)
    const { completeness } = await hub.table('contact')
    await leadBack(hub.simulator.control, { kind: asks, path: '/contacts?' })
    await hub.control('/reset-requests')
    const run = await runOf(hub, kind)
    assert.deepEqual([run.state, run.problem?.code, run.problem?.page], ['failed', 'crm.pages_unsound', page])
    assert.ok((await asked(hub, asks)) <= 5 * 4, 'asked again within bounds')
    assert.deepEqual((await hub.table('contact')).completeness, completeness)
    assert.deepEqual(await differences(hub, 'contact'), [])
  })
}
