import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../server/served-hub.ts'
import { askControl } from '../support/simulator-control.ts'
import { configureMemorials, settled } from './memorial-scene.ts'
import { deskScene, inSimulator, type Scene, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

const topicOnly = {
  ...{ entity: 'contact', target: 'linked' },
  rows: [{ field: 'jobtitle', from: 'script', data: 'topic' }],
}

const open = { statecode: 0, statuscode: 1 }
const stateOf = ({ statecode, statuscode }: Json) => ({ statecode, statuscode })
const partiesOf = (call: Json) =>
  call.phonecall_activity_parties.map((one: Json) => [one.participationtypemask, one._partyid_value])

async function scene(t: Parameters<typeof deskScene>[0], over: Json = {}, columns: Json[] = []) {
  const made = await deskScene(t)
  for (const column of columns) {
    await askControl(made.simulator.control, '/schema', { entity: 'phonecall', ...column })
  }
  await configureMemorials(made, over)
  const before = new Set((await inSimulator(made.simulator, 'phonecall')).map((row) => row.activityid))
  const calls = async () =>
    (await inSimulator(made.simulator, 'phonecall')).filter((row) => !before.has(row.activityid))
  const users = await inSimulator(made.simulator, 'systemuser')
  const agent = users.find((row) => row.internalemailaddress && !row.isdisabled)
  return { ...made, calls, caller: await someCaller(made.hub), agent }
}

const note = ({ hub }: Scene, id: string, json: Json) =>
  hub.ask(`/api/v1/interactions/${id}/note`, { method: 'PUT', json })

test('A finished call is completed in the CRM, from who called to the agent’s own user; a later note changes it once more', async (t) => {
  const made = await scene(t, { mapping: { entities: [topicOnly] } })
  const { hub, simulator, caller, agent, calls } = made
  const who = { id: 'a-1', email: agent.internalemailaddress.toUpperCase() }
  const [taken] = await tell(
    hub,
    told('f-1', 'offered', { agent: who, data: { ani: caller.phone } }),
    told('f-1', 'accepted', { agent: who }),
    told('f-1', 'ended'),
    told('f-1', 'wrap_up_closed'),
  )
  const id = taken!.interaction
  await settled(hub, id)
  const [call, ...others] = await calls()
  assert.deepEqual(others, [])
  assert.deepEqual(stateOf(call), { statecode: 1, statuscode: 4 })
  assert.deepEqual(partiesOf(call), [
    [1, caller.sourceId],
    [2, agent.systemuserid],
  ])

  await note(made, id, { notes: 'Ink is empty', version: 0 })
  await until('the note stands in the call', async () => (await calls())[0].description === 'Ink is empty')
  await settled(hub, id)
  const [changed, ...doubled] = await calls()
  assert.deepEqual([stateOf(changed), doubled], [{ statecode: 1, statuscode: 4 }, []])
  assert.deepEqual(partiesOf(changed), partiesOf(call))

  await note(made, id, { notes: '', version: 1 })
  await until('what was taken away is gone', async () => (await calls())[0].description === null)
  await settled(hub, id)
  const { writes, counts } = (await (await fetch(`${simulator.control}/requests`)).json()) as Json
  // What the call was like had been read for the change itself.
  assert.equal(counts.byId, undefined, JSON.stringify(counts))
  const refused = writes.filter(({ entity, status }: Json) => entity === 'phonecall' && status >= 400)
  assert.deepEqual(refused, [])
})

test('A call that somebody made goes from the agent, as the script told who it is in the CRM', async (t) => {
  const { hub, caller, agent, calls } = await scene(t)
  const data = { direction: 'outbound', dnis: caller.phone }
  const [taken] = await tell(
    hub,
    told('o-1', 'offered', { data, scriptVariables: { CrmUserId: agent.systemuserid.toUpperCase() } }),
    told('o-1', 'accepted'),
    told('o-1', 'ended'),
    told('o-1', 'wrap_up_closed'),
  )
  await settled(hub, taken!.interaction)
  const [call] = await calls()
  assert.deepEqual(stateOf(call), { statecode: 1, statuscode: 2 })
  assert.deepEqual(partiesOf(call), [
    [1, agent.systemuserid],
    [2, caller.sourceId],
  ])
})

test('What the CRM takes only while an activity is made keeps nothing else from following', async (t) => {
  const rows = [{ field: 'new_topic', from: 'script', data: 'topic' }]
  const over = { mapping: { entities: [{ entity: 'phone_call', target: 'activity', rows }] } }
  const made = await scene(t, over, [{ addColumn: { name: 'new_topic' } }, { setOnce: 'new_topic' }])
  const { hub, caller, calls } = made
  const [taken] = await tell(
    hub,
    told('s-1', 'offered', { data: { ani: caller.phone }, scriptVariables: { topic: 'ink' } }),
    told('s-1', 'accepted'),
    told('s-1', 'ended'),
    told('s-1', 'wrap_up_closed'),
  )
  const id = taken!.interaction
  await settled(hub, id)
  await tell(hub, told('s-1', 'updated', { scriptVariables: { topic: 'toner' } }))
  await note(made, id, { notes: 'Toner is empty', version: 0 })
  await until('the note stands in the call', async () => (await calls())[0].description === 'Toner is empty')
  await settled(hub, id)
  const [call] = await calls()
  assert.deepEqual([call.new_topic, call.subject], ['ink', 'Call about toner'])
})

test('An activity that the CRM refused is asked for with the next change, and made once', async (t) => {
  const made = await scene(t, { mapping: { entities: [topicOnly] } })
  const { hub, simulator, caller, calls } = made
  await askControl(simulator.control, '/settings', { denied: { phonecall: ['Create'] } })
  const [taken] = await tell(
    hub,
    told('u-1', 'offered', { data: { ani: caller.phone } }),
    told('u-1', 'accepted'),
    told('u-1', 'ended'),
    told('u-1', 'wrap_up_closed'),
  )
  const id = taken!.interaction
  await settled(hub, id, 'failed')
  const writes = async () =>
    (await hub.ask('/api/v1/writes?limit=100')).json.writes.filter(({ entity }: Json) => entity === 'phone_call')
  await note(made, id, { notes: 'Ink', version: 0 })
  await until('it is refused again', async () => {
    const [write] = await writes()
    return write.attempts === 2 && write.state === 'failed'
  })

  await askControl(simulator.control, '/settings', { denied: {} })
  await note(made, id, { notes: 'Toner', version: 1 })
  await settled(hub, id)
  const [call, ...others] = await calls()
  assert.deepEqual([call.description, stateOf(call), others], ['Toner', { statecode: 1, statuscode: 4 }, []])
  assert.equal((await writes()).length, 1)
})

test('Whose user nobody knows is left out, and a workflow may leave activities open', async (t) => {
  const timeline = { entity: 'phone_call', subject: '', complete: false }
  const { hub, caller, calls } = await scene(t, { workflow: { timeline } })
  const [taken] = await tell(
    hub,
    told('n-1', 'offered', { data: { ani: caller.phone }, scriptVariables: { crmuserid: 'nobody' } }),
    told('n-1', 'accepted', { agent: { id: 'x', email: 'nobody@example.org' } }),
    told('n-1', 'ended'),
    told('n-1', 'wrap_up_closed'),
  )
  await settled(hub, taken!.interaction)
  const [call] = await calls()
  assert.deepEqual(stateOf(call), open)
  assert.deepEqual(partiesOf(call), [[1, caller.sourceId]])
})

test('A conversation that goes on is not completed yet, and its activity follows it to the end', async (t) => {
  const made = await scene(t)
  const { hub, caller, calls } = made
  const digital = { channelType: 'sms', from: caller.phone }
  const [taken] = await tell(
    hub,
    told('d-1', 'offered', { data: digital }),
    told('d-1', 'accepted', { agent: { id: 'a' } }),
    told('d-1', 'transferred', { agent: { id: 'b' } }),
  )
  const first = await until('it stands in the CRM', async () => (await calls())[0])
  assert.deepEqual(stateOf(first), open)
  await tell(hub, told('d-1', 'accepted', { agent: { id: 'b' } }), told('d-1', 'dismissed'))
  await until('it is completed', async () => (await calls())[0].statecode === 1)
  await settled(hub, taken!.interaction)
  assert.equal((await calls()).length, 1)
})

test('An answer that was lost completes nothing twice', async (t) => {
  const { hub, simulator, caller, calls } = await scene(t)
  await askControl(simulator.control, '/faults', { kind: 'drop-after', on: 'batch', match: 'phonecalls' })
  const [taken] = await tell(
    hub,
    told('l-1', 'offered', { data: { ani: caller.phone } }),
    told('l-1', 'accepted'),
    told('l-1', 'ended'),
    told('l-1', 'wrap_up_closed'),
  )
  await settled(hub, taken!.interaction)
  const [call, ...others] = await calls()
  assert.deepEqual([stateOf(call), others], [{ statecode: 1, statuscode: 4 }, []])
})

test('What was typed of a contact who left first is taken back where that was told late', async (t) => {
  const made = await scene(t)
  const { hub, simulator, caller } = made
  const description = async () =>
    (await inSimulator(simulator, 'contact')).find((row) => row.contactid === caller.sourceId).description
  const left = told('late', 'contact_left')
  const events = ['ended', 'wrap_up_closed'].map((type) => told('late', type))
  const data = { ani: caller.phone }
  const began = ['offered', 'accepted'].map((type) => ({ ...told('late', type, { data }), at: left.at }))
  const [taken] = await tell(hub, ...began)
  const id = taken!.interaction
  await note(made, id, { notes: 'Typed', version: 0 })
  await tell(hub, ...events)
  await settled(hub, id)
  assert.equal(await description(), 'Typed')
  await tell(hub, left)
  await until('it is as if it had been told in time', async () => (await description()) === null)
})
