import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { startHttp } from '../../simulators/http/server.ts'
import { inputFor } from '../connectors/http-hub.ts'
import { connectBody, serveHub } from '../server/served-hub.ts'

const few = [
  { path: 'email', type: 'text' },
  { path: 'last_name', type: 'text' },
]

test('of two organisations of one kind the one that fills fewer columns is told by its name', async (t) => {
  const api = await startHttp({ records: 12, seed: 3 })
  const to = await startDynamics({ records: 2, seed: 2 })
  t.after(async () => {
    await api.close()
    await to.close()
  })
  const hosts = [api, to].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const connect = async (organisation: string, fields?: typeof few) => {
    const table = (one: Record<string, unknown>) => (fields ? { ...one, fields } : one)
    const input = { ...inputFor(api, organisation, { table }), name: `The ${organisation}` }
    const made = await hub.ask('/api/v1/connections', { json: input })
    assert.equal(made.status, 201, made.text)
  }
  await connect('whole')
  const target = await hub.ask('/api/v1/connections', { json: connectBody(to) })
  const named = await hub.ask('/api/v1/destinations', { json: { connection: target.json.id } })
  const told = async () => {
    const { json } = await hub.ask(`/api/v1/destinations/${named.json.id}/readiness`)
    const all = json.requirements as { name: string; subject: string; message: string; mend: string | null }[]
    return all.filter(({ name, subject }) => name === 'mapping' && subject.includes('contact'))
  }
  const [alone] = await told()
  assert.equal(alone!.subject, 'generic-http contact')

  await connect('twin')
  assert.deepEqual(await told(), [alone], 'said once for those that are alike')

  await connect('narrow', few)
  const three = await told()
  assert.deepEqual(three.map(({ subject }) => subject).sort(), [
    'generic-http contact (The narrow)',
    'generic-http contact (The twin)',
    'generic-http contact (The whole)',
  ])
  const narrow = three.find(({ subject }) => subject.includes('narrow'))!
  assert.notEqual(narrow.message, alone!.message)
  assert.ok(narrow.mend)
})
