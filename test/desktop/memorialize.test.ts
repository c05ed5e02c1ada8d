import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../server/served-hub.ts'
import { configureMemorials as configure, settled } from './memorial-scene.ts'
import { deskScene, inSimulator, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

test('A call becomes one activity, and what was mapped stands in the record', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configure(scene)
  const caller = await someCaller(hub)
  const before = await inSimulator(simulator, 'phonecall')
  const data = { channelType: 'voice', ani: caller.phone, skillName: 'Support' }
  const offered = told('c-1', 'offered', { data, scriptVariables: { Topic: 'printer' } })
  const accepted = told('c-1', 'accepted')
  const ended = told('c-1', 'ended')
  const [taken] = await tell(hub, offered, accepted, ended)
  const id = taken!.interaction
  const written = async () =>
    (await inSimulator(simulator, 'phonecall')).filter(
      (row) => !before.some((old) => old.activityid === row.activityid),
    )
  await until(
    'the caller is linked',
    async () => (await hub.ask(`/api/v1/interactions/${id}`)).json.interaction.links.length === 1,
  )
  assert.deepEqual(await written(), [], 'nothing before the wrap-up is over')

  await hub.ask(`/api/v1/interactions/${id}/note`, { method: 'PUT', json: { notes: 'Ink is empty', version: 0 } })
  await hub.ask(`/api/v1/interactions/${id}/acts`, { json: { act: 'close' } })
  const card = await settled(hub, id)
  const [call, ...others] = await written()
  assert.deepEqual(others, [])
  assert.equal(call.subject, 'Call about printer')
  assert.equal(call._regardingobjectid_value, caller.sourceId)
  assert.equal(call.phonenumber, caller.phone)
  assert.deepEqual(
    card.interaction.memorialized.targets.map((one: Json) => [one.target === 'activity', one.state]),
    [
      [true, 'done'],
      [false, 'done'],
    ],
  )
  const contact = (await inSimulator(simulator, 'contact')).find((row) => row.contactid === caller.sourceId)
  assert.deepEqual([contact.description, contact.jobtitle], ['Ink is empty', 'printer'])

  await t.test('the same events again write nothing; a later note changes what stands there', async () => {
    await tell(hub, offered, ended, accepted)
    await hub.ask(`/api/v1/interactions/${id}/note`, { method: 'PUT', json: { notes: 'Ink is full', version: 1 } })
    await until('the note stands in the contact', async () =>
      (await inSimulator(simulator, 'contact')).some(
        (row) => row.contactid === caller.sourceId && row.description === 'Ink is full',
      ),
    )
    await settled(hub, id)
    assert.equal((await written()).length, 1)
    const { json } = await hub.ask('/api/v1/writes?limit=100')
    assert.equal(json.writes.filter((write: Json) => write.writeKey.startsWith(`interaction:${id}`)).length, 3)
  })
})

test('A note that was emptied leaves the record empty, unless another interaction has filled it since', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configure(scene)
  const caller = await someCaller(hub)
  const note = (id: string, json: Json) => hub.ask(`/api/v1/interactions/${id}/note`, { method: 'PUT', json })
  const description = async () =>
    (await inSimulator(simulator, 'contact')).find((row) => row.contactid === caller.sourceId).description
  const call = async (name: string, notes: string) => {
    const [taken] = await tell(hub, told(name, 'offered', { data: { ani: caller.phone } }), told(name, 'accepted'))
    const id = taken!.interaction
    await note(id, { notes, version: 0 })
    await tell(hub, told(name, 'ended'), told(name, 'wrap_up_closed'))
    await settled(hub, id)
    assert.equal(await description(), notes)
    return id
  }
  const [first, second] = [await call('e-1', 'First'), await call('e-2', 'Second')]
  await note(first, { notes: '', version: 1 })
  await until('the first was looked at', async () => {
    const { rows } = await hub.hub.pool.query(
      'select from jackfield.interaction where id = $1 and memorialize_at is null',
      [first],
    )
    return rows.length === 1
  })
  assert.equal(await description(), 'Second')
  await note(second, { notes: '', version: 1 })
  await until('what the second said is gone', async () => (await description()) === null)
})

test('An activity that the CRM refused is counted as none until it is there', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configure(scene)
  const caller = await someCaller(hub)
  const faults = (init: RequestInit) => fetch(`${simulator.control}/faults`, init)
  const refused = { kind: 'privilege-lost', entity: 'phonecall', privilege: 'Create' }
  await faults({ method: 'POST', body: JSON.stringify(refused) })
  const [taken] = await tell(
    hub,
    told('r-1', 'offered', { data: { ani: caller.phone } }),
    told('r-1', 'accepted'),
    told('r-1', 'ended', { data: { wrapUp: false } }),
  )
  const counted = async () => {
    const { withLink, activities, failed } = (await hub.ask('/api/v1/interactions/ledger')).json
    return { withLink, activities, failed }
  }
  const activityOf = ({ interaction }: Json) =>
    interaction.memorialized.targets.find(({ target }: Json) => target === 'activity')
  const activity = activityOf(await settled(hub, taken!.interaction, 'failed'))
  assert.equal(activity.url, null, 'nothing is there to open')
  assert.deepEqual(await counted(), { withLink: 1, activities: 0, failed: 1 })
  await faults({ method: 'DELETE' })
  await hub.ask(`/api/v1/writes/${activity.write}/retry`, { method: 'POST' })
  assert.match(activityOf(await settled(hub, taken!.interaction)).url, /phonecall/)
  assert.deepEqual(await counted(), { withLink: 1, activities: 1, failed: 0 })
})

test('Nothing linked: nothing is written, and it says so', async (t) => {
  const scene = await deskScene(t, 5)
  await configure(scene)
  const [taken] = await tell(
    scene.hub,
    told('n-1', 'offered', { data: { ani: '+3225550199' } }),
    told('n-1', 'accepted'),
    told('n-1', 'ended'),
    told('n-1', 'wrap_up_closed'),
  )
  const card = await settled(scene.hub, taken!.interaction, 'nothing_linked')
  assert.deepEqual(card.interaction.memorialized.targets, [])

  await t.test(
    'what is linked later counts as written once it is, also for who looks in the moment between',
    async () => {
      const caller = await someCaller(scene.hub)
      await scene.hub.hub.pool.query(
        `insert into jackfield.interaction_link (interaction_id, record_id, connection_id, entity, source_id, linked, linked_by)
        values ($1, $2, $3, 'contact', $4, true, 'test')`,
        [taken!.interaction, caller.id, scene.connection, caller.sourceId],
      )
      const { json } = await scene.hub.ask(`/api/v1/interactions/${taken!.interaction}`)
      assert.equal(json.interaction.memorialized.state, 'waiting')
    },
  )
})

test('Where the contact left first, what the agent typed stays out, and the rest is written', async (t) => {
  const scene = await deskScene(t)
  await configure(scene)
  const caller = await someCaller(scene.hub)
  const was = (await inSimulator(scene.simulator, 'contact')).find((row) => row.contactid === caller.sourceId)
  const [taken] = await tell(
    scene.hub,
    told('l-1', 'offered', { data: { ani: caller.phone }, scriptVariables: { topic: 'toner' } }),
    told('l-1', 'accepted'),
    told('l-1', 'contact_left', { data: { dispositionNotes: 'typed' } }),
    told('l-1', 'wrap_up_closed'),
  )
  await settled(scene.hub, taken!.interaction)
  const contact = (await inSimulator(scene.simulator, 'contact')).find((row) => row.contactid === caller.sourceId)
  assert.deepEqual([contact.description, contact.jobtitle], [was.description, 'toner'])
})

test('A call that was written stays under the workflow that wrote it, whatever is told later', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator, connection } = scene
  await hub.ask(`/api/v1/connections/${connection}/tables`, { json: { table: 'phonecall' } })
  const { json } = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId: connection } })
  for (const name of ['Sales', 'Support']) {
    const definition = { timeline: { entity: 'phone_call', subject: `Call to ${name}` } }
    const workflow = { name, skills: [name], definition }
    const made = await hub.ask(`/api/v1/crm-configurations/${json.id}/agent-workflows`, { json: workflow })
    assert.equal(made.status, 201, made.text)
  }
  const { phone } = await someCaller(hub)
  const missed = told('m-1', 'offered', { data: { ani: phone, skillName: 'Sales' } })
  const [taken] = await tell(hub, missed, told('m-1', 'ended'))
  await settled(hub, taken!.interaction)
  await tell(hub, told('m-1', 'ended', { data: { skillName: 'Support' } }))
  await settled(hub, taken!.interaction)
  const subjects = (await inSimulator(simulator, 'phonecall')).map(({ subject }) => subject)
  assert.deepEqual(
    subjects.filter((subject) => subject.startsWith('Call to ')),
    ['Call to Sales'],
  )
})

test('A wrap-up that nobody closes is closed by the hub', async (t) => {
  const scene = await deskScene(t)
  await configure(scene)
  const caller = await someCaller(scene.hub)
  const [taken] = await tell(
    scene.hub,
    told('w-1', 'offered', { data: { ani: caller.phone } }),
    told('w-1', 'accepted'),
    told('w-1', 'ended'),
  )
  await scene.hub.hub.pool.query(`update jackfield.interaction set wrap_up_until = now() where id = $1`, [
    taken!.interaction,
  ])
  const card = await settled(scene.hub, taken!.interaction)
  assert.equal(card.interaction.state, 'closed')
})
