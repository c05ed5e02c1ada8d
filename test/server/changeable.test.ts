import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newAccount, openByLink } from '../people/page.ts'
import { connectBody, serveHub, startSimulator, until } from './served-hub.ts'

interface Listed {
  field: string
  type: string
  labels: Record<string, string>
}

test('Whoever writes is told which fields of a record they may change, and by which name the CRM knows them', async (t) => {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  const contact = await until('a copied contact', async () => {
    const { json } = await hub.ask('/api/v1/records?entity=contact&limit=1')
    return json.records?.[0]?.id as string | undefined
  })
  const path = `/api/v1/records/${contact}/changeable`
  const all: Listed[] = (await hub.ask(path)).json.fields
  const named = (fields: Listed[]) => fields.map(({ field }) => field)

  const jobTitle = all.find(({ field }) => field === 'jobTitle')
  assert.deepEqual([jobTitle?.type, typeof jobTitle?.labels.en], ['text', 'string'])
  assert.ok(!named(all).includes('fullName'), 'the CRM makes it of the others')
  assert.ok(!named(all).includes('createdAt'))

  const role = await hub.ask('/api/v1/roles', {
    json: {
      ...{ name: 'Callers', copyOf: 'agent' },
      entities: [{ entity: 'contact', reads: 'all', writes: 'all', masked: ['jobTitle'] }],
    },
  })
  await newAccount(hub, 'ann@example.com', [role.json.id])
  await newAccount(hub, 'ben@example.com', ['office-worker'])
  const ann = await openByLink(hub, 'ann@example.com')
  const seen: Listed[] = (await ann.get(path.slice('/api/v1'.length))).json.fields
  assert.deepEqual(
    named(seen),
    named(all).filter((field) => field !== 'jobTitle'),
  )
  const ben = await openByLink(hub, 'ben@example.com')
  assert.equal((await ben.get(path.slice('/api/v1'.length))).status, 404, 'another’s record')
  assert.equal((await hub.ask(path, { key: await hub.newKey('read:records') })).status, 403)
})
