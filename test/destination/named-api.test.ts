import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { startHttp } from '../../simulators/http/server.ts'
import { inputFor } from '../connectors/http-hub.ts'
import { connectBody, serveHub, until } from '../server/served-hub.ts'
import { rowsOf } from './two-organisations.ts'

test('rows of an API that people defined carry the name that they gave it, and its new name once it has one', async (t) => {
  const api = await startHttp({ records: 30, seed: 3 })
  const to = await startDynamics({ records: 6, seed: 2 })
  t.after(async () => {
    await api.close()
    await to.close()
  })
  const own = (await rowsOf(to, 'contact')).size
  const hosts = [api, to].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const input = inputFor(api, 'acme', { definition: { name: 'Loyalty programme' } })
  const made = await hub.ask('/api/v1/connections', { json: input })
  assert.equal(made.status, 201, made.text)
  const target = await hub.ask('/api/v1/connections', { json: connectBody(to) })
  const named = await hub.ask('/api/v1/destinations', { json: { connection: target.json.id } })
  assert.equal((await hub.ask(`/api/v1/destinations/${named.json.id}/start`, { method: 'POST' })).status, 200)

  const written = async () => {
    const rows = [...(await rowsOf(to, 'contact')).values(), ...(await rowsOf(to, 'account')).values()]
    return rows.flatMap(({ fields }) => fields.msdyn_source_crm ?? [])
  }
  const all = (name: string) => async () => {
    const labels = await written()
    return labels.length === 30 && labels.every((label) => label === name)
  }
  await until('all are there under its name', all('Loyalty programme'))

  const at = `/api/v1/connections/${made.json.id}/definition`
  const { json: definition } = await hub.ask(at)
  const changed = await hub.ask(at, { method: 'PUT', json: { ...definition, name: 'Loyalty club' } })
  assert.equal(changed.status, 200, changed.text)
  await until('all are there under its new name', all('Loyalty club'))

  // A name that it had before.
  assert.equal((await hub.ask(at, { method: 'PUT', json: definition })).status, 200)
  assert.equal((await hub.ask(`/api/v1/destinations/${named.json.id}/repair`, { method: 'POST' })).status, 200)
  await until('a repair brings its old name back', all('Loyalty programme'))

  // Neither name's rows are taken for the organisation's own.
  const { json: passed } = await hub.ask('/api/v1/runs', { json: { connection: target.json.id, kind: 'incremental' } })
  await until('the organisation’s own are read once more', async () => {
    const states = await Promise.all(
      passed.runs.map(async ({ id }: { id: string }) => (await hub.ask(`/api/v1/runs/${id}`)).json.state),
    )
    return states.every((state) => state === 'done')
  })
  const { json: held } = await hub.ask(`/api/v1/records?entity=contact&connection=${target.json.id}&limit=1000`)
  assert.equal(
    held.records.filter((one: { deletedAt: null; outOfScopeAt: null }) => !one.deletedAt && !one.outOfScopeAt).length,
    own,
  )
})
