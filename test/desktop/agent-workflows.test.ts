import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configured, mapping } from './configured.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

test('Agent workflows are tried in their order, and each change names its version', async (t) => {
  const { ask } = await configured(t)
  const add = async (name: string, over = {}) =>
    (await ask('/agent-workflows', { json: { name, definition: {}, ...over } })).json
  const [first, second, third] = [await add('One'), await add('Two', { skills: ['Billing'] }), await add('Three')]
  assert.deepEqual([first.definition.timeline.entity, first.definition.wrapUpMinutes], ['phone_call', 30])
  const names = async () => (await ask('/agent-workflows')).json.workflows.map(({ name }: { name: string }) => name)
  assert.deepEqual(await names(), ['One', 'Two', 'Three'])

  const order = (ids: string[]) => ask('/agent-workflows/order', { method: 'PUT', json: { ids } })
  assert.equal((await order([third.id, first.id, second.id])).status, 200)
  assert.deepEqual(await names(), ['Three', 'One', 'Two'])
  for (const ids of [[first.id], [first.id, first.id, second.id], [first.id, second.id, nobody]]) {
    assert.equal((await order(ids)).json.error.code, 'settings.changed')
  }

  const { workflows } = (await ask('/agent-workflows')).json
  const { id, version } = workflows.find(({ name }: { name: string }) => name === 'Two')
  const change = (at: number) =>
    ask(`/agent-workflows/${id}`, {
      method: 'PUT',
      json: { version: at, workflow: { name: 'Deux', skills: ['Billing'], channels: ['voice'], definition: {} } },
    })
  assert.equal((await change(version + 5)).json.error.code, 'settings.changed')
  const changed = await change(version)
  assert.deepEqual([changed.json.name, changed.json.version, changed.json.position], ['Deux', version + 1, 3])
  assert.equal((await ask(`/agent-workflows/${first.id}`, { method: 'DELETE' })).status, 204)
  assert.deepEqual(await names(), ['Three', 'Deux'])
})

test('A part that is in use is not deleted, and whoever tries is told by what', async (t) => {
  const { ask, add } = await configured(t)
  const created = await add('create', { entity: 'contact', fields: [{ field: 'lastname', value: '{ani}' }] })
  assert.equal(created.status, 201, created.text)
  const search = await add('search', { by: 'caller', none: 'create', createId: created.json.id }, { name: 'By number' })
  assert.equal(search.status, 201, search.text)
  const json = { name: 'Billing', definition: { searchId: search.json.id } }
  const workflow = await ask('/agent-workflows', { json })

  const refused = await ask(`/parts/${search.json.id}`, { method: 'DELETE' })
  assert.deepEqual([refused.status, refused.json.error.code], [409, 'desktop.part_in_use'])
  assert.match(refused.json.error.message, /“Billing”/)
  assert.deepEqual((await ask(`/parts/${search.json.id}`)).json.usedBy, [{ id: workflow.json.id, name: 'Billing' }])
  assert.match((await ask(`/parts/${created.json.id}`, { method: 'DELETE' })).json.error.message, /“By number”/)

  await ask(`/agent-workflows/${workflow.json.id}`, { method: 'DELETE' })
  assert.equal((await ask(`/parts/${search.json.id}`, { method: 'DELETE' })).status, 204)
  assert.equal((await ask(`/parts/${created.json.id}`, { method: 'DELETE' })).status, 204)
})

test('An agent workflow names parts of its own configuration and of the right kind, and an activity', async (t) => {
  const { ask, add } = await configured(t)
  const part = (await add('memorialization', mapping('contact', [['description', 'voice', 'ani']]))).json
  const tried = async (definition: object) => {
    const { status, json } = await ask('/agent-workflows', { json: { name: 'x', definition } })
    return status === 201 ? 201 : [status, json.error.field]
  }
  assert.deepEqual(await tried({ searchId: part.id }), [400, 'searchId'])
  assert.deepEqual(await tried({ createIds: [nobody] }), [400, 'createIds'])
  assert.deepEqual(await tried({ timeline: { entity: 'contact' } }), [400, 'contact'])
  assert.deepEqual(await tried({ timeline: { entity: 'phone_call', subject: '{caller}' } }), [400, 'subject'])
  assert.equal(await tried({ memorializationIds: [part.id], timeline: null }), 201)
})
