import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalId } from '#connectors/salesforce/ids.ts'
import { listRecords } from '#records/find.ts'
import { insertHints } from '#sync/inbox.ts'
import { findRun, requestRun } from '#sync/run.ts'
import { copied, differences, feedOf, passed, until } from '../support/hub.ts'
import { jwtOf, salesforceHub } from './salesforce-hub.ts'

test('an organisation is copied, by either way to sign in, with relations, names and numbers', async (t) => {
  const hub = await salesforceHub(t, { records: 200 })
  const connection = await hub.connect({ authentication: jwtOf(hub.simulator) })
  assert.equal(connection.settings.userId?.length, 18)
  for (const entity of ['incident', 'phone_call', 'task']) {
    await hub.connections.setTable(connection.id, entity, { enabled: true })
  }
  hub.worker()
  await copied(hub)
  for (const entity of ['account', 'contact', 'user', 'incident']) {
    assert.deepEqual(await differences(hub, entity), [], entity)
  }
  const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 500 })
  const named = records.find(({ fields }) => fields.email && fields.customer)!
  assert.ok(named.name?.includes(String(named.fields.lastName)))
  assert.match(named.source.url, /\/lightning\/r\/Contact\/003\w+\/view$/)
  const calls = await listRecords(hub.pool, hub.finder, { entity: 'phone_call', limit: 500 })
  assert.ok(calls.records.length > 0 && calls.records.every(({ sourceFields }) => sourceFields.TaskSubtype === 'Call'))
  const tasks = await listRecords(hub.pool, hub.finder, { entity: 'task', limit: 500 })
  assert.ok(tasks.records.length > 0 && tasks.records.every(({ sourceFields }) => sourceFields.TaskSubtype !== 'Call'))
})

test('what happens after the copy is found: changes, deletes, undeletes, merges, a late commit', async (t) => {
  const hub = await salesforceHub(t, { records: 100 })
  await hub.connect()
  hub.worker()
  await copied(hub)
  const contacts = (await hub.dump('contact')).filter(({ deleted }) => !deleted)
  const [changed, removed, revived, winner, loser] = contacts.map(({ id }) => id)
  const entity = 'Contact'
  await hub.records({ entity, operation: 'change', id: changed, fields: { LastName: 'Changed' } })
  await hub.records({ entity, operation: 'delete', id: removed })
  await hub.records({ entity, operation: 'delete', id: revived })
  await passed(hub)
  await hub.records({ entity, operation: 'undelete', id: revived })
  await hub.records({ entity, operation: 'merge', id: winner, losers: [loser] })
  // A transaction that began a minute ago shows itself only now.
  const late = await hub.records({
    entity,
    operation: 'create',
    fields: { LastName: 'Late' },
    at: Date.now() - 60_000,
  })
  await passed(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  const feed = await feedOf(hub, 'contact')
  const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 500 })
  const idOf = new Map(records.map(({ id, source }) => [source.id, id]))
  const told = (id: string) =>
    feed.filter(({ recordId }) => recordId === idOf.get(id)).map(({ operation }) => operation)
  assert.deepEqual(told(changed!), ['changed'])
  assert.deepEqual(told(removed!), ['deleted'])
  assert.deepEqual(told(revived!), ['deleted', 'restored'])
  assert.deepEqual(told(loser!), ['deleted'])
  assert.deepEqual(told(late.id), ['created'])
})

test('an organisation that answers with less than was asked for is copied, followed and audited', async (t) => {
  const hub = await salesforceHub(t, { records: 900, settings: { maxPageSize: 200 } })
  await hub.connect()
  hub.worker()
  await copied(hub)
  const contacts = (await hub.dump('contact')).filter(({ deleted }) => !deleted)
  assert.ok(contacts.length > 400)
  const entity = 'Contact'
  const changes = contacts
    .slice(0, 300)
    .map(({ id }) => ({ entity, operation: 'change', id, fields: { Title: 'Many' } }))
  await hub.control('/records', [...changes, { entity, operation: 'delete', id: contacts.at(-1)!.id }])
  await passed(hub)
  assert.deepEqual(await differences(hub, 'contact'), [])
  // Nobody told of it, and no list has it any more.
  const { id: tableId } = await hub.table('contact')
  const lost = contacts.at(-2)!.id
  await hub.pool.query(`delete from jackfield.record where source_id = $1`, [lost])
  const run = await requestRun(hub.pool, { tableId, kind: 'audit', cause: 'test', options: { repair: true } })
  await until(async () => (await findRun(hub.pool, run.id)).state === 'done')
  await until(async () => (await differences(hub, 'contact')).length === 0)
})

test('activities that Salesforce archives stay what they are: copied, told of, audited, deleted', async (t) => {
  const hub = await salesforceHub(t, { records: 400 })
  const archive = (entity: string, id: string) => hub.records({ entity, operation: 'archive', id })
  const events = (await hub.dump('appointment')).map(({ id }) => id)
  const tasks = (await hub.dump('Task')).map(({ id }) => id)
  await archive('Event', events[0]!)
  await archive('Task', tasks[0]!)
  const connection = await hub.connect()
  for (const entity of ['phone_call', 'task', 'appointment']) {
    await hub.connections.setTable(connection.id, entity, { enabled: true })
  }
  hub.worker()
  await copied(hub)
  const held = async () => {
    const { rows } = await hub.pool.query<{ id: string }>(
      'select source_id as id from jackfield.record where deleted_at is null and source_id = any($1)',
      [[...events, ...tasks]],
    )
    return rows.map(({ id }) => id).sort()
  }
  assert.deepEqual(await held(), [...events, ...tasks].sort())
  for (const [object, entity, id] of [
    ['Event', 'appointment', events[1]!],
    ['Task', 'task', tasks[1]!],
    ['Task', 'phone_call', tasks[1]!],
  ] as const) {
    await archive(object, id)
    // As Change Data Capture tells it.
    const hint = { connectionId: connection.id, entity, sourceId: id, operation: 'GAP_UPDATE' }
    await insertHints(hub.pool, [{ ...hint, eventKey: `${entity} ${id}` }])
  }
  await passed(hub)
  assert.deepEqual(await held(), [...events, ...tasks].sort())
  await archive('Event', events[2]!)
  for (const entity of ['appointment', 'task', 'phone_call']) {
    const { id: tableId } = await hub.table(entity)
    const run = await requestRun(hub.pool, { tableId, kind: 'audit', cause: 'test', options: { repair: true } })
    hub.wake()
    await until(async () => (await findRun(hub.pool, run.id)).state === 'done')
  }
  assert.deepEqual(await held(), [...events, ...tasks].sort())
  await hub.records({ entity: 'Event', operation: 'delete', id: events[0]! })
  await hub.records({ entity: 'Task', operation: 'delete', id: tasks[0]! })
  await passed(hub)
  assert.deepEqual(await held(), [...events.slice(1), ...tasks.slice(1)].sort())
  assert.deepEqual(await differences(hub, 'appointment'), [])
})

test('a task hinted of leaves nothing in the table of calls, deleted or not; deleted first, it stays gone', async (t) => {
  const hub = await salesforceHub(t, { records: 60 })
  const connection = await hub.connect()
  for (const entity of ['phone_call', 'task']) {
    await hub.connections.setTable(connection.id, entity, { enabled: true })
  }
  hub.worker()
  await copied(hub)
  const entity = 'Task'
  const make = () => hub.records({ entity, operation: 'create', fields: { Subject: 'Hinted of', TaskSubtype: 'Task' } })
  const [there, gone] = [await make(), await make()]
  await hub.records({ entity, operation: 'delete', id: gone.id })
  const never = there.id.replace(/^(...).{12}/, '$1BA09999999zz').slice(0, 15)
  for (const id of [there.id, gone.id, never]) {
    for (const table of ['task', 'phone_call']) {
      const hint = { connectionId: connection.id, entity: table, sourceId: canonicalId(id), operation: 'Update' }
      await insertHints(hub.pool, [{ ...hint, eventKey: `${table} ${id}` }])
    }
  }
  await passed(hub)
  const held = async (table: string) => {
    const { records } = await listRecords(hub.pool, hub.finder, { entity: table, limit: 10_000 })
    return (id: string) => {
      const found = records.find(({ source }) => source.id === canonicalId(id))
      return found && (found.deletedAt === null ? 'there' : 'gone')
    }
  }
  const [task, call] = [await held('task'), await held('phone_call')]
  assert.deepEqual([task(there.id), task(gone.id)], ['there', 'gone'])
  assert.deepEqual([call(there.id), call(gone.id)], [undefined, undefined])
  // Of what the organisation knows nothing any more, nobody can tell which table it was of.
  assert.deepEqual([task(never), call(never)], ['gone', 'gone'])
})
