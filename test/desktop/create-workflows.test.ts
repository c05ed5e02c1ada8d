import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCreate, runUpdate } from '#desktop/run-workflow.ts'
import { configured } from './configured.ts'

const given = (fields: Record<string, string>) => Object.entries(fields).map(([field, value]) => ({ field, value }))

test('A standard create has the standard fields and only those; a custom one whatever can be created', async (t) => {
  const { ask, add, control } = await configured(t)
  await control('/schema', { entity: 'contact', addColumn: { name: 'new_shoesize', type: 'Integer' } })
  const { entities } = (await ask('/fields')).json
  const standardOf = (name: string) =>
    entities.find(({ entity }: { entity: string }) => entity === name).standardFields as string[]
  for (const entity of ['account', 'contact', 'lead', 'opportunity', 'incident', 'phone_call']) {
    assert.ok(standardOf(entity).length > 5, entity)
  }
  assert.deepEqual(standardOf('task'), [])
  assert.ok(!standardOf('contact').includes('fullname'), 'the CRM makes it')

  const create = (entity: string, fields: Record<string, string>, over = {}) =>
    add('create', { entity, fields: given(fields), ...over })
  assert.equal((await create('contact', { lastname: '{ani}' })).status, 201)
  const extra = await create('contact', { lastname: 'x', new_shoesize: '44' })
  assert.deepEqual([extra.status, extra.json.error.field], [400, 'new_shoesize'])
  assert.match(extra.json.error.message, /no standard field/)
  assert.equal((await create('contact', { lastname: 'x', new_shoesize: '44' }, { standard: false })).status, 201)
  assert.equal((await create('task', { subject: 'x' })).status, 400, 'there is no standard create of a task')
  assert.equal((await create('task', { subject: 'x' }, { standard: false })).status, 201)
  assert.equal((await create('contact', { fullname: 'x' }, { standard: false })).json.error.field, 'fullname')
  assert.equal((await create('contact', { lastname: '{caller}' })).json.error.field, 'lastname')
  assert.equal((await create('contact', { birthdate: 'soon' })).status, 400, 'what stands there is tried at once')
  const condition = { data: 'mood', operator: 'is', value: 'bad' }
  assert.equal((await create('contact', { lastname: 'x' }, { condition })).json.error.field, 'condition')
  const scripted = await create('contact', { lastname: 'x' }, { condition: { ...condition, data: 'script.mood' } })
  assert.equal(scripted.status, 201)

  const { notices } = (await create('incident', { title: 'Call of {ani}' })).json
  assert.deepEqual(
    notices.map(({ code, field }: { code: string; field: string }) => [code, field]),
    [['required_missing', '_customerid_value']],
  )
  const { json } = await create('incident', { title: 'Call of {ani}', _customerid_value: '{linked}' })
  assert.deepEqual(json.notices, [])
})

test('A workflow that runs becomes a write, the same run the same write', async (t) => {
  const { add, hub, connection } = await configured(t)
  const made = (
    await add('create', { entity: 'contact', fields: given({ lastname: '{customerName}', jobtitle: '{script.role}' }) })
  ).json
  const values = { data: { customerName: 'Peeters' }, scriptVariables: { role: 'x'.repeat(150) }, links: [] }
  const request = { connectionId: connection, values, writeKey: 'interaction 1 create', requestedBy: 'search' }
  const first = await runCreate(hub.hub.pool, { ...request, definition: made.definition })
  assert.deepEqual([first.write.operation, first.write.entity, first.write.state], ['create', 'contact', 'kept'])
  assert.equal(first.write.fields.lastname, 'Peeters')
  assert.deepEqual(first.cut, ['jobtitle'])
  const second = await runCreate(hub.hub.pool, { ...request, definition: made.definition })
  assert.equal(second.write.id, first.write.id)

  const update = (
    await add('update', { entity: 'contact', fields: given({ jobtitle: '', department: '{script.none}' }) })
  ).json
  const { write } = await runUpdate(hub.hub.pool, {
    ...{ ...request, writeKey: 'interaction 1 update', definition: update.definition },
    sourceId: '49b0be2e-d01c-ed11-b83e-000d3a572421',
  })
  assert.deepEqual(write.fields, { jobtitle: null }, 'what is not told clears nothing')
})

test('A search names entities to search in, and the create workflow that it runs', async (t) => {
  const { add } = await configured(t)
  const refused = async (definition: object) => (await add('search', definition)).json.error?.field
  assert.equal(await refused({ by: 'caller', entities: ['currency'] }), 'currency')
  assert.equal(await refused({ by: 'caller', none: 'create' }), 'definition')
  const custom = {
    by: 'custom',
    entity: 'contact',
    conditions: [{ field: 'jobtitle', operator: 'is', value: '{script.role}' }],
  }
  assert.equal((await add('search', custom)).status, 201)
  assert.equal(await refused({ ...custom, order: [{ field: 'mood' }] }), 'mood')
  assert.equal(await refused({ ...custom, conditions: [{ ...custom.conditions[0], value: '{mood}' }] }), 'jobtitle')
})

test('The rights that are needed are named with what needs them, and those that are missing with their mend', async (t) => {
  const { ask, add, control } = await configured(t)
  await add('search', { by: 'caller', entities: ['contact'] }, { name: 'By number' })
  await add('create', { entity: 'incident', fields: given({ title: '{ani}' }) }, { name: 'Open a case' })
  await ask('/agent-workflows', { json: { name: 'All', definition: {} } })
  const rights = async () => {
    const { json } = await ask('/rights')
    return json.rights
      .filter(({ fields }: { fields: string[] }) => fields.length === 0)
      .map((one: { entity: string; right: string; state: string; neededBy: string[] }) =>
        [one.entity, one.right, one.state, ...one.neededBy].join(' '),
      )
  }
  assert.deepEqual(await rights(), [
    'account append_to granted All',
    'contact append_to granted All',
    'contact read granted By number',
    'incident create granted Open a case',
    'phone_call append granted All',
    'phone_call create granted All',
    'phone_call write granted All',
    'user append_to granted All',
  ])
  await control('/settings', { denied: { incident: ['Create'], contact: ['AppendTo'], phonecall: ['Append'] } })
  const { json } = await ask('/rights')
  const missing = json.rights.filter(({ state }: { state: string }) => state === 'missing')
  const named = missing.map(
    ({ entity, mend }: { entity: string; mend: string }) => `${entity} ${/prv\w+/.exec(mend)?.[0]}`,
  )
  assert.deepEqual(
    [...new Set(named)],
    ['contact prvAppendToContact', 'incident prvCreateIncident', 'phone_call prvAppendActivity'],
  )
})
