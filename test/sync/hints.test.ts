import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRecord, listRecords } from '#records/find.ts'
import { differences, feedOf, type TestHub, until } from '../support/hub.ts'
import { pushedHub } from './pushed-hub.ts'

const settled = (hub: TestHub) => until(async () => (await hub.pool.query('select from jackfield.hint')).rowCount === 0)

const contactFeed = (hub: TestHub) => feedOf(hub, 'contact')

test('a pushed change is read back whole, whatever the push carried', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const [a] = await hub.dump('contact')
  await hub.control('/records', { entity: 'contact', operation: 'change', id: a!.id, fields: { jobtitle: 'Operator' } })
  assert.equal(await inbox.keep(hint(a!.id, 'Update')), 'kept')
  await settled(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const [fed] = await contactFeed(hub)
  assert.equal(fed!.cause, 'hint')
  assert.equal(fed!.changed.jobtitle?.after, 'Operator')
})

test('a replayed event has no effect', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const [a] = await hub.dump('contact')
  const event = hint(a!.id, 'Update')
  assert.equal(await inbox.keep(event), 'kept')
  assert.equal(await inbox.keep(event), 'replayed')
  await settled(hub)
  assert.equal(await inbox.keep(event), 'replayed')
  assert.equal((await contactFeed(hub)).length, 0)
})

test('a delete that comes before its record leaves nothing to revive', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const created = await hub.control<{ id: string }>('/records', { entity: 'contact', operation: 'create' })
  await hub.control('/records', { entity: 'contact', operation: 'delete', id: created.id })
  await inbox.keep(hint(created.id, 'Delete'))
  await settled(hub)
  await inbox.keep(hint(created.id, 'Create'))
  await settled(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 1_000 })
  assert.notEqual(records.find(({ source }) => source.id === created.id)?.deletedAt ?? null, null)
})

test('deletes and restores pushed in any order end as the CRM has it', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const [a] = await hub.dump('contact')
  await hub.control('/records', { entity: 'contact', operation: 'delete', id: a!.id })
  await inbox.keep(hint(a!.id, 'Delete'))
  await settled(hub)
  await hub.control('/records', { entity: 'contact', operation: 'restore', id: a!.id })
  await Promise.all([
    inbox.keep(hint(a!.id, 'Create')),
    inbox.keep(hint(a!.id, 'Delete')),
    inbox.keep(hint(a!.id, 'Update')),
  ])
  await settled(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  assert.deepEqual(
    (await contactFeed(hub)).map(({ operation }) => operation),
    ['deleted', 'restored'],
  )
})

test('two edits in one second, pushed in the wrong order, end with the later one', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const [a] = await hub.dump('contact')
  const edit = (jobtitle: string) =>
    hub.control('/records', { entity: 'contact', operation: 'change', id: a!.id, fields: { jobtitle } })
  await edit('First')
  const first = hint(a!.id, 'Update')
  await edit('Second')
  await inbox.keep(hint(a!.id, 'Update'))
  await inbox.keep(first)
  await settled(hub)
  const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 1_000 })
  const record = await findRecord(hub.pool, hub.finder, records.find(({ source }) => source.id === a!.id)!.id)
  assert.equal(record.sourceFields.jobtitle, 'Second')
})

test('a thousand events on ten records cost a few readings', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  const rows = (await hub.dump('contact')).slice(0, 10)
  await hub.control('/reset-requests')
  await Promise.all(Array.from({ length: 1_000 }, (_, i) => inbox.keep(hint(rows[i % 10]!.id, 'Update'))))
  await settled(hub)
  const { counts } = await hub.control<{ counts: Record<string, number> }>('/requests', undefined, 'GET')
  const calls = Object.values(counts).reduce((sum, count) => sum + count, 0)
  assert.ok(calls <= 60, `${calls} calls`)
})

test('hints for a table that is not copied are done without a call', async (t) => {
  const { hub, inbox, hint } = await pushedHub(t)
  await inbox.keep(hint('6a0ef1b4-0000-4000-8000-000000000001', 'Update', 'unheard_of'))
  await settled(hub)
  assert.equal((await contactFeed(hub)).length, 0)
})
