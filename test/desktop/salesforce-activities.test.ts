import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveHub, until } from '../server/served-hub.ts'
import { startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { readDump } from '../support/simulator-control.ts'
import { settled } from './memorial-scene.ts'
import { someCaller, tell, told } from './scene.ts'

test('A finished call is a completed task of whoever called', async (t) => {
  const world = await startSalesforceWorld({ records: 20, others: 2, seed: 6 })
  t.after(() => world.running.close())
  const { url, clientId, clientSecret, control } = world.running
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: new URL(url).host } })
  const authentication = { settings: { clientId, loginUrl: url }, secret: clientSecret }
  const connection = { crm: 'salesforce', url, name: 'Contoso', authentication, settings: { defaultCountry: 'BE' } }
  const { id: connectionId } = (await hub.ask('/api/v1/connections', { json: connection })).json
  const { json: asked } = await hub.ask('/api/v1/runs', { json: { connection: connectionId } })
  await until('it is copied', async () => {
    const runs = await Promise.all(
      asked.runs.map(async ({ id }: { id: string }) => (await hub.ask(`/api/v1/runs/${id}`)).json),
    )
    return runs.every(({ state }) => state === 'done')
  })
  const { json: made } = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId } })
  const workflow = { name: 'All', definition: { timeline: { entity: 'phone_call', subject: 'Call' } } }
  const added = await hub.ask(`/api/v1/crm-configurations/${made.id}/agent-workflows`, { json: workflow })
  assert.equal(added.status, 201, added.text)

  const caller = await someCaller(hub)
  const tasks = async () =>
    (await readDump<{ id: string; fields: Record<string, unknown> }>(control, 'Task')).filter(
      ({ fields }) => fields.Subject === 'Call',
    )
  const before = new Set((await tasks()).map(({ id }) => id))
  const [taken] = await tell(
    hub,
    told('s-1', 'offered', { data: { ani: caller.phone } }),
    told('s-1', 'accepted'),
    told('s-1', 'ended'),
    told('s-1', 'wrap_up_closed'),
  )
  await settled(hub, taken!.interaction)
  const made1 = (await tasks()).filter(({ id }) => !before.has(id))
  assert.deepEqual(
    made1.map(({ fields }) => [fields.Status, fields.IsClosed, fields.WhoId]),
    [['Completed', true, caller.sourceId]],
  )
})
