import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { uuidv7 } from '#core/ids.ts'
import { newAccount } from '../people/page.ts'
import { until } from '../server/served-hub.ts'
import { configureMemorials, settled } from './memorial-scene.ts'
import { deskScene, inSimulator, inTheCrm, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

test('400 records with one number: the likeliest are shown, and that there are more', async (t) => {
  const { hub, simulator, connection } = await deskScene(t, 5)
  const mobilephone = '+32470555666'
  for (let n = 0; n < 400; n += 1) {
    await inTheCrm(simulator, {
      operation: 'create',
      entity: 'contact',
      fields: { lastname: `Same ${n}`, mobilephone },
    })
  }
  const { json } = await hub.ask('/api/v1/runs', { json: { connection, entity: 'contact' } })
  await until('they are copied', async () => (await hub.ask(`/api/v1/runs/${json.runs[0].id}`)).json.state === 'done')
  const [taken] = await tell(hub, told('many', 'offered', { data: { ani: mobilephone } }))
  const card = await until('it was searched', async () => {
    const { json: now } = await hub.ask(`/api/v1/interactions/${taken!.interaction}`)
    return now.matches.length > 0 && now
  })
  assert.deepEqual([card.matches.length, card.more, card.interaction.links], [20, true, []])
})

test('A record deleted between ring and answer stands on the card as deleted, and cannot be linked', async (t) => {
  const { hub, simulator, connection } = await deskScene(t)
  const caller = await someCaller(hub)
  const [taken] = await tell(hub, told('gone', 'offered', { data: { ani: caller.phone } }))
  const card = `/api/v1/interactions/${taken!.interaction}`
  await until('it is linked', async () => (await hub.ask(card)).json.records[0]?.id === caller.id)
  await inTheCrm(simulator, { operation: 'delete', entity: 'contact', id: caller.sourceId })
  await hub.ask('/api/v1/runs', { json: { connection, entity: 'contact' } })
  await until('the delete is known', async () => (await hub.ask(`/api/v1/records/${caller.id}`)).json.deletedAt)
  const { json } = await hub.ask(card)
  assert.deepEqual(
    json.records.map((record: Json) => [record.id, record.deleted]),
    [[caller.id, true]],
  )
  assert.deepEqual(json.matches, [])
  const [other] = await tell(hub, told('gone-2', 'offered', { data: { ani: '+3225550001' } }))
  const linked = await hub.ask(`/api/v1/interactions/${other!.interaction}/acts`, {
    json: { act: 'link', record: caller.id },
  })
  assert.deepEqual([linked.status, linked.json.error.code], [404, 'record.not_found'])
})

test('An agent whose role sees no contacts sees none of the caller, and links none', async (t) => {
  const { hub } = await deskScene(t)
  const caller = await someCaller(hub)
  const role = await hub.ask('/api/v1/roles', {
    json: {
      ...{ name: 'Desk without contacts', copyOf: 'agent' },
      entities: [{ entity: 'contact', reads: 'none', writes: 'none', masked: [] }],
    },
  })
  assert.equal(role.status, 201, role.text)
  const blind = await newAccount(hub, 'blind@example.org', [role.json.id])
  const agent = { id: 'b', email: blind.email }
  const [taken] = await tell(hub, told('blind', 'offered', { agent, data: { ani: caller.phone } }))
  const path = `/interactions/${taken!.interaction}`
  await until('it is linked', async () => (await hub.ask(`/api/v1${path}`)).json.interaction.links.length === 1)
  const { json } = await blind.page.get(path)
  assert.deepEqual([json.matches, json.records, json.open], [[], [], []])
  assert.deepEqual(json.interaction.links, [])
  for (const told of [caller.name, caller.id, caller.sourceId]) assert.ok(!JSON.stringify(json).includes(told), told)
  for (const asked of [`record=${caller.id}`, `record=${caller.id}&limit=1`, `record=${uuidv7()}`]) {
    const { json: list } = await blind.page.get(`/interactions?${asked}`)
    assert.deepEqual(list, { interactions: [], next: null }, 'whether the record is linked is not told')
  }
  assert.equal((await blind.page.post(`${path}/acts`, { act: 'link', record: caller.id })).status, 404)
  for (const act of ['pin', 'unlink']) {
    await blind.page.post(`${path}/acts`, { act, record: caller.id })
    const { links } = (await hub.ask(`/api/v1${path}`)).json.interaction
    assert.deepEqual([links.length, links[0]?.pinned], [1, false], `${act} has no effect`)
  }
  const found = await blind.page.post(`${path}/search`, { text: caller.phone })
  assert.deepEqual(found.json.matches, [])
})

test('Whoever does not see a record is told how writing to it went, and neither what it is called nor where it is', async (t) => {
  const scene = await deskScene(t)
  const { hub, simulator } = scene
  await configureMemorials(scene)
  const caller = await someCaller(hub)
  const before = new Set((await inSimulator(simulator, 'phonecall')).map((row) => row.activityid))
  const role = await hub.ask('/api/v1/roles', {
    json: {
      ...{ name: 'Desk without contacts', copyOf: 'agent' },
      entities: ['contact', 'phone_call'].map((entity) => ({ entity, reads: 'none', writes: 'none', masked: [] })),
    },
  })
  const blind = await newAccount(hub, 'blind@example.org', [role.json.id])
  const agent = { id: 'b', email: blind.email }
  const data = { ani: caller.phone }
  const [taken] = await tell(
    hub,
    told('b-1', 'offered', { agent, data, scriptVariables: { topic: 'ink' } }),
    told('b-1', 'accepted', { agent }),
    told('b-1', 'ended', { agent }),
  )
  await tell(hub, told('b-1', 'wrap_up_closed', { agent }))
  const id = taken!.interaction
  const whole = await settled(hub, id)
  assert.equal(whole.interaction.memorialized.targets.length, 2)
  const [call] = (await inSimulator(simulator, 'phonecall')).filter(({ activityid }) => !before.has(activityid))
  const hidden = [caller.name, caller.id, caller.sourceId, call.activityid]
  hidden.push(
    ...whole.interaction.memorialized.targets.flatMap(({ recordId, url, write }: Json) => [recordId, url, write]),
  )
  for (const path of [`/interactions/${id}`, '/interactions']) {
    const { json, status } = await blind.page.get(path)
    assert.equal(status, 200)
    const shown = json.interaction ?? json.interactions[0]
    assert.deepEqual(
      shown.memorialized.targets.map(({ target, state }: Json) => [target, state]),
      [
        ['activity', 'done'],
        ['hidden', 'done'],
      ],
    )
    for (const one of hidden) assert.ok(!JSON.stringify(json).includes(one), `${path} tells ${one}`)
  }
})

test('What is no event is refused with what is wrong', async (t) => {
  const { hub } = await deskScene(t, 3)
  const send = async (event: unknown) => {
    const { status, json } = await hub.ask('/api/v1/interaction-events', { json: { events: [event] } })
    return [status, json.error?.code]
  }
  assert.deepEqual(await send({ ...told('x', 'offered'), type: 'exploded' }), [400, 'input.invalid'])
  assert.deepEqual(await send({ ...told('x', 'offered'), at: 'yesterday' }), [400, 'input.invalid'])
  assert.deepEqual(await send({ ...told('x', 'offered'), at: '9999-01-01T00:00:00Z' }), [400, 'input.invalid'])
  assert.deepEqual(await send({ ...told('x', 'offered'), source: '../etc' }), [400, 'input.invalid'])
  assert.deepEqual(await send({ ...told('x', 'offered'), id: '' }), [400, 'input.invalid'])
  assert.deepEqual(await send(told('x', 'offered', { data: { nested: { a: 1 } } })), [400, 'input.invalid'])
  assert.deepEqual(await send(told('x', 'offered', { data: { ani: '\u0000' } })), [400, 'input.invalid'])
  assert.deepEqual(await send(told('x', 'offered', { scriptVariables: { a: '\ud800' } })), [400, 'input.invalid'])
  assert.deepEqual(await send(told('x', 'offered', { data: { ani: '☎️ call me' } })), [200, undefined])
})

test('An interaction that swells is refused, and the others of its batch are taken', async (t) => {
  const { hub } = await deskScene(t, 3)
  const send = async (n: number) => {
    const big = told('swollen', 'updated', { scriptVariables: { big: randomBytes(700_000).toString('base64') } })
    const { status, json } = await hub.ask('/api/v1/interaction-events', {
      json: { events: [big, told(`slim-${n}`, 'offered')] },
    })
    return status === 200 ? 200 : json.error.code
  }
  let answer: unknown = 200
  let sent = 0
  while (answer === 200 && sent < 60) {
    sent += 1
    answer = await send(sent)
  }
  assert.equal(answer, 'input.too_large')
  const { json } = await hub.ask('/api/v1/interactions?limit=200')
  const names = json.interactions.map((one: Json) => one.externalId)
  assert.ok(names.includes(`slim-${sent}`), 'what came beside the refused event is kept')
})
