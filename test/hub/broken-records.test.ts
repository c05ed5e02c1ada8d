import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { until } from '../support/processes.ts'
import { connectedHub, copied, differences } from './connected-hub.ts'

/** What the organisation made wrong of a contact, and what the hub says of it. */
const expected = {
  'bad-date': 'not_date',
  'long-string': 'row_too_long',
  'lone-surrogate': 'half_character',
  nul: 'nul_character',
  'no-id': 'no_id',
  'wrong-type': 'not_number',
}

test('records that break the model are parked alone, each with its reason, and taken once they are mended', async (t) => {
  const world = await connectedHub(t, { broken: Object.keys(expected).length })
  const { hub, crm, connection } = world
  const table = `/api/v1/connections/${connection}/tables/contact`
  await copied(world)
  const { columns } = (await hub.ask(table)).json
  const change = { columns: [...new Set([...columns, 'description', 'creditlimit'])] }
  assert.equal((await hub.ask(table, { method: 'PATCH', json: change })).status, 200)
  const parked = async () => (await hub.ask('/api/v1/attention?kind=parked&limit=100')).json.items
  const codesOf = (items: { reason: { code: string } | null }[]) => items.map(({ reason }) => reason?.code).sort()
  const items = await until('each is parked once', async () => {
    const found = await parked()
    return isDeepStrictEqual(codesOf(found), Object.values(expected).sort()) && found
  })
  assert.deepEqual(await differences(world, 'contact'), [], 'all others of their pages are stored')
  await until('the audit after the reading has counted them', async () => {
    return (await hub.ask(table)).json.completeness.parked === items.length
  })
  const [held] = (await hub.ask('/api/v1/status?exact=true')).json.connections
  const { counts } = held.tables.find(({ entity }: { entity: string }) => entity === 'contact')
  assert.equal(counts.parked, items.length)
  const replay = () => hub.ask('/api/v1/parked/replay-all', { json: {} })
  // The one without its id cannot be asked for.
  assert.deepEqual((await replay()).json, { replayed: items.length - 1, stillParked: items.length })

  const rows = [...crm.simulator.org.tables.get('contact')!.entries.values()].filter(({ broken }) => broken)
  const right = { lastname: 'Mended', birthdate: null, description: null, creditlimit: null }
  await world.control(
    '/records',
    rows.map(({ id }) => ({ entity: 'contact', operation: 'change', id, fields: right })),
  )
  // The row without an id changed too: met by a pass meanwhile it is parked once more, since nothing tells it is the same.
  const codes = async () => (await parked()).map(({ reason }: { reason: { code: string } }) => reason.code)
  await until('the rest is stored', async () => {
    await replay()
    return (await codes()).every((code: string) => code === 'no_id')
  })
  assert.ok((await codes()).length > 0)
})
