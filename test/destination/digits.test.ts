import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { change, raw } from '../../simulators/http/rows.ts'
import { startHttp } from '../../simulators/http/server.ts'
import { inputFor } from '../connectors/http-hub.ts'
import { connectBody, serveHub, until } from '../server/served-hub.ts'
import { control } from './two-organisations.ts'

const lines = [
  { to: 'lastname', field: 'last_name' },
  { to: 'new_serialtext', field: 'serial' },
  { to: 'new_credittext', field: 'credit' },
  { to: 'new_serial', field: 'serial' },
  { to: 'new_ratio', field: 'credit' },
  { to: 'creditlimit', field: 'power' },
]
const mapping = { mapping: { contact: { 'generic-http': lines } } }

test('numbers reach the destination to the digit, as text and as numbers, and the same number is not written again', async (t) => {
  const api = await startHttp({ records: 12, seed: 3 })
  const to = await startDynamics({ records: 2, seed: 2 })
  t.after(async () => {
    await api.close()
    await to.close()
  })
  for (const [name, type] of [
    ['new_serialtext', 'String'],
    ['new_credittext', 'String'],
    ['new_serial', 'BigInt'],
    ['new_ratio', 'Decimal'],
  ])
    await control(to, '/schema', { entity: 'contact', addColumn: { name, type } })
  const { store } = api.simulator
  const ids = [...store.tables.contact.rows.keys()]
  const give = (id: string, fields: Record<string, string>) =>
    change(store, 'contact', {
      ...{ operation: 'update', id },
      fields: Object.fromEntries(Object.entries(fields).map(([name, digits]) => [name, raw(digits)])),
    })
  for (const id of ids) give(id, { serial: '9007199254740993', credit: '1234567890123456.50', power: '1.5E3' })

  const hosts = [api, to].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const made = await hub.ask('/api/v1/connections', { json: inputFor(api, 'acme', {}) })
  assert.equal(made.status, 201, made.text)
  const target = await hub.ask('/api/v1/connections', { json: connectBody(to) })
  const named = await hub.ask('/api/v1/destinations', { json: { connection: target.json.id } })
  const at = `/api/v1/destinations/${named.json.id}`
  const mapped = await hub.ask(`${at}/mapping`, {
    method: 'PUT',
    json: mapping,
  })
  assert.equal(mapped.status, 200, mapped.text)
  assert.equal((await hub.ask(`${at}/start`, { method: 'POST' })).status, 200)
  const rows = () => contactsOf(to.control)
  const first = await until('all contacts are there', async () => {
    const all = await rows()
    return all.length === ids.length && all
  })
  for (const row of first) {
    assert.match(row, /"new_serialtext":"9007199254740993"/)
    assert.match(row, /"new_credittext":"1234567890123456\.50"/)
    assert.match(row, /"new_serial":"?9007199254740993\b/)
    assert.match(row, /"new_ratio":"?1234567890123456\.50*[",}]/)
    assert.match(row, /"creditlimit":"?1500(\.0*)?[",}]/)
  }

  const other = [
    { to: 'new_ratio', field: 'serial' },
    { to: 'new_credittext', field: 'power' },
  ]
  const { json: preview } = await hub.ask(`${at}/mapping/contact/generic-http/preview`, { json: { lines: other } })
  for (const [column, before, after] of [
    ['new_ratio', 1_234_567_890_123_456.5, '9007199254740993'],
    ['new_credittext', '1234567890123456.50', '1.5E3'],
  ]) {
    const { examples } = preview.columns.find((one: { to: string }) => one.to === column)
    assert.deepEqual([examples[0].before, examples[0].after], [before, after])
  }

  // All are looked at once more, those of the same number spelled otherwise too; one is to be written.
  // Contacts alone: the hub makes its push there meanwhile, at a time of its own.
  const written = () => to.simulator.log.writes.filter(({ entity }) => entity === 'contact').length
  const writes = written()
  assert.equal((await hub.ask(`${at}/mapping`, { method: 'PUT', json: mapping })).status, 200)
  for (const id of ids) give(id, { power: '1500.00' })
  change(store, 'contact', { operation: 'update', id: ids[0]!, fields: { last_name: 'Anew' } })
  await hub.ask('/api/v1/runs', { json: { connection: made.json.id, kind: 'incremental' } })
  await until('one is written anew', async () => (await rows()).some((row) => row.includes('"lastname":"Anew"')))
  await until('nothing is due', async () => {
    const { progress } = (await hub.ask(at)).json
    return progress.filled && progress.due === 0
  })
  assert.equal(written(), writes + 1)
})

/** As JSON, each with its digits. */
async function contactsOf(address: string): Promise<string[]> {
  const text = await (await fetch(`${address}/dump?entity=contact`)).text()
  return text.split('\n').filter((line) => line.includes('"new_serialtext":"'))
}
