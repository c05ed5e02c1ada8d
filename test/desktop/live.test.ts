import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from '#core/event-stream.ts'
import { newAccount, type Page } from '../people/page.ts'
import { serveHub, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { deskScene, someCaller, tell, told } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

async function openDesktop(t: TestScope, page: Page) {
  const stop = new AbortController()
  const seen: { event: string; data: Json }[] = []
  const cookie = [...page.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(`${page.origin}/api/v1/desktop/live`, { headers: { cookie }, signal: stop.signal })
  assert.equal(response.status, 200)
  const ended = readEvents(response.body!.pipeThrough(new TextDecoderStream()), (event, data) => {
    seen.push({ event, data })
  }).catch(() => undefined)
  t.after(async () => {
    stop.abort()
    await ended
  })
  return { seen, ended, last: () => seen.findLast(({ event }) => event === 'card')?.data }
}

test('An agent’s desktop hears of their own interactions, and of nobody else’s', async (t) => {
  const scene = await deskScene(t)
  const { hub } = scene
  const caller = await someCaller(hub)
  const ana = await newAccount(hub, 'ana@example.org')
  const ben = await newAccount(hub, 'ben@example.org')
  const desk = await openDesktop(t, ana.page)
  const other = await openDesktop(t, ben.page)
  const agent = (person: { email: string }) => ({ id: person.email.slice(0, 3), email: person.email.toUpperCase() })
  const [taken] = await tell(hub, told('l-1', 'offered', { agent: agent(ana), data: { ani: caller.phone } }))
  const id = taken!.interaction

  await t.test('it rings with who it is', async () => {
    const card = await until('the card comes with the caller', () => {
      const last = desk.last()
      return last?.records[0]?.id === caller.id && last
    })
    assert.equal(card.interaction.state, 'offered')
    assert.deepEqual(other.seen, [])
    const { json } = await ana.page.get('/desktop')
    assert.deepEqual([json.cards.map((one: Json) => one.interaction.id), json.personId], [[id], ana.id])
    assert.deepEqual((await ben.page.get('/desktop')).json.cards, [])
  })

  await t.test('another agent finds nothing there, and may do nothing', async () => {
    assert.equal((await ben.page.get(`/interactions/${id}`)).status, 404)
    assert.equal((await ben.page.post(`/interactions/${id}/acts`, { act: 'close' })).status, 404)
    assert.equal((await ben.page.ask('PUT', `/interactions/${id}/note`, { notes: 'x', version: 0 })).status, 404)
    assert.deepEqual((await ben.page.get('/interactions')).json.interactions, [])
    assert.equal((await ben.page.get('/interactions/ledger')).status, 403)
  })

  await t.test('what a page kept for somebody else who was signed in before is saved for nobody', async () => {
    const save = (whose: string, notes = 'Typed') =>
      ana.page.ask('PUT', `/interactions/${id}/note`, { notes, version: 0 }, { 'x-jackfield-for': whose })
    for (const whose of [`person:${ben.id}`, `key:${ana.id}`, 'person:nobody', '']) {
      assert.equal((await save(whose)).status, 401, whose)
    }
    assert.equal((await ana.page.get(`/interactions/${id}`)).json.note.notes, '')
    assert.equal((await save(`person:${ana.id}`, '')).status, 200)
  })

  await t.test('a transfer takes it off one desktop and puts it on the other', async () => {
    await tell(hub, told('l-1', 'accepted', { agent: agent(ana) }), told('l-1', 'transferred', { agent: agent(ben) }))
    await until('it is gone', () => desk.seen.some(({ event, data }) => event === 'gone' && data.id === id))
    assert.equal((await until('it came', () => other.last())).interaction.state, 'offered')
    // Who was on it may still add to their note.
    assert.equal((await ana.page.ask('PUT', `/interactions/${id}/note`, { notes: 'mine', version: 0 })).status, 200)
    await ben.page.ask('PUT', `/interactions/${id}/note`, { notes: 'ours', version: 0 })
    const { json } = await ben.page.get(`/interactions/${id}`)
    assert.deepEqual([json.note.notes, json.otherNotes.map((note: Json) => note.notes)], ['ours', ['mine']])
  })

  await t.test('what another process takes comes too', async () => {
    const second = await serveHub(t, { databaseUrl: hub.databaseUrl, environment: { JACKFIELD_DATA: hub.dataFolder } })
    const before = other.seen.length
    const key = await hub.newKey('send:interactions')
    await second.ask('/api/v1/interaction-events', {
      key,
      json: { events: [told('l-1', 'accepted', { agent: agent(ben) })] },
    })
    await until('it came', () => other.seen.length > before && other.last()?.interaction.state === 'active')
  })

  await t.test('an identity tells who an agent without an address is', async () => {
    const set = await hub.ask('/api/v1/agent-identities', {
      ...{ method: 'PUT', json: { source: 'pbx', agentId: '4711', personId: ana.id } },
    })
    assert.equal(set.status, 204, set.text)
    await tell(hub, told('l-2', 'offered', { agent: { id: '4711' }, data: { ani: '+3225550100' } }))
    await until('it rings', () => desk.last()?.interaction.externalId === 'l-2')
    assert.equal(desk.last().reasonsNone[0]?.code ?? 'number_unknown', 'number_unknown')
  })

  await t.test('who may no longer is shown out', async () => {
    await hub.ask(`/api/v1/people/${ana.id}/suspend`, { method: 'POST' })
    await desk.ended
  })
})
