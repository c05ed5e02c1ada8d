import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectBody, serveHub, startSimulator, until } from './served-hub.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
type Json = any

test('what a change of a table would do is told before it is saved, and no change is lost to another', async (t) => {
  const simulator = await startSimulator(t, 120)
  const hub = await serveHub(t, { simulator, work: true })
  const { json: connection } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  const path = `/api/v1/connections/${connection.id}/tables/contact`
  const table = async (): Promise<Json> => (await hub.ask(path)).json
  await until('all is copied, also what contacts refer to', async () => {
    const { tables } = (await hub.ask(`/api/v1/connections/${connection.id}/tables`)).json
    return tables.every(({ enabled, firstPassAt }: Json) => !enabled || firstPassAt)
  })
  const before = await table()
  const contacts: Json[] = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records
  const preview = (change: unknown, key?: string) =>
    hub.ask(`${path}/preview`, { json: change, ...(key === undefined ? {} : { key }) })

  await t.test('a filter on held columns: the very rows that the sync would keep', async () => {
    const cities = contacts.map((record) => record.sourceFields.address1_city).filter(Boolean)
    const filter = { field: 'address1_city', is: 'eq', value: cities[0] }
    const { status, json } = await preview({ filter })
    assert.equal(status, 200, JSON.stringify(json))
    const staying = contacts.filter(({ sourceFields }) => {
      return sourceFields.address1_city?.toLowerCase() === cities[0].toLowerCase()
    })
    assert.equal(json.looked, contacts.length)
    assert.equal(json.held, contacts.length)
    assert.equal(json.scope.stay, staying.length)
    assert.equal(json.scope.leave, contacts.length - staying.length)
    assert.equal(json.scope.unknown, 0)
    assert.deepEqual(json.scope.crm, { before: contacts.length, after: staying.length, problem: null })
    assert.ok(json.phones.lost > 0 && json.phones.after < json.phones.before, 'whoever leaves is no longer found')
    assert.equal(json.reread, true)
    assert.equal((await table()).filter, null, 'nothing is stored')
  })

  await t.test('a filter on a column that is not held is unknown here, and the CRM is asked', async () => {
    const column = before.fields.find((field: Json) => {
      return field.readable && field.type === 'integer' && !before.columns.includes(field.name)
    })?.name
    const filter = { field: column, is: 'null' }
    const { json } = await preview({ filter, columns: [...before.columns, column] })
    assert.deepEqual(json.scope.missing, [column])
    assert.equal(json.scope.unknown, contacts.length)
    assert.deepEqual(json.columns, { added: [column], removed: [] })
    assert.equal(typeof json.scope.crm.after, 'number')
    const quiet = await preview({ filter, columns: [...before.columns, column], askCrm: false })
    assert.equal(quiet.json.scope.crm, null)
    const refused = await preview({ filter })
    assert.equal(refused.json.error.code, 'filter.invalid')
    assert.equal(refused.json.error.field, column)
  })

  await t.test('a mapping: fields with samples before and after, and the numbers that go and come', async () => {
    const mapping = structuredClone(before.mapping)
    mapping.fields.jobTitle = { from: 'department', type: 'text' }
    delete mapping.fields.salutation
    mapping.phones = []
    const { json } = await preview({ mapping })
    const [jobTitle, salutation] = json.fields
    assert.deepEqual(
      [jobTitle.field, jobTitle.change, salutation.field, salutation.change].join(),
      'jobTitle,changed,salutation,removed',
    )
    const example = jobTitle.examples[0]
    const record = contacts.find(({ id }) => id === example.record.id)
    assert.equal(example.before, record.fields.jobTitle)
    assert.equal(example.after, record.sourceFields.department)
    assert.ok(json.phones.before > 0)
    assert.equal(json.phones.after, 0)
    assert.equal(json.phones.lost, json.phones.before)
    assert.equal(json.emails.gained + json.emails.lost, 0)
    assert.deepEqual([json.scope, json.reread, json.rederive], [null, false, true])
    const blind = await preview({ mapping }, await hub.newKey('edit:integrations'))
    assert.deepEqual(blind.json.fields[0].examples, [])
    assert.equal(blind.json.fields[0].differing, jobTitle.differing)
    assert.equal((await preview({ mapping }, await hub.newKey('read:records'))).status, 403)
    const wrong = await preview({ mapping: { ...mapping, phones: ['birthdate'] } })
    assert.equal(wrong.json.error.code, 'mapping.invalid')
    assert.equal(wrong.json.error.field, 'birthdate')
  })

  await t.test(
    'samples are real values, for who may read records, and never of columns that may not be read',
    async () => {
      const { json } = await hub.ask(`${path}/samples`)
      const names = json.columns.fullname.values.map(({ value }: Json) => value)
      assert.equal(names.length, 3)
      for (const name of names) assert.ok(contacts.some(({ sourceFields }) => sourceFields.fullname === name))
      const company = json.columns._parentcustomerid_value.values.find((value: Json) => value.name)
      assert.ok(company, 'a reference is shown by its name')
      assert.deepEqual(Object.keys(json.columns).sort(), [...before.columns].sort())
      assert.equal((await hub.ask(`${path}/samples`, { key: await hub.newKey('read:status') })).status, 403)
    },
  )

  await t.test('a change made upon older settings is refused, and nothing of it is stored', async () => {
    const change = (body: unknown) => hub.ask(path, { method: 'PATCH', json: body })
    const first = await change({ scheduleSeconds: 600, version: before.version })
    assert.equal(first.status, 200)
    assert.notEqual(first.json.version, before.version)
    const late = await change({ scheduleSeconds: 900, version: before.version })
    assert.deepEqual([late.status, late.json.error.code], [409, 'settings.changed'])
    assert.equal((await preview({ version: before.version })).json.error.code, 'settings.changed')
    assert.equal((await table()).scheduleSeconds, 600)
    assert.equal((await change({ scheduleSeconds: 900, version: first.json.version })).status, 200)
    assert.equal((await change({ scheduleSeconds: 300 })).status, 200)
  })

  await t.test('what is offered is what is let through', async () => {
    const { json } = await hub.ask('/api/v1/table-rules')
    assert.ok(json.mapping.phones.includes('text') && !json.mapping.phones.includes('date'))
    assert.deepEqual(json.comparisons.other, ['null', 'not_null'])
    assert.ok(json.comparisons.datetime.includes('within_days'))
    assert.deepEqual(before.defaults.mapping, before.mapping)
  })
})
