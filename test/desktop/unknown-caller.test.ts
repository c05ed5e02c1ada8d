import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServedHub, until } from '../server/served-hub.ts'
import { askControl } from '../support/simulator-control.ts'
import { deskScene, inTheCrm, type Scene, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

/** Callers whom nobody knows become contacts, once the CRM was asked; calls become phone calls. */
async function configure({ hub, connection }: Scene) {
  await hub.ask(`/api/v1/connections/${connection}/tables`, { json: { table: 'phonecall' } })
  const made = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId: connection } })
  const base = `/api/v1/crm-configurations/${made.json.id}`
  const part = async (kind: string, definition: Json): Promise<string> => {
    const { json, status, text } = await hub.ask(`${base}/parts`, { json: { kind, name: kind, definition } })
    assert.equal(status, 201, text)
    return json.id
  }
  const fields = [
    { field: 'lastname', value: 'Caller' },
    { field: 'mobilephone', value: '{ani}' },
  ]
  const createId = await part('create', { entity: 'contact', fields })
  const searchId = await part('search', { by: 'caller', where: 'hub_then_crm', none: 'create', createId })
  const definition = { searchId, createIds: [], timeline: { entity: 'phone_call', subject: 'Call' } }
  const workflow = await hub.ask(`${base}/agent-workflows`, { json: { name: 'All', definition } })
  assert.equal(workflow.status, 201, workflow.text)
}

const createsOf = async (hub: ServedHub, id: string): Promise<Json[]> => {
  const { json } = await hub.ask('/api/v1/writes?limit=200')
  return json.writes.filter((write: Json) => write.writeKey.startsWith(`interaction:${id}:run`))
}

const cardOf = async (hub: ServedHub, id: string) => (await hub.ask(`/api/v1/interactions/${id}`)).json

test('A record is made of a caller whom neither the hub nor the CRM knows, and of no other', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configure(scene)

  const mobilephone = '+32470445567'
  await inTheCrm(simulator, { operation: 'create', entity: 'contact', fields: { lastname: 'Fresh', mobilephone } })
  const [held] = await tell(hub, told('held', 'offered', { data: { ani: mobilephone } }))
  await until('the CRM told who it is', async () => (await cardOf(hub, held!.interaction)).matches.length === 1)

  const [early] = await tell(hub, told('early', 'accepted'))
  await wait(1_500)
  const { phone } = await someCaller(hub)
  await tell(hub, told('early', 'offered', { data: { ani: phone } }))
  await until('it is known', async () => (await cardOf(hub, early!.interaction)).matches.length === 1)

  const [stranger] = await tell(hub, told('stranger', 'offered', { data: { ani: '+32470445568' } }))
  await until('a record is made', async () => (await createsOf(hub, stranger!.interaction)).length === 1)
  await wait(1_000)
  assert.deepEqual(await createsOf(hub, held!.interaction), [])
  assert.deepEqual(await createsOf(hub, early!.interaction), [])
})

test('A call that is over before the CRM told who it was is written of all the same', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configure(scene)
  const mobilephone = '+32470445569'
  await inTheCrm(simulator, { operation: 'create', entity: 'contact', fields: { lastname: 'Short', mobilephone } })
  await askControl(simulator.control, '/faults', {
    kind: 'latency',
    // Whoever waits for who it is gives up after five seconds.
    ms: 2_000,
    times: 1,
    match: 'GET /api/data/v9.2/contacts',
  })
  const [short] = await tell(
    hub,
    told('short', 'offered', { data: { ani: mobilephone } }),
    told('short', 'contact_left'),
  )
  const card = await until('its activity is written', async () => {
    const now = await cardOf(hub, short!.interaction)
    return now.interaction.memorialized.state === 'done' && now
  })
  assert.deepEqual(
    card.interaction.memorialized.targets.map(({ target }: Json) => target),
    ['activity'],
  )
})

test('A record that was not made keeps nobody busy, and is told of', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configure(scene)
  await askControl(simulator.control, '/settings', { denied: { contact: ['Create'] } })
  const data = { ani: '+32470445570' }
  const [taken] = await tell(hub, told('unmade', 'offered', { data }), told('unmade', 'contact_left'))
  const id = taken!.interaction
  await until('it is told', async () => (await cardOf(hub, id)).interaction.memorialized.state === 'failed')
  const { version, memorialized } = (await cardOf(hub, id)).interaction
  assert.deepEqual(memorialized.targets, [], 'nothing is written about a record that is not there')
  await wait(6_000)
  assert.equal((await cardOf(hub, id)).interaction.version, version)

  await askControl(simulator.control, '/settings', { denied: {} })
  const [write] = await createsOf(hub, id)
  const again = await hub.ask(`/api/v1/writes/${write.id}/retry`, { method: 'POST' })
  assert.equal(again.status, 200, again.text)
  await until('it is written', async () => (await cardOf(hub, id)).interaction.memorialized.state === 'done')
  assert.equal((await cardOf(hub, id)).interaction.memorialized.targets.length, 1)
})

test('A new record that was linked by hand before the hub heard of its id stops nothing', async (t) => {
  const scene = await deskScene(t)
  const { hub } = scene
  await configure(scene)
  const { pool } = hub.hub
  const { id: known, phone } = await someCaller(hub)
  const [call] = await tell(hub, told('by-hand', 'offered', { data: { ani: phone } }))
  const id = call!.interaction
  await until('it is linked', async () => (await cardOf(hub, id)).interaction.links.length === 1)
  const [other] = await tell(hub, told('maker', 'offered', { data: { ani: '+32470445571' } }))
  const [made] = await until('a record is made', async () => {
    const writes = await createsOf(hub, other!.interaction)
    return writes[0]?.state === 'done' && writes
  })
  // As where the CRM chose the id: one link by the id that the hub gave meanwhile, one by the CRM's.
  await pool.query(
    `with said as (update jackfield.outbox set record_id = $3 where id = $2)
      insert into jackfield.interaction_link (interaction_id, record_id, connection_id, entity, source_id, linked, linked_by, write_id)
        select $1, gen_random_uuid(), connection_id, 'contact', 'new:x', true, 'test', $2
          from jackfield.interaction_link where interaction_id = $1`,
    [id, made.id, known],
  )
  await until('one link is left', async () => (await cardOf(hub, id)).interaction.links.length === 1)
})
