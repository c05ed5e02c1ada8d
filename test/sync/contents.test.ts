import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { listRecords } from '#records/find.ts'
import { listParked } from '#records/park.ts'
import { findRun, requestRun } from '#sync/run.ts'
import { copied, differences, type TestHub, testHub, until } from '../support/hub.ts'

const data = new URL('../../../shared/data/', import.meta.url)
const skipWithout = (name: string) =>
  existsSync(new URL(name, data)) ? false : `the published test data is not here: ../shared/data/${name}`

const recordsOf = async (hub: TestHub, entity = 'contact') =>
  (await listRecords(hub.pool, hub.finder, { entity, limit: 10_000 })).records

test('strings that break software come back out as they went in', {
  skip: skipWithout('naughty-strings/blns.json'),
}, async (t) => {
  const strings = JSON.parse(readFileSync(new URL('naughty-strings/blns.json', data), 'utf8')) as string[]
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  const { columns } = await hub.table('contact')
  await hub.connections.setTable(connection.id, 'contact', { columns: [...new Set([...columns, 'description'])] })
  const created = await hub.control<{ id: string }[]>(
    '/records',
    strings.map((text) => ({
      entity: 'contact',
      operation: 'create',
      fields: { lastname: 'Naughty', description: text },
    })),
  )
  hub.worker()
  await copied(hub)
  const byId = new Map((await recordsOf(hub)).map((record) => [record.source.id, record]))
  for (const [i, text] of strings.entries()) assert.equal(byId.get(created[i]!.id)?.sourceFields.description, text)
  assert.equal((await listParked(hub.pool, { limit: 10 })).length, 0)
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('numbers keep every digit', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  hub.worker()
  await copied(hub)
  const account = (await hub.dump('account')).find(
    ({ fields }) => fields.revenue !== null && fields.revenue !== undefined,
  )!
  const { rows } = await hub.pool.query<{ source: string }>(
    'select source from jackfield.record where source_id = $1',
    [account.id],
  )
  assert.match(rows[0]!.source, /"revenue":\d+\.\d{4}\b/)
  const record = (await recordsOf(hub, 'account')).find(({ source }) => source.id === account.id)!
  const digits = /"revenue":([\d.]+)/.exec(rows[0]!.source)![1]
  assert.equal(
    (JSON.parse(JSON.stringify(record.fields)) as { revenue?: { amount: string } }).revenue?.amount ?? digits,
    digits,
  )
  assert.match(JSON.stringify(record.sourceFields), new RegExp(`"revenue":${digits!.replace('.', '\\.')}[,}]`))
})

const broken: [string, Record<string, unknown>, string][] = [
  ['a bad date', { lastname: 'Broken', birthdate: '2023-02-30' }, 'birthdate'],
  ['a text of 1 MB', { lastname: 'Broken', jobtitle: 'x'.repeat(1_000_000) }, 'jobtitle'],
  ['a NUL', { lastname: 'Broken', jobtitle: 'a\u0000b' }, 'jobtitle'],
  ['a lone surrogate', { lastname: 'Broken', jobtitle: 'a\ud800b' }, 'jobtitle'],
]

for (const [what, fields, field] of broken) {
  test(`a row with ${what} is parked alone and stored once the CRM mended it`, async (t) => {
    const hub = await testHub(t, { records: 60 })
    await hub.connect()
    const { id } = await hub.control<{ id: string }>('/records', { entity: 'contact', operation: 'create', fields })
    hub.worker()
    await copied(hub)
    const [parked, ...others] = await listParked(hub.pool, { limit: 10 })
    assert.equal(others.length, 0)
    assert.equal(parked!.sourceId ?? id, id)
    assert.equal(parked!.field, field)
    assert.deepEqual(await differences(hub, 'contact'), [`missing ${id}`])
    await hub.control('/records', {
      entity: 'contact',
      operation: 'change',
      id,
      fields: { birthdate: null, jobtitle: 'Mended' },
    })
    await hub.pool.query('update jackfield.synced_table set next_pass_at = now()')
    await until(async () => (await listParked(hub.pool, { limit: 10 })).length === 0)
    await until(async () => (await differences(hub, 'contact')).length === 0)
  })
}

test('a row without an id is parked once, also when it is read with other columns, until the CRM lists it no more', async (t) => {
  const hub = await testHub(t, { records: 60 })
  const connection = await hub.connect()
  const fields = { lastname: 'Broken', description: 'A' }
  const { id } = await hub.control<{ id: string }>('/records', {
    entity: 'contact',
    operation: 'create',
    fields,
    broken: 'no-id',
  })
  hub.worker()
  await copied(hub)
  const reasons = async () => (await listParked(hub.pool, { limit: 10 })).map(({ sourceId, code }) => [sourceId, code])
  assert.deepEqual(await reasons(), [[null, 'record.invalid']])
  const readAll = async () => {
    const { id: tableId } = await hub.table('contact')
    const run = await requestRun(hub.pool, { tableId, kind: 'full', cause: 'test', requestedBy: 'test' })
    await until(async () => (await findRun(hub.pool, run.id)).state === 'done')
  }
  const { columns } = await hub.table('contact')
  await hub.connections.setTable(connection.id, 'contact', { columns: [...columns, 'creditlimit'] })
  await readAll()
  assert.deepEqual(await reasons(), [[null, 'record.invalid']])
  await hub.control('/records', { entity: 'contact', operation: 'delete', id })
  await readAll()
  assert.deepEqual(await reasons(), [])
})

test('29 February is a date only in leap years', async (t) => {
  const hub = await testHub(t, { records: 60 })
  await hub.connect()
  const [leap, common] = await hub.control<{ id: string }[]>('/records', [
    { entity: 'contact', operation: 'create', fields: { lastname: 'Leap', birthdate: '2024-02-29' } },
    { entity: 'contact', operation: 'create', fields: { lastname: 'Common', birthdate: '2023-02-29' } },
  ])
  hub.worker()
  await copied(hub)
  const records = await recordsOf(hub)
  assert.ok(records.some(({ source }) => source.id === leap!.id))
  assert.ok(!records.some(({ source }) => source.id === common!.id))
})
