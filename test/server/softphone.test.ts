import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newAccount, type Page } from '../people/page.ts'
import { serveHub } from './served-hub.ts'

const cardsOf = async (page: Page) => (await page.get('/desktop')).json.cards

test('A softphone in the agent’s own browser', { timeout: 240_000 }, async (t) => {
  const hub = await serveHub(t)
  const { page, id } = await newAccount(hub, 'ann@example.org')
  const other = await newAccount(hub, 'bob@example.org')
  const ring = { interaction: 'call-1', id: 'e1', type: 'offered', data: { ani: '+3225550100', channelType: 'voice' } }

  await t.test('tells of calls that are that agent’s own', async () => {
    const told = await page.post('/desktop/softphone-events', ring)
    assert.deepEqual([told.status, told.json.outcome], [200, 'kept'])
    assert.equal((await page.post('/desktop/softphone-events', ring)).json.outcome, 'replayed')
    const [card, ...more] = await cardsOf(page)
    assert.deepEqual(more, [])
    assert.equal(card.interaction.id, told.json.interaction)
    assert.deepEqual([card.interaction.state, card.interaction.address], ['offered', '+3225550100'])
    assert.deepEqual(
      card.interaction.agents.map((agent: { personId: string; name: string }) => [agent.personId, agent.name]),
      [[id, 'Somebody']],
    )
    assert.deepEqual(await cardsOf(other.page), [])
  })

  await t.test('cannot speak of another’s call, nor as another', async () => {
    const same = await other.page.post('/desktop/softphone-events', { ...ring, id: 'e2', type: 'ended' })
    assert.equal(same.status, 200)
    assert.equal((await cardsOf(page))[0].interaction.state, 'offered')
    const forged = await page.post('/desktop/softphone-events', { ...ring, agent: { id: other.id } })
    assert.deepEqual([forged.status, forged.json.error.code], [400, 'input.invalid'])
    const foreign = await page.post('/desktop/softphone-events', { ...ring, source: 'nice' })
    assert.equal(foreign.status, 400)
    const key = await hub.newKey('use:desktop', 'send:interactions')
    assert.equal((await hub.ask('/api/v1/desktop/softphone-events', { json: ring, key })).status, 403)
  })

  await t.test('leads a call through its life', async () => {
    const tell = (type: string, data = {}) =>
      page.post('/desktop/softphone-events', { interaction: 'call-1', id: type, type, data })
    await tell('accepted')
    await tell('held')
    assert.equal((await cardsOf(page))[0].interaction.state, 'held')
    await tell('resumed')
    await tell('ended', { wrapUp: false })
    const closed = (await cardsOf(page))[0]
    assert.equal(closed.interaction.state, 'closed')
  })
})
