import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { connectBody, type ServedHub, serveHub, startSimulator, until } from '../server/served-hub.ts'
import { tell, told } from './scene.ts'

async function contactOf(hub: ServedHub, connectionId: string): Promise<{ id: string } | null> {
  const { json } = await hub.ask('/api/v1/records?entity=contact&limit=200')
  for (const { id } of json.records) {
    const { json: record } = await hub.ask(`/api/v1/records/${id}`)
    if (record.connectionId === connectionId) return { id }
  }
  return null
}

test('Nothing but a page on the configured domain opens by itself', async (t) => {
  const own = await startSimulator(t)
  const other = await startDynamics({ port: 0, records: 30, seed: 9, protection: false })
  t.after(() => other.close())
  const hosts = [own, other].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { simulator: own, work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const connect = async (simulator: typeof own, name: string) => {
    const { status, json, text } = await hub.ask('/api/v1/connections', { json: { ...connectBody(simulator), name } })
    assert.equal(status, 201, text)
    return json.id as string
  }
  const ownConnection = await connect(own, 'Contoso')
  const otherConnection = await connect(other, 'Fabrikam')
  const screenPopDomain = 'https://crm.example'
  const made = await hub.ask('/api/v1/crm-configurations', {
    json: { name: 'Desk', connectionId: ownConnection, screenPopDomain },
  })
  const definition = { screenPop: { when: 'offered', how: 'tab' } }
  const json = { name: 'All', definition }
  assert.equal((await hub.ask(`/api/v1/crm-configurations/${made.json.id}/agent-workflows`, { json })).status, 201)

  const popped = async (interaction: string, connection: string) => {
    const caller = await until('a contact', () => contactOf(hub, connection))
    const data = { channelType: 'voice', ani: '+3225550100' }
    const [taken] = await tell(hub, told(interaction, 'offered', { data }))
    const link = { act: 'link', record: caller.id }
    const { status, json, text } = await hub.ask(`/api/v1/interactions/${taken!.interaction}/acts`, { json: link })
    assert.equal(status, 200, text)
    return { opens: json.screenPop.url as string | null, link: json.records[0].url as string }
  }
  const ours = await popped('ours', ownConnection)
  assert.equal(ours.opens, ours.link)
  assert.equal(new URL(ours.opens!).origin, screenPopDomain)
  // Whoever presses the link opens it all the same.
  const theirs = await popped('theirs', otherConnection)
  assert.deepEqual([theirs.opens, new URL(theirs.link).origin], [null, new URL(other.url).origin])
})
