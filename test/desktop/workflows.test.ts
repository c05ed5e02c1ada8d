import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../server/served-hub.ts'
import { deskScene, inSimulator, type Scene, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

const newContact = {
  ...{ kind: 'create', name: 'New contact' },
  definition: {
    ...{ standard: true, entity: 'contact' },
    fields: [
      { field: 'lastname', value: '{customerName}' },
      { field: 'mobilephone', value: '{ani}' },
    ],
  },
}

const newCase = {
  ...{ kind: 'create', name: 'New case' },
  definition: {
    ...{ standard: true, entity: 'incident' },
    fields: [
      { field: 'title', value: 'About {script.topic}' },
      { field: '_customerid_value', value: '{linked}' },
    ],
  },
}

const vip = {
  ...{ kind: 'update', name: 'Remember the topic' },
  definition: {
    entity: 'contact',
    fields: [{ field: 'jobtitle', value: '{script.topic}' }],
    ...{ run: 'on_closed', condition: { data: 'script.topic', operator: 'present', value: '' } },
  },
}

async function configure({ hub, connection }: Scene) {
  for (const table of ['incident', 'phonecall']) {
    const added = await hub.ask(`/api/v1/connections/${connection}/tables`, { json: { table } })
    assert.equal(added.status, 201, added.text)
  }
  const { json } = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId: connection } })
  const base = `/api/v1/crm-configurations/${json.id}`
  const add = async (part: unknown) => {
    const made = await hub.ask(`${base}/parts`, { json: part })
    assert.equal(made.status, 201, made.text)
    return made.json.id as string
  }
  const [contact, incident, update] = [await add(newContact), await add(newCase), await add(vip)]
  const search = await add({
    ...{ kind: 'search', name: 'Callers' },
    definition: { by: 'caller', none: 'create', createId: contact },
  })
  const workflow = await hub.ask(`${base}/agent-workflows`, {
    json: {
      name: 'All',
      definition: {
        ...{ searchId: search, createIds: [contact, incident], updateIds: [update] },
        timeline: { entity: 'phone_call', subject: '' },
      },
    },
  })
  assert.equal(workflow.status, 201, workflow.text)
  return { incident }
}

test('A caller whom nobody knows is made, linked and written of, once each', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configure(scene)
  const number = '+32470111222'
  const data = { ani: number, customerName: 'Newman' }
  const events = [
    told('u-1', 'offered', { data, scriptVariables: { Topic: 'ink' } }),
    told('u-1', 'accepted'),
    told('u-1', 'ended'),
    told('u-1', 'wrap_up_closed'),
  ]
  const [taken] = await tell(hub, ...events)
  await tell(hub, ...events.toReversed())
  const path = `/api/v1/interactions/${taken!.interaction}`
  const card = await until('all is written', async () => {
    const { json } = await hub.ask(path)
    return json.interaction.memorialized.state === 'done' && json.interaction.links.length > 0 && json
  })
  const made = (await inSimulator(simulator, 'contact')).filter((row) => row.mobilephone === number)
  assert.deepEqual(
    made.map((row) => row.lastname),
    ['Newman'],
  )
  const calls = (await inSimulator(simulator, 'phonecall')).filter((row) => row.phonenumber === number)
  assert.deepEqual(
    calls.map((row) => row._regardingobjectid_value),
    [made[0].contactid],
  )
  assert.equal(card.interaction.links[0].entity, 'contact')
})

test('An agent runs a workflow by hand once, however often the button is pressed; another by itself at the end', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  const { incident } = await configure(scene)
  const caller = await someCaller(hub)
  const [taken] = await tell(
    hub,
    told('h-1', 'offered', { data: { ani: caller.phone }, scriptVariables: { topic: 'toner' } }),
    told('h-1', 'accepted'),
  )
  const path = `/api/v1/interactions/${taken!.interaction}`
  const card = await until('it is linked', async () => {
    const { json } = await hub.ask(path)
    return json.interaction.links.length === 1 && json
  })
  assert.deepEqual(
    card.workflows.map((one: Json) => one.name),
    ['New contact', 'New case'],
  )
  const press = () => hub.ask(`${path}/workflows/${incident}`, { json: { key: 'pressed' } })
  const pressed = await Promise.all([press(), press()])
  assert.deepEqual(
    pressed.map(({ status }) => status),
    [200, 200],
  )
  const cases = await until('the case is there', async () => {
    const rows = (await inSimulator(simulator, 'incident')).filter((row) => row.title === 'About toner')
    return rows.length > 0 && rows
  })
  assert.deepEqual(
    cases.map((row) => row._customerid_value),
    [caller.sourceId],
  )
  const reader = await hub.newKey('read:records', 'use:desktop', 'read:interactions')
  assert.equal((await hub.ask(`${path}/workflows/${incident}`, { key: reader, json: {} })).status, 403)
  assert.equal((await hub.ask(`${path}/workflows/${taken!.interaction}`, { json: {} })).status, 404)

  await tell(hub, told('h-1', 'ended'), told('h-1', 'wrap_up_closed'))
  await until('what runs by itself ran', async () =>
    (await inSimulator(simulator, 'contact')).some(
      (row) => row.contactid === caller.sourceId && row.jobtitle === 'toner',
    ),
  )
})
