import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/hub.ts'
import { compared, control, rowsOf, synced, twoOrganisations, written } from './two-organisations.ts'

test('accounts and contacts of one organisation stand in the other, once, with their source, and follow what changes', async (t) => {
  const hub = await twoOrganisations(t)
  const before = await rowsOf(hub.to, 'contact')
  await hub.name()
  hub.worker()
  await written(hub)

  const contacts = await rowsOf(hub.from, 'contact')
  const there = await rowsOf(hub.to, 'contact')
  assert.equal(there.size, before.size + contacts.size)
  for (const [id, { fields }] of contacts) {
    const row = there.get(hub.idOf('contact', id))
    assert.ok(row, `the row of contact ${id}`)
    assert.equal(row.fields.lastname, fields.lastname)
    assert.equal(row.fields.msdyn_source_crm, 'Dynamics 365')
    assert.equal(row.fields.msdyn_source_crm_id, id)
    assert.match(String(row.fields.msdyn_source_crm_url), new RegExp(`^${hub.from.url}/.*${id}`))
    const customer = fields._parentcustomerid_value
    const entity = String(fields['_parentcustomerid_value@type'] ?? 'account')
    const expected = typeof customer === 'string' ? hub.idOf(entity, customer) : null
    assert.equal(row.fields._parentcustomerid_value ?? null, expected)
  }
  const first = await compared(hub)
  assert.deepEqual([first.missing, first.differing, first.extra, first.parked], [0, 0, 0, 0])
  assert.equal(first.records, first.held)

  // Read back by the other organisation's own sync, they are nobody's new records.
  await synced(hub)
  assert.equal(await hub.ownRecords('contact'), before.size)

  const changed = [...contacts.keys()][0]!
  const gone = [...contacts.keys()][1]!
  const writes = hub.to.simulator.log.writes.length
  await control(hub.from, '/records', [
    { entity: 'contact', operation: 'change', id: changed, fields: { lastname: 'Anew' } },
    { entity: 'contact', operation: 'delete', id: gone },
    { entity: 'contact', operation: 'create', fields: { lastname: 'Newcomer', firstname: 'Nora' } },
  ])
  await synced(hub)
  await written(hub)
  const after = await rowsOf(hub.to, 'contact')
  assert.equal(after.get(hub.idOf('contact', changed))?.fields.lastname, 'Anew')
  assert.equal(after.get(hub.idOf('contact', gone))?.fields.statecode, 1)
  assert.equal([...after.values()].filter(({ fields }) => fields.lastname === 'Newcomer').length, 1)
  assert.equal(hub.to.simulator.log.writes.length - writes, 3, 'only what changed is written')
  const second = await compared(hub)
  assert.deepEqual([second.missing, second.differing, second.extra, second.past], [0, 0, 0, 1])
})

test('a destination that was named before anything was copied is compared again when it is filled', async (t) => {
  const hub = await twoOrganisations(t, { records: 0 })
  await hub.name()
  hub.worker()
  const figure = async () => (await hub.destination()).figure
  await until(async () => (await figure())?.records === 0)
  await control(hub.from, '/records', [
    { entity: 'contact', operation: 'create', fields: { lastname: 'Newcomer', firstname: 'Nora' } },
  ])
  await synced(hub)
  await until(async () => (await figure())?.held === 1)
})

test('a first comparison with records that breaks off is made again', async (t) => {
  const hub = await twoOrganisations(t, { records: 0 })
  await hub.name()
  hub.worker()
  await until(async () => (await hub.destination()).figure?.records === 0)
  await control(hub.to, '/faults', [{ kind: '500', match: 'GET /api/data/v9.2/accounts', times: 0 }])
  await control(hub.from, '/records', [
    { entity: 'contact', operation: 'create', fields: { lastname: 'Newcomer', firstname: 'Nora' } },
  ])
  await hub.pool.query('update jackfield.synced_table set next_pass_at = now() where connection_id = $1', [
    hub.source.id,
  ])
  hub.wake()
  await until(async () => (await hub.destination()).problem)
  await control(hub.to, '/faults', undefined, 'DELETE')
  await until(async () => (await hub.destination()).figure?.held === 1)
})

test('what a comparison mended is compared once more', async (t) => {
  const hub = await twoOrganisations(t, { records: 5 })
  await hub.name()
  hub.worker()
  await written(hub)
  // The first comparison mends by itself what it finds.
  await until(async () => {
    const { figure } = await hub.destination()
    return figure !== null && figure.records > 0 && figure.held === figure.records
  })
  const [id] = (await rowsOf(hub.from, 'contact')).keys()
  await control(hub.to, '/records', [{ entity: 'contact', operation: 'delete', id: hub.idOf('contact', id!) }])
  const { missing, repaired } = await compared(hub, true)
  assert.deepEqual([missing, repaired], [1, 1])
  await until(async () => {
    const { figure } = await hub.destination()
    return figure?.missing === 0 && figure.held === figure.records
  })
})
