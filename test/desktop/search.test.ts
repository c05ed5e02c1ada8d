import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../server/served-hub.ts'
import { askControl } from '../support/simulator-control.ts'
import { deskScene, inTheCrm, type Scene, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

async function searching({ hub, connection }: Scene, definition: Json) {
  const made = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId: connection } })
  const base = `/api/v1/crm-configurations/${made.json.id}`
  const part = await hub.ask(`${base}/parts`, { json: { kind: 'search', name: 'Search', definition } })
  assert.equal(part.status, 201, part.text)
  const workflow = await hub.ask(`${base}/agent-workflows`, {
    json: { name: 'All', definition: { searchId: part.json.id, timeline: null } },
  })
  assert.equal(workflow.status, 201, workflow.text)
}

const searched = ({ hub }: Scene, id: string) =>
  until('it was searched', async () => {
    const { json } = await hub.ask(`/api/v1/interactions/${id}`)
    return (json.matches.length > 0 || json.reasonsNone.length > 0) && json
  })

test('A custom search finds by a field and a script variable, and says why not', async (t) => {
  const scene = await deskScene(t)
  const { hub } = scene
  const caller = await someCaller(hub)
  const { json: record } = await hub.ask(`/api/v1/records/${caller.id}`)
  await searching(scene, {
    ...{ by: 'custom', entity: 'contact', match: 'all' },
    conditions: [{ field: 'lastname', operator: 'is', value: '{script.name}' }],
  })
  const [known] = await tell(
    hub,
    told('s-1', 'offered', {
      data: { ani: 'anonymous' },
      scriptVariables: { Name: String(record.fields.lastName).toUpperCase() },
    }),
  )
  const card = await searched(scene, known!.interaction)
  assert.ok(card.matches.some((match: Json) => match.id === caller.id))
  const [reason] = card.matches[0].reasons
  assert.deepEqual([reason.code, reason.field], ['field_matches', 'lastname'])
  const [nameless] = await tell(hub, told('s-2', 'offered', { data: { ani: caller.phone } }))
  assert.deepEqual((await searched(scene, nameless!.interaction)).reasonsNone, [{ code: 'variable_empty' }])
  const [odd] = await tell(hub, told('s-3', 'offered', { scriptVariables: { name: "%_\\'; drop" } }))
  assert.equal((await searched(scene, odd!.interaction)).reasonsNone[0].code, 'search_met_nothing')
})

test('Of several with one number the policy decides, and many are told', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator, connection } = scene
  const number = '+32470998877'
  const made = async (lastname: string) =>
    (await inTheCrm(simulator, { operation: 'create', entity: 'contact', fields: { lastname, mobilephone: number } }))
      .id
  const first = await made('Aerts')
  await made('Boons')
  await hub.ask('/api/v1/runs', { json: { connection, kind: 'incremental' } })
  await until(
    'both are copied',
    async () => (await hub.ask(`/api/v1/lookup?phone=${encodeURIComponent(number)}`)).json.matches.length === 2,
  )
  const [one] = await tell(hub, told('m-1', 'offered', { data: { ani: number } }), told('m-1', 'accepted'))
  const card = await searched(scene, one!.interaction)
  assert.deepEqual([card.matches.length, card.interaction.links], [2, []], 'of two nobody is linked by itself')
  const chosen = card.matches.find((match: Json) => match.source.id === first)
  await hub.ask(`/api/v1/interactions/${one!.interaction}/acts`, { json: { act: 'link', record: chosen.id } })
  const [two] = await tell(hub, told('m-2', 'offered', { data: { ani: number } }))
  const later = await searched(scene, two!.interaction)
  assert.equal(later.matches[0].id, chosen.id, 'the one who was spoken with comes first')
  assert.ok(later.matches[0].reasons.some((reason: Json) => reason.code === 'spoken_before'))
  assert.equal(later.earlier[0].id, one!.interaction)
})

test('A caller whom the hub does not hold yet is asked of the CRM where the workflow says so, and only then', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator, connection } = scene
  // Neither a push nor a pass may bring the contact before it is asked for.
  await askControl(simulator.control, '/faults', { kind: 'webhook-drop', times: 0 })
  const path = `/api/v1/connections/${connection}/tables/contact`
  const patched = await hub.ask(path, { method: 'PATCH', json: { scheduleSeconds: 86_400 } })
  assert.equal(patched.status, 200, patched.text)
  await until('all that follows a first copy is over', async () => {
    const { runs } = (await hub.ask(`/api/v1/runs?connection=${connection}&limit=200`)).json
    const { tables } = (await hub.ask(`/api/v1/connections/${connection}/tables`)).json
    const isOpen = ({ state }: Json) => state === 'waiting' || state === 'running'
    return tables.every(({ enabled, completeness }: Json) => !enabled || completeness) && !runs.some(isOpen)
  })
  // Once the push is registered, all is read once more.
  await askControl(simulator.control, '/faults', { kind: 'latency', ms: 60_000, times: 0, on: ['delta'] })
  const make = async (lastname: string, mobilephone: string) =>
    inTheCrm(simulator, { operation: 'create', entity: 'contact', fields: { lastname, mobilephone } })
  await make('Fresh', '+32 470 44 55 66')
  const [first] = await tell(hub, told('f-1', 'offered', { data: { ani: '+32470445566' } }))
  const before = await searched(scene, first!.interaction)
  assert.deepEqual([before.matches, before.reasonsNone[0].code], [[], 'number_unknown'])
  await searching(scene, { by: 'caller', where: 'hub_then_crm' })
  const [second] = await tell(hub, told('f-2', 'offered', { data: { ani: '+32470445566' } }))
  const card = await until('the CRM told who it is', async () => {
    const { json } = await hub.ask(`/api/v1/interactions/${second!.interaction}`)
    return json.interaction.links.length === 1 && json.matches.length === 1 && json
  })
  assert.equal(card.matches[0].name.includes('Fresh'), true)
})
