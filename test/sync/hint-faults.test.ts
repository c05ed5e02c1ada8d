import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { listRecords } from '#records/find.ts'
import { listParked } from '#records/park.ts'
import { findRun, requestRun } from '#sync/run.ts'
import { copied, differences, type TestHub, testHub, until } from '../support/hub.ts'
import { pushedHub } from './pushed-hub.ts'

const open = async (hub: TestHub, entity: string) =>
  (await hub.pool.query('select from jackfield.hint where entity = $1', [entity])).rowCount!

const change = (hub: TestHub, entity: string, id: string, fields: Record<string, unknown>) =>
  hub.control('/records', { entity, operation: 'change', id, fields })

test('a table that may not be read any more does not hold up the others, and is not asked for all the time', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const [account] = await hub.dump('account')
  const [contact] = await hub.dump('contact')
  await hub.control('/faults', { kind: 'privilege-lost', entity: 'account' })
  await change(hub, 'account', account!.id, { telephone1: '+32 2 555 01 01' })
  await change(hub, 'contact', contact!.id, { jobtitle: 'Operator' })
  await inbox.keep(hint(account!.id, 'Update', 'account'))
  await inbox.keep(hint(contact!.id))
  await until(async () => (await open(hub, 'contact')) === 0)
  assert.deepEqual(await differences(hub, 'contact'), [])
  assert.equal(await open(hub, 'account'), 1)
  await hub.control('/reset-requests')
  await wait(4_000)
  const { counts } = await hub.control<{ counts: Record<string, number> }>('/requests', undefined, 'GET')
  assert.ok((counts.byIds ?? 0) <= 4, `${counts.byIds} calls`)
  await hub.control('/faults', undefined, 'DELETE')
  await until(async () => (await open(hub, 'account')) === 0)
  assert.deepEqual(await differences(hub, 'account'), [])
})

test('a run ends although pushes never cease', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const contacts = await hub.dump('contact')
  await hub.control('/faults', { kind: 'latency', ms: 100, times: 0, on: ['byIds'] })
  let pushing = true
  const pushed = (async () => {
    for (let i = 0; pushing; i += 1) {
      await inbox.keep(hint(contacts[i % contacts.length]!.id))
      await wait(10)
    }
  })()
  const { id: tableId } = await hub.table('contact')
  const { id } = await requestRun(hub.pool, { tableId, kind: 'incremental', cause: 'test', requestedBy: 'test' })
  await until(async () => (await findRun(hub.pool, id)).state === 'done')
  pushing = false
  await pushed
})

test('a row that the database refuses is parked alone when a push brings it', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const [refused, fine] = await hub.dump('contact')
  await change(hub, 'contact', refused!.id, { jobtitle: 'Refused' })
  await change(hub, 'contact', fine!.id, { jobtitle: 'Fine' })
  // More digits than any number in Postgres has.
  await hub.control('/faults', {
    kind: 'replace',
    from: '"jobtitle":"Refused"',
    to: '"jobtitle":"Refused","cr_vast":1e200000',
    times: 0,
    on: ['byIds'],
  })
  await Promise.all([inbox.keep(hint(refused!.id)), inbox.keep(hint(fine!.id))])
  await until(async () => (await open(hub, 'contact')) === 0)
  assert.deepEqual(await differences(hub, 'contact'), [`stale ${refused!.id}`])
  const parked = await listParked(hub.pool, { limit: 10 })
  assert.deepEqual(
    parked.map(({ sourceId, code }) => [sourceId, code]),
    [[refused!.id, 'record.invalid']],
  )
})

test('a lookup that holds what separates rows in transit spoils no page', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  const { id } = await hub.control<{ id: string }>('/records', {
    entity: 'contact',
    operation: 'create',
    fields: { lastname: 'Odd', _parentcustomerid_value: 'a\u001eb\u001fc' },
  })
  hub.worker()
  await copied(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 1_000 })
  const odd = records.find(({ source }) => source.id === id)!
  assert.equal(odd.sourceFields._parentcustomerid_value, 'a\u001eb\u001fc')
})
