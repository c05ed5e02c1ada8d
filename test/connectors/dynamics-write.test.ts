import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { TableScope, Write, WriteOutcome } from '#connectors/connector.ts'
import { connectorOf } from '#connectors/registry.ts'
import { isHubError } from '#core/errors.ts'
import { type DynamicsTest, startDynamicsTest } from './dynamics-world.ts'

const dynamics = connectorOf('dynamics')
let world: DynamicsTest
let contacts: TableScope
let accounts: TableScope

before(async () => {
  world = await startDynamicsTest()
  const scopeOf = async (name: string): Promise<TableScope> => {
    const table = await dynamics.describeTable(world.session, name)
    return { table, columns: table.fields.map((field) => field.name), filter: null }
  }
  contacts = await scopeOf('contact')
  accounts = await scopeOf('account')
})
after(() => world.close())

const write = (change: Write, scope = contacts): Promise<WriteOutcome> => dynamics.write(world.session, scope, change)

async function read(id: string, scope = contacts) {
  const { rows } = await dynamics.readByIds(world.session, scope, [id], 'person')
  return rows[0] === undefined ? null : dynamics.readRow(scope, rows[0])
}

async function made(fields: Record<string, unknown> = { lastname: 'Made' }) {
  const sourceId = randomUUID()
  const outcome = await write({ operation: 'create', sourceId, fields })
  assert.ok(outcome.outcome === 'written' && outcome.mark)
  return { sourceId, mark: outcome.mark }
}

test('a create lands on the id that the hub chose, and tells its version', async () => {
  const { sourceId, mark } = await made({ firstname: 'Ána', lastname: "O'Neil “é”", birthdate: '2024-02-29' })
  const row = (await read(sourceId))!
  assert.deepEqual(row.mark, mark)
  assert.equal(row.values.lastname, "O'Neil “é”")
  assert.equal(row.values.birthdate, '2024-02-29')
})

test('a create that is repeated makes nothing twice', async () => {
  const { sourceId, mark } = await made()
  assert.deepEqual(await write({ operation: 'create', sourceId, fields: { lastname: 'Again' } }), { outcome: 'exists' })
  assert.deepEqual((await read(sourceId))?.mark, mark)
})

test('an update is bound to the version it was made on', async () => {
  const { sourceId, mark } = await made()
  const change = { operation: 'update', sourceId, fields: { jobtitle: 'One' } } as const
  const first = await write({ ...change, expectedMark: mark })
  assert.ok(first.outcome === 'written' && first.mark && first.mark[0]! > mark[0]!)
  assert.deepEqual(await write({ ...change, fields: { jobtitle: 'Two' }, expectedMark: mark }), { outcome: 'conflict' })
  assert.equal((await read(sourceId))?.values.jobtitle, 'One')
  assert.equal((await write({ ...change, fields: { jobtitle: 'Three' } })).outcome, 'written')
})

test('an update never makes a record that is gone', async () => {
  const sourceId = randomUUID()
  const change = { operation: 'update', sourceId, fields: { jobtitle: 'x' } } as const
  assert.deepEqual(await write(change), { outcome: 'missing' })
  assert.deepEqual(await write({ ...change, expectedMark: [5n] }), { outcome: 'missing' })
  assert.equal(await read(sourceId), null)
})

test('a delete is bound to its version too, and to the record being there', async () => {
  const { sourceId, mark } = await made()
  await write({ operation: 'update', sourceId, fields: { jobtitle: 'x' } })
  const change = { operation: 'delete', sourceId, fields: {} } as const
  assert.deepEqual(await write({ ...change, expectedMark: mark }), { outcome: 'conflict' })
  assert.equal((await write(change)).outcome, 'written')
  assert.equal(await read(sourceId), null)
  assert.deepEqual(await write(change), { outcome: 'missing' })
})

test('lookups are set, moved between tables, and emptied', async () => {
  const account = randomUUID()
  assert.equal(
    (await write({ operation: 'create', sourceId: account, fields: { name: 'Acme' } }, accounts)).outcome,
    'written',
  )
  const { sourceId: other } = await made()
  const team = [...world.sim.simulator.org.tables.get('team')!.entries.keys()][0]!
  const { sourceId } = await made({
    lastname: 'Linked',
    parentcustomerid: { entity: 'account', id: account.toUpperCase() },
    _ownerid_value: { entity: 'team', id: team },
  })
  let row = (await read(sourceId))!
  assert.equal(row.values._parentcustomerid_value, account)
  assert.equal(row.values._ownerid_value, team)
  const user = world.sim.simulator.org.appUser
  const fields = {
    _parentcustomerid_value: { entity: 'contact', id: other },
    _ownerid_value: { entity: 'user', id: user },
  }
  assert.equal((await write({ operation: 'update', sourceId, fields })).outcome, 'written')
  row = (await read(sourceId))!
  assert.equal(row.values._parentcustomerid_value, other)
  assert.equal(row.values._ownerid_value, user)
  assert.equal(
    (await write({ operation: 'update', sourceId, fields: { _parentcustomerid_value: null } })).outcome,
    'written',
  )
  assert.equal((await read(sourceId))!.values._parentcustomerid_value, null)
})

test('what cannot be written is refused by name before anything is sent', async () => {
  const sourceId = randomUUID()
  const table = await dynamics.describeTable(world.session, 'phonecall')
  const calls = world.session.calls.length
  const refusals: [Record<string, unknown>, string, string][] = [
    [{ nmae: 'x' }, 'field.unknown', 'nmae'],
    [{ fullname: 'x' }, 'write.refused', 'fullname'],
    [{ _parentcustomerid_value: 'x' }, 'input.invalid', '_parentcustomerid_value'],
    [{ _parentcustomerid_value: { entity: 'lead', id: sourceId } }, 'input.invalid', '_parentcustomerid_value'],
    [{ 'lastname@odata.bind': '/contacts(1)' }, 'field.unknown', 'lastname@odata.bind'],
  ]
  for (const [fields, code, field] of refusals) {
    await assert.rejects(write({ operation: 'create', sourceId, fields }), (error) => {
      return isHubError(error) && error.code === code && error.detail.field === field
    })
  }
  const nobody = { phonecall_activity_parties: [{ party: 'from', entity: 'nobody', id: sourceId }] }
  const call = write({ operation: 'create', sourceId, fields: nobody }, { table, columns: [], filter: null })
  await assert.rejects(call, (error) => isHubError(error, 'field.unknown'))
  await assert.rejects(write({ operation: 'delete', sourceId: "x')", fields: {} }), { code: 'input.invalid' })
  assert.equal(world.session.calls.length, calls)
})

test('what the CRM refuses is told with its own words', async () => {
  const sourceId = randomUUID()
  const refused = write({ operation: 'create', sourceId, fields: { lastname: 'x'.repeat(51) } })
  await assert.rejects(refused, (error) => {
    assert.ok(isHubError(error, 'write.refused'))
    assert.match(error.detail.vendorText ?? '', /maximum/)
    return true
  })
  await world.post('settings', { denied: { contact: ['Create'] } })
  await assert.rejects(write({ operation: 'create', sourceId, fields: { lastname: 'x' } }), (error) => {
    return isHubError(error, 'crm.privilege_missing') && /prvCreatecontact/i.test(error.message)
  })
  await world.post('settings', { denied: {} })
})

test('a write is sent exactly once, whatever becomes of it', async () => {
  for (const fault of [
    { kind: '503' },
    { kind: '429', retryAfter: 0 },
    { kind: 'drop-after' },
    { kind: 'html', status: 502 },
  ]) {
    const sourceId = randomUUID()
    const sent = world.session.calls.length
    const { total } = world.sim.simulator.log
    await world.post('faults', { ...fault, times: 1, on: ['write'] })
    await assert.rejects(write({ operation: 'create', sourceId, fields: { lastname: 'Once' } }))
    assert.equal(world.session.calls.length, sent + 1)
    assert.equal(world.sim.simulator.log.total, total + 1)
  }
})

test('several choices are written as the text of numbers that Dataverse takes, and emptied', async () => {
  const addColumn = { name: 'cr123_hobbies', type: 'MultiSelectPicklist', label: 'Hobbies', options: [1, 9, 30] }
  await world.post('schema', { entity: 'contact', addColumn })
  const table = await dynamics.describeTable(world.session, 'contact')
  const field = table.fields.find(({ name }) => name === 'cr123_hobbies')
  assert.deepEqual([field?.type, field?.options?.map(({ value }) => value)], ['choices', [1, 9, 30]])
  const scope = { table, columns: [...contacts.columns, 'cr123_hobbies'], filter: null }
  const sourceId = randomUUID()
  const create = { operation: 'create', sourceId, fields: { lastname: 'Hobbyist', cr123_hobbies: [30, 1] } } as const
  assert.equal((await write(create, scope)).outcome, 'written')
  assert.equal((await read(sourceId, scope))?.values.cr123_hobbies, '1,30')
  for (const nothing of [[], null]) {
    await write({ operation: 'update', sourceId, fields: { cr123_hobbies: [9] } }, scope)
    assert.equal((await read(sourceId, scope))?.values.cr123_hobbies, '9')
    await write({ operation: 'update', sourceId, fields: { cr123_hobbies: nothing } }, scope)
    assert.equal((await read(sourceId, scope))?.values.cr123_hobbies, null)
  }
})
