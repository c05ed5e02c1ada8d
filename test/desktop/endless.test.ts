import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { takeEvents } from '#desktop/take-events.ts'
import { type ServedHub, until } from '../server/served-hub.ts'
import { askControl } from '../support/simulator-control.ts'
import { deskScene, type Scene, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

/** Calls become phone calls, and their notes and topic stand in the contact. */
async function configure({ hub, connection }: Scene, over: Json = {}) {
  const table = await hub.ask(`/api/v1/connections/${connection}/tables`, { json: { table: 'phonecall' } })
  assert.equal(table.status, 201, table.text)
  const made = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId: connection } })
  const base = `/api/v1/crm-configurations/${made.json.id}`
  const rows = [
    { field: 'description', from: 'voice', data: 'dispositionNotes' },
    { field: 'jobtitle', from: 'script', data: 'topic' },
    { field: 'birthdate', from: 'script', data: 'born' },
  ]
  const entities = [{ entity: 'contact', target: 'linked', rows }]
  const definition = { channel: 'both', keepTyped: true, entities }
  const mapping = await hub.ask(`${base}/parts`, { json: { kind: 'memorialization', name: 'Voice', definition } })
  assert.equal(mapping.status, 201, mapping.text)
  const parts: Json = { memorializationIds: [mapping.json.id] }
  for (const [key, part] of Object.entries<Json>(over)) {
    const { json, text, status } = await hub.ask(`${base}/parts`, { json: await part(parts) })
    assert.equal(status, 201, text)
    parts[key] = key.endsWith('Ids') ? [json.id] : json.id
  }
  const { createId: _createId, ...named } = parts
  const workflow = await hub.ask(`${base}/agent-workflows`, {
    json: { name: 'All', definition: { timeline: { entity: 'phone_call', subject: 'Call' }, ...named } },
  })
  assert.equal(workflow.status, 201, workflow.text)
}

const writesOf = async (hub: ServedHub, id: string): Promise<Json[]> => {
  const { json } = await hub.ask('/api/v1/writes?limit=200')
  return json.writes.filter((write: Json) => write.writeKey.startsWith(`interaction:${id}`))
}

const whole = (id: string, phone: string, scriptVariables = {}) => [
  told(id, 'offered', { data: { ani: phone }, scriptVariables }),
  told(id, 'accepted'),
  told(id, 'ended'),
  told(id, 'wrap_up_closed'),
]

const stateOf = async (hub: ServedHub, id: string) =>
  (await hub.ask(`/api/v1/interactions/${id}`)).json.interaction.memorialized

test('A value that does not fit is told of, and the others are written once', async (t) => {
  const scene = await deskScene(t)
  const { hub } = scene
  await configure(scene)
  const { phone } = await someCaller(hub)
  const [taken] = await tell(hub, ...whole('unfit', phone, { topic: 'toner', born: 'in spring' }))
  const id = taken!.interaction
  await until('it is told', async () => (await stateOf(hub, id)).targets.some((one: Json) => one.problem))
  await wait(6_000)
  assert.equal((await writesOf(hub, id)).length, 2)
})

test('A write that the CRM refuses is not asked for again by itself', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configure(scene)
  const { phone } = await someCaller(hub)
  await askControl(simulator.control, '/settings', { denied: { contact: ['Write'] } })
  const [taken] = await tell(hub, ...whole('refused', phone, { topic: 'toner' }))
  const id = taken!.interaction
  await until('it failed', async () => (await stateOf(hub, id)).state === 'failed')
  await wait(6_000)
  assert.equal((await writesOf(hub, id)).length, 2)

  await askControl(simulator.control, '/settings', { denied: {} })
  await hub.ask(`/api/v1/interactions/${id}/note`, { method: 'PUT', json: { notes: 'Ink', version: 0 } })
  await until('all of it is written', async () => (await stateOf(hub, id)).state === 'done')
  const last = (await writesOf(hub, id)).find((write) => write.entity === 'contact' && write.state === 'done')
  const shown = (await hub.ask(`/api/v1/writes/${last.id}`)).json
  assert.deepEqual(shown.fields, { description: 'Ink', jobtitle: 'toner' })
})

test('An interaction whose wrap-up cannot be closed keeps no other waiting', async (t) => {
  const scene = await deskScene(t)
  const { hub } = scene
  await configure(scene)
  const { phone } = await someCaller(hub)
  const { pool } = hub.hub
  const [full] = await tell(
    hub,
    told('full', 'offered', { data: { ani: phone } }),
    told('full', 'accepted'),
    told('full', 'ended'),
  )
  await pool.query(
    `insert into jackfield.interaction_event (interaction_id, event_id, type, at, data, script_variables, sent_by)
      select $1, 'more ' || n, 'updated', now() - interval '1 hour', '{}', '{}', 'test' from generate_series(1, 1997) n`,
    [full!.interaction],
  )
  const event = { ...told('full', 'updated'), type: 'updated' as const, at: new Date(), agent: null }
  await assert.rejects(
    takeEvents(pool, [{ ...event, data: {}, scriptVariables: {} }], { sentBy: 'test' }),
    /at most 2000/,
  )
  await pool.query('update jackfield.interaction set wrap_up_until = now() where id = $1', [full!.interaction])
  await wait(1_000)
  const [other] = await tell(hub, ...whole('other', phone))
  await until('the other is written', async () => (await stateOf(hub, other!.interaction)).state === 'done')
  await until('and the wrap-up is closed', async () => {
    const { json } = await hub.ask(`/api/v1/interactions/${full!.interaction}`)
    return json.interaction.state === 'closed'
  })
})
