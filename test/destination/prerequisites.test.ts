import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHubError } from '#core/errors.ts'
import { changeMapping, createDestination, makeMissing, startDestination } from '#destination/manage.ts'
import { checkReadiness } from '#destination/readiness.ts'
import { parkedRows } from '#destination/rows.ts'
import { until } from '../support/hub.ts'
import { compared, control, manageParts, rowsOf, synced, twoOrganisations, written } from './two-organisations.ts'

const columns = ['msdyn_source_crm', 'msdyn_source_crm_id', 'msdyn_source_crm_url']

test('an organisation without the columns: each lack is named, the columns are made, text or choice, and rows written', async (t) => {
  const hub = await twoOrganisations(t, {
    async before(to) {
      for (const column of columns) await control(to, '/schema', { entity: 'account', removeColumn: column })
      await control(to, '/schema', { entity: 'contact', removeColumn: columns[0] })
      const choice = { name: columns[0], type: 'Picklist', label: 'Source CRM', options: [1] }
      await control(to, '/schema', { entity: 'contact', addColumn: choice })
      const option = { column: columns[0], value: 2, label: 'ServiceNow' }
      await control(to, '/schema', { entity: 'contact', addOption: option })
      await control(to, '/settings', { denied: { contact: ['Create'] } })
    },
  })
  const parts = manageParts(hub)
  const made = await createDestination(parts, { connectionId: hub.target.id })
  hub.use(made.id)
  const lacks = (await checkReadiness(parts, made)).filter(({ state }) => state === 'unmet')
  assert.deepEqual(
    lacks.map(({ name, subject, makes }) => [name, subject, makes?.option ?? makes?.column]),
    [
      ['rights', 'contact', undefined],
      ...columns.map((column) => ['columns', 'account', column]),
      ['choices', 'contact', 'Dynamics 365'],
    ],
  )
  assert.match(lacks[0]!.message, /prvCreateContact/)
  for (const { mend } of lacks) assert.ok(mend)
  await assert.rejects(startDestination(parts, made.id), (error) => isHubError(error, 'destination.not_ready'))

  await control(hub.to, '/settings', { denied: {} })
  const left = await makeMissing(parts, made.id)
  assert.deepEqual(
    left.filter(({ state, blocks }) => state === 'unmet' && blocks),
    [],
  )
  await startDestination(parts, made.id)
  hub.worker()
  await written(hub)
  const account = [...(await rowsOf(hub.from, 'account')).keys()][0]!
  const contact = [...(await rowsOf(hub.from, 'contact')).keys()][0]!
  assert.equal(
    (await rowsOf(hub.to, 'account')).get(hub.idOf('account', account))?.fields.msdyn_source_crm,
    'Dynamics 365',
  )
  assert.equal(
    typeof (await rowsOf(hub.to, 'contact')).get(hub.idOf('contact', contact))?.fields.msdyn_source_crm,
    'number',
  )
  const figure = await compared(hub)
  assert.deepEqual([figure.held, figure.extra], [figure.records, 0])
  await synced(hub)
  assert.equal(
    await hub.ownRecords('contact'),
    (await rowsOf(hub.to, 'contact')).size - figure.entities.contact!.records,
  )
})

test('rows that carry the same source are adopted, and what another program made of it is a record of its own no longer', async (t) => {
  const hub = await twoOrganisations(t, { records: 30 })
  const [first, second] = [...(await rowsOf(hub.from, 'contact')).keys()]
  const made = await control<{ id: string }[]>(
    hub.to,
    '/records',
    [first, second].map((id) => ({
      entity: 'contact',
      operation: 'create',
      fields: { lastname: 'From a flow', msdyn_source_crm: 'dynamics 365', msdyn_source_crm_id: id!.toUpperCase() },
    })),
  )
  // Out of use, it would be found by no call.
  const unused = { entity: 'contact', operation: 'change', id: made[1]!.id, fields: { statecode: 1, statuscode: 2 } }
  await control(hub.to, '/records', [unused])
  await synced(hub)
  const own = await hub.ownRecords('contact')
  await hub.name()
  hub.worker()
  await written(hub)
  const there = await rowsOf(hub.to, 'contact')
  for (const [i, id] of [first!, second!].entries()) {
    const row = there.get(made[i]!.id)
    assert.equal(row?.fields.lastname, (await rowsOf(hub.from, 'contact')).get(id)?.fields.lastname)
    assert.equal(row?.fields.msdyn_source_crm_id, id)
    assert.equal(row?.fields.statecode, 0)
    assert.equal(there.has(hub.idOf('contact', id)), false)
  }
  await synced(hub)
  assert.equal(await hub.ownRecords('contact'), own - 2)
  const figure = await compared(hub)
  assert.deepEqual([figure.held, figure.extra], [figure.records, 0])
})

test('a row of an organisation of which nothing is copied yet is not taken for another one’s record with the same id', async (t) => {
  const hub = await twoOrganisations(t, { records: 30, another: true })
  const [id] = (await rowsOf(hub.from, 'contact')).keys()
  const fields = {
    ...{ lastname: 'Of the other', msdyn_source_crm: 'Dynamics 365', msdyn_source_crm_id: id! },
    msdyn_source_crm_url: 'https://other.crm.example/main.aspx',
  }
  const given = { entity: 'contact', operation: 'create', fields }
  const [made] = await control<{ id: string }[]>(hub.to, '/records', [given])
  await synced(hub)
  await hub.name()
  hub.worker()
  await written(hub)
  const there = await rowsOf(hub.to, 'contact')
  assert.equal(there.get(made!.id)?.fields.lastname, 'Of the other')
  assert.ok(there.has(hub.idOf('contact', id!)))
})

test('a value that does not fit waits with its reason, the others go on; a changed mapping frees it', async (t) => {
  const hub = await twoOrganisations(t, {
    records: 30,
    async before(to) {
      await control(to, '/schema', { entity: 'contact', removeColumn: 'lastname' })
      await control(to, '/schema', { entity: 'contact', addColumn: { name: 'lastname', maxLength: 20 } })
    },
  })
  const long = [...(await rowsOf(hub.from, 'contact')).keys()][0]!
  const fields = { lastname: 'A name that is longer than twenty' }
  await control(hub.from, '/records', [{ entity: 'contact', operation: 'change', id: long, fields }])
  await synced(hub)
  const { id } = await hub.name('delete')
  hub.worker()
  await written(hub)
  const figure = await compared(hub)
  assert.deepEqual([figure.parked, figure.held], [1, figure.records - 1])
  const [parked] = await parkedRows(hub.pool, id, { cursor: null, limit: 10 })
  assert.deepEqual(
    [parked?.recordId, parked?.problem.code, parked?.problem.field],
    [hub.idOf('contact', long), 'destination.value_refused', 'lastname'],
  )
  assert.match(parked!.problem.message, /33 characters are more than the 20/)

  const to = [
    { to: 'firstname', model: 'firstName' },
    { to: 'description', model: 'lastName' },
  ]
  await changeMapping(manageParts(hub), id, { contact: { '*': to } })
  const row = await until(async () => (await rowsOf(hub.to, 'contact')).get(hub.idOf('contact', long)))
  assert.equal(row.fields.description, fields.lastname)

  // Deleted at its source: deleted there by this policy, and back with what points at it when it is restored.
  await written(hub)
  const accounts = await rowsOf(hub.from, 'account')
  const pointing = [...(await rowsOf(hub.from, 'contact')).values()].find(({ fields: one }) =>
    accounts.has(String(one._parentcustomerid_value)),
  )!
  const account = String(pointing.fields._parentcustomerid_value)
  await changeMapping(manageParts(hub), id, null)
  await written(hub)
  const parentOf = async () =>
    (await rowsOf(hub.to, 'contact')).get(hub.idOf('contact', pointing.id))?.fields._parentcustomerid_value ?? null
  await until(async () => (await parentOf()) === hub.idOf('account', account))
  await control(hub.from, '/records', [{ entity: 'account', operation: 'delete', id: account }])
  await synced(hub)
  await until(async () => (await rowsOf(hub.to, 'account')).get(hub.idOf('account', account))?.deleted === true)
  await control(hub.from, '/records', [{ entity: 'account', operation: 'restore', id: account }])
  await control(hub.from, '/records', [
    { entity: 'contact', operation: 'change', id: pointing.id, fields: { _parentcustomerid_value: account } },
  ])
  await synced(hub)
  await until(async () => (await parentOf()) === hub.idOf('account', account))
})

test('of a column that is not filled it is told what is to be done first: copied, made there, or filled from another field', async (t) => {
  const hub = await twoOrganisations(t, {
    records: 5,
    async before(to) {
      await control(to, '/schema', { entity: 'contact', removeColumn: 'suffix' })
      await control(to, '/schema', { entity: 'contact', readOnly: 'department' })
    },
  })
  const parts = manageParts(hub)
  const made = await createDestination(parts, { connectionId: hub.target.id })
  const told = async () => {
    const all = await checkReadiness(parts, made)
    return all.find(({ name, subject }) => name === 'mapping' && subject === 'dynamics contact')!
  }
  const elsewhere = 'make suffix there, or take it out of the mapping; fill another column than department'
  assert.equal((await told()).mend, `Where these are wanted: ${elsewhere}.`)
  await hub.pool.query(
    `update jackfield.synced_table set columns = array_remove(columns, 'jobtitle') where connection_id = $1 and entity = 'contact'`,
    [hub.source.id],
  )
  const { message, mend } = await told()
  assert.match(message, /left out: suffix ← suffix, jobtitle ← jobtitle, department ← department/)
  assert.equal(
    mend,
    `Where these are wanted: copy jobtitle first, by the columns of the table contact at its connection; ${elsewhere}.`,
  )
})

test('a row that stands under the id of another record, and a record whose id is another’s row, stop nothing', async (t) => {
  const hub = await twoOrganisations(t, { records: 30 })
  const [first, second] = [...(await rowsOf(hub.from, 'contact')).keys()]
  const [account] = (await rowsOf(hub.from, 'account')).keys()
  const coming = '0c0ffee0-0000-4000-8000-000000000001'
  const carrying = (source: string) => ({ msdyn_source_crm: 'Dynamics 365', msdyn_source_crm_id: source })
  for (const [entity, id, fields] of [
    ['contact', hub.idOf('contact', second!), { lastname: 'Merged by hand', ...carrying(first!) }],
    ['account', hub.idOf('account', coming), { name: 'Merged by hand', ...carrying(account!) }],
  ])
    await control(hub.to, '/records', [{ entity, operation: 'create', id, fields }])
  await synced(hub)
  await hub.name()
  hub.worker()
  await written(hub)
  await control(hub.from, '/records', [
    { entity: 'account', operation: 'create', id: coming, fields: { name: 'Newcomer' } },
  ])
  await synced(hub)
  await written(hub)
  assert.equal((await hub.destination()).problem, null)
  const figure = await compared(hub)
  assert.deepEqual([figure.held, figure.missing, figure.parked], [figure.records, 0, 0])
  const sources = [...(await rowsOf(hub.to, 'contact')).values()].map((row) => row.fields.msdyn_source_crm_id)
  for (const one of [first, second]) assert.equal(sources.filter((source) => source === one).length, 1)
  const accounts = [...(await rowsOf(hub.to, 'account')).values()].map((row) => row.fields.msdyn_source_crm_id)
  for (const one of [account, coming]) assert.equal(accounts.filter((source) => source === one).length, 1)
})
