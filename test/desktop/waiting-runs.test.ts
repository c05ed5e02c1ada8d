import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lockInteraction } from '#desktop/store.ts'
import { tellEnded } from '#desktop/tell-ended.ts'
import { until } from '../server/served-hub.ts'
import { askControl } from '../support/simulator-control.ts'
import { configureMemorials, settled } from './memorial-scene.ts'
import { deskScene, inSimulator, type Scene, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

/** Unknown callers become contacts; agents open cases of whoever is linked. */
async function configure({ hub, connection }: Scene) {
  await hub.ask(`/api/v1/connections/${connection}/tables`, { json: { table: 'incident' } })
  const made = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId: connection } })
  const base = `/api/v1/crm-configurations/${made.json.id}`
  const part = async (kind: string, name: string, definition: Json): Promise<string> => {
    const { json, status, text } = await hub.ask(`${base}/parts`, { json: { kind, name, definition } })
    assert.equal(status, 201, text)
    return json.id
  }
  const createId = await part('create', 'New contact', {
    entity: 'contact',
    fields: [
      { field: 'lastname', value: 'Newman' },
      { field: 'mobilephone', value: '{ani}' },
    ],
  })
  const caseId = await part('create', 'New case', {
    entity: 'incident',
    fields: [
      { field: 'title', value: 'Called by {ani}' },
      { field: '_customerid_value', value: '{linked}' },
    ],
  })
  const searchId = await part('search', 'Callers', { by: 'caller', none: 'create', createId })
  const definition = { searchId, createIds: [caseId], timeline: null }
  const workflow = await hub.ask(`${base}/agent-workflows`, { json: { name: 'All', definition } })
  assert.equal(workflow.status, 201, workflow.text)
  return caseId
}

const refusing = { denied: { contact: ['Create'] } }

test('A workflow that points at a record still to be made waits for it, and the card says so', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  const caseId = await configure(scene)
  await askControl(simulator.control, '/faults', { kind: '503', times: 0, on: ['write', 'batch'] })
  const ani = '+32470445599'
  const [taken] = await tell(hub, told('w-1', 'offered', { data: { ani } }), told('w-1', 'accepted'))
  const path = `/api/v1/interactions/${taken!.interaction}`
  await until('the contact is to be made', async () => (await hub.ask(path)).json.interaction.links.length === 1)
  const press = () => hub.ask(`${path}/workflows/${caseId}`, { json: { key: 'once' } })
  const [first, again] = [await press(), await press()]
  assert.deepEqual([first.status, again.status], [200, 200])
  assert.deepEqual(again.json.waiting, [{ workflow: caseId, name: 'New case', problem: null }])
  const cases = async () =>
    (await inSimulator(simulator, 'incident')).filter(({ title }) => title === `Called by ${ani}`)
  assert.deepEqual(await cases(), [])

  await fetch(`${simulator.control}/faults`, { method: 'DELETE' })
  const [made, ...others] = await until('the case is there', async () => {
    const rows = await cases()
    return rows.length > 0 && rows
  })
  const contact = (await inSimulator(simulator, 'contact')).find(({ mobilephone }) => mobilephone === ani)
  assert.deepEqual([made._customerid_value, others], [contact.contactid, []])
  assert.deepEqual((await hub.ask(path)).json.waiting, [])
})

test('Of a record that was not made the card says that the workflow did not run', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator, connection } = scene
  const caseId = await configure(scene)
  await askControl(simulator.control, '/settings', refusing)
  // Nothing is refused before the workflow waits for it.
  const become = (state: string) => hub.ask(`/api/v1/connections/${connection}`, { method: 'PATCH', json: { state } })
  assert.equal((await become('paused')).status, 200)
  const [taken] = await tell(hub, told('x-1', 'offered', { data: { ani: '+32470445598' } }), told('x-1', 'accepted'))
  const path = `/api/v1/interactions/${taken!.interaction}`
  await until('the contact is to be made', async () => (await hub.ask(path)).json.interaction.links.length === 1)
  const pressed = await hub.ask(`${path}/workflows/${caseId}`, { json: { key: 'once' } })
  assert.equal(pressed.status, 200, pressed.text)
  assert.equal((await become('active')).status, 200)
  const [waiting] = await until('it is told', async () => {
    const { json } = await hub.ask(path)
    return json.waiting[0]?.problem && json.waiting
  })
  assert.equal(waiting.problem.code, 'record.not_found')
})

test('Who tells of the ends of writes waits for whoever has the interaction, and nobody for each other', async (t) => {
  const scene = await deskScene(t)
  const { hub } = scene
  await configureMemorials(scene)
  const caller = await someCaller(hub)
  const [taken] = await tell(
    hub,
    told('d-1', 'offered', { data: { ani: caller.phone } }),
    told('d-1', 'accepted'),
    told('d-1', 'ended'),
    told('d-1', 'wrap_up_closed'),
  )
  const id = taken!.interaction
  await settled(hub, id)
  const { pool } = hub.hub
  await pool.query('update jackfield.interaction set memorialize_at = null, moments_at = null where id = $1', [id])
  const tx = await pool.connect()
  try {
    await tx.query('begin; set local idle_in_transaction_session_timeout = 0')
    await lockInteraction(tx, id)
    await pool.query('update jackfield.memorial set told = null where interaction_id = $1', [id]).catch(() => undefined)
    const telling = tellEnded(pool)
    await until('it waits for the lock', async () => {
      const { rows } = await pool.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%jackfield.interaction%'`,
      )
      return rows.length > 0
    })
    // As memorializing does, with the interaction in its hands.
    await tx.query('update jackfield.memorial set cut = cut where interaction_id = $1', [id])
    await tx.query('commit')
    await telling
  } finally {
    tx.release()
  }
  const { rows } = await pool.query('select deadlocks from pg_stat_database where datname = current_database()')
  assert.equal(Number(rows[0].deadlocks), 0)
})
