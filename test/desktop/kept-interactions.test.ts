import assert from 'node:assert/strict'
import { test } from 'node:test'
import { purgeInteractions } from '#desktop/past-interactions.ts'
import { newAccount, openByLink } from '../people/page.ts'
import type { ServedHub } from '../server/served-hub.ts'
import { configureMemorials as configure, settled } from './memorial-scene.ts'
import { deskScene, inSimulator, type Scene, someCaller, tell, told } from './scene.ts'

const days = 730

const over = (id: string, ani: string, agent?: unknown) => [
  told(id, 'offered', { data: { channelType: 'voice', ani }, ...(agent ? { agent } : {}) }),
  told(id, 'accepted', agent ? { agent } : {}),
  told(id, 'ended', { data: { dispositionNotes: `Said in ${id}` } }),
  told(id, 'wrap_up_closed'),
]

/** As if all of them had ended this long ago. */
const age = (hub: ServedHub, by: number) =>
  hub.hub.pool.query(
    `update jackfield.interaction set offered_at = offered_at - make_interval(days => $1),
       closed_at = closed_at - make_interval(days => $1), changed_at = changed_at - make_interval(days => $1)`,
    [by],
  )

const ledgerOf = async (hub: ServedHub) => (await hub.ask('/api/v1/interactions/ledger')).json
const activitiesOf = async ({ simulator }: Scene, id: string) =>
  (await inSimulator(simulator, 'phonecall')).filter((row) => row.description?.includes(`Said in ${id}`))

test('Interactions whose time is over', async (t) => {
  const scene = await deskScene(t)
  const { hub } = scene
  await configure(scene, { workflow: { memorializationIds: [] } })
  const ids: Record<string, string> = {}
  const call = async (name: string, ani: string, state?: string) => {
    ids[name] = (await tell(hub, ...over(name, ani)))[0]!.interaction
    await settled(hub, ids[name], state)
  }
  const caller = await someCaller(hub)
  await call('written', caller.phone)
  await call('refused', (await someCaller(hub)).phone)
  await call('unlinked', '+3225550199', 'nothing_linked')
  await hub.hub.pool.query(
    `update jackfield.outbox o set state = 'failed', problem = '{"code":"write.refused","message":"No"}'
       from jackfield.memorial m where m.write_id = o.id and m.interaction_id = $1`,
    [ids.refused],
  )
  const before = await ledgerOf(hub)
  assert.deepEqual(
    [before.interactions, before.removed, before.withLink, before.activities],
    [3, 0, 2, 1],
    'the refused one is not there',
  )

  const waits = () =>
    hub.hub.pool.query(
      `insert into jackfield.waiting_run (interaction_id, part_id, run_key, requested_by, look_at)
         values ($1, gen_random_uuid(), 'key', 'hub:hub', 'infinity')`,
      [ids.written],
    )

  await t.test('are kept until then, and for ever where 0 days are set', async () => {
    await age(hub, days - 1)
    assert.equal(await purgeInteractions(hub.hub.pool, days), 0)
    await age(hub, 300)
    assert.equal(await purgeInteractions(hub.hub.pool, 0), 0)
  })

  await t.test('stay while a workflow of theirs waits for its record', async () => {
    await waits()
    assert.equal(await purgeInteractions(hub.hub.pool, days), 1)
    await hub.hub.pool.query('delete from jackfield.waiting_run')
  })

  await t.test('go with all that was told of them, but not one that does not stand in the CRM', async () => {
    assert.equal(await purgeInteractions(hub.hub.pool, days), 1)
    const { json } = await hub.ask('/api/v1/interactions')
    assert.deepEqual(
      json.interactions.map((one: { id: string }) => one.id),
      [ids.refused],
    )
    const { rows } = await hub.hub.pool.query('select distinct interaction_id as id from jackfield.interaction_event')
    assert.deepEqual(rows, [{ id: ids.refused }])
    assert.equal((await hub.ask(`/api/v1/interactions/${ids.written}`)).status, 404)
  })

  await t.test('the ledger counts as before', async () => {
    assert.deepEqual(await ledgerOf(hub), { ...before, removed: 2 })
  })

  await t.test('what is told of one later is written to the activity that it has', async () => {
    assert.equal((await activitiesOf(scene, 'written')).length, 1)
    const [again] = await tell(
      hub,
      ...over('written', caller.phone),
      told('written', 'updated', { data: { tags: 'late' } }),
    )
    assert.equal(again!.interaction, ids.written)
    const card = await settled(hub, ids.written!)
    assert.equal(card.interaction.memorialized.targets.length, 1)
    assert.equal((await activitiesOf(scene, 'written')).length, 1)
    assert.deepEqual(await ledgerOf(hub), { ...before, removed: 1 })
  })
})

test('Erasing a person takes their names out of interactions, which stay', async (t) => {
  const scene = await deskScene(t)
  const { hub } = scene
  await configure(scene, { workflow: { memorializationIds: [] } })
  const caller = await someCaller(hub)
  const admin = await openByLink(hub)
  const ann = await newAccount(hub, 'ann.vermeulen@example.org', ['agent'])
  const agent = { id: 'seat-4711', name: 'Ann Vermeulen', email: ann.email }
  const other = { id: 'seat-9', name: 'Bert Maes' }
  const events = over('hers', caller.phone, agent)
  const [{ interaction: id } = { interaction: '' }] = await tell(
    hub,
    ...events,
    told('hers', 'transferred', { agent: other }),
    told('hers', 'updated', { data: { agentId: agent.id, agentName: agent.name } }),
  )
  await settled(hub, id)
  const typed = await ann.page.ask('PUT', `/interactions/${id}/note`, { notes: 'Ink is empty', version: 0 })
  assert.equal(typed.status, 200, JSON.stringify(typed.json))
  await settled(hub, id)
  const written = async () =>
    (await inSimulator(scene.simulator, 'phonecall')).filter((row) => row.description === 'Ink is empty')
  const [call] = await written()
  assert.ok(call)
  await hub.hub.pool.query(
    `insert into jackfield.waiting_run (interaction_id, part_id, run_key, requested_by, look_at)
       values ($1, gen_random_uuid(), 'key', 'person:' || $2, 'infinity')`,
    [id, ann.id],
  )

  assert.equal((await admin.ask('DELETE', `/people/${ann.id}`)).status, 204)
  assert.equal((await admin.ask('DELETE', `/people/${ann.id}/personal-data`)).status, 204)

  await t.test('nothing of them is left in any table of interactions', async () => {
    for (const table of [
      'interaction',
      'interaction_event',
      'interaction_agent',
      'interaction_note',
      'interaction_link',
      'memorial',
      'waiting_run',
    ]) {
      const { rows } = await hub.hub.pool.query(`select x::text as row from jackfield.${table} x`)
      for (const { row } of rows)
        assert.ok(!/Vermeulen|seat-4711/.test(row) && !row.includes(ann.id), `${table}: ${row}`)
    }
  })

  await t.test('the interaction, who else was on it and what was typed stay', async () => {
    const { json } = await hub.ask(`/api/v1/interactions/${id}`)
    const names = json.interaction.agents.map((one: { name: string | null }) => one.name)
    assert.deepEqual(names.sort(), ['Bert Maes', null])
    const { rows } = await hub.hub.pool.query('select notes from jackfield.interaction_note')
    assert.deepEqual(rows, [{ notes: 'Ink is empty' }])
  })

  await t.test('what is told again brings no name back, and writes no second activity', async () => {
    await tell(hub, ...events, told('hers', 'updated', { data: { tags: 'late' } }))
    const { interaction } = await settled(hub, id)
    assert.ok(!JSON.stringify(interaction).includes('Vermeulen'))
    assert.deepEqual(
      (await written()).map((row) => row.activityid),
      [call.activityid],
    )
  })

  await t.test('a second time there is nothing to erase', async () => {
    assert.equal((await admin.ask('DELETE', `/people/${ann.id}/personal-data`)).status, 404)
  })
})
