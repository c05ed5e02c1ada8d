import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayBeGenuine, readEvents } from './events.ts'

const readEvent = (body: unknown) => readEvents({ body: Buffer.from(JSON.stringify(body)) })[0]!
const id = '2E451703-C686-E711-80E5-00155DB19E6D'
const base = {
  BusinessUnitId: '5a8f0a1b-0000-4000-8000-000000000001',
  CorrelationId: '8f1b9c2d-0000-4000-8000-000000000002',
  Depth: 1,
  InitiatingUserAzureActiveDirectoryObjectId: '00000000-0000-0000-0000-000000000000',
  InputParameters: [],
  IsInTransaction: false,
  MessageName: 'Update',
  Mode: 1,
  OperationCreatedOn: '/Date(1506409448000-0700)/',
  OrganizationId: 'BB20A040-AF47-4B9B-AA13-219EDEE29852',
  OrganizationName: 'unqbb20',
  PrimaryEntityId: id,
  PrimaryEntityName: 'contact',
  SharedVariables: [{ key: 'IsAutoTransact', value: true }],
  Stage: 40,
}

test('says which record changed, with members that nobody knows yet', () => {
  assert.deepEqual(readEvent({ ...base, SomethingNew: { x: 1 } }), {
    eventKey:
      'bb20a040-af47-4b9b-aa13-219edee29852/8f1b9c2d-0000-4000-8000-000000000002/2e451703-c686-e711-80e5-00155db19e6d/Update//Date(1506409448000-0700)/',
    organisation: 'bb20a040-af47-4b9b-aa13-219edee29852',
    table: 'contact',
    sourceId: '2e451703-c686-e711-80e5-00155db19e6d',
    operation: 'Update',
  })
})

test('the same event again has the same key, another change another one', () => {
  const key = (change: object) => readEvent({ ...base, ...change }).eventKey
  assert.equal(key({}), key({ Depth: 2, OperationId: id }))
  for (const change of [
    { OperationCreatedOn: '/Date(1506409448001)/' },
    { MessageName: 'Delete' },
    { CorrelationId: id },
    { PrimaryEntityId: base.CorrelationId },
    { OrganizationId: id },
  ]) {
    assert.notEqual(key({}), key(change))
  }
})

test('takes a body that was trimmed because it is large, and one with escaped slashes', () => {
  const { InputParameters: _gone, ...trimmed } = base
  assert.equal(readEvent(trimmed).table, 'contact')
  const escaped = JSON.parse(JSON.stringify(base).replaceAll('/Date(', '\\/Date(').replaceAll(')/', ')\\/'))
  assert.equal(readEvent(escaped).eventKey, readEvent(base).eventKey)
})

test('a delete names its record by reference', () => {
  const target = {
    __type: 'EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts',
    Id: id,
    LogicalName: 'contact',
  }
  const event = readEvent({ ...base, MessageName: 'Delete', InputParameters: [{ key: 'Target', value: target }] })
  assert.equal(event.operation, 'Delete')
  assert.equal(event.sourceId, id.toLowerCase())
})

test('refuses what is no event, naming the place', () => {
  const bad: unknown[] = [
    null,
    [],
    'x',
    {},
    { ...base, PrimaryEntityId: 'x' },
    { ...base, PrimaryEntityName: "x'); drop" },
    { ...base, OperationCreatedOn: '2017-01-01' },
    { ...base, MessageName: '' },
    { ...base, OrganizationId: undefined },
  ]
  for (const body of bad) assert.throws(() => readEvent(body), { code: 'input.invalid' })
  assert.throws(() => readEvent({ ...base, CorrelationId: 1 }), /CorrelationId/)
})

test('is believed with the webhook’s key in its address, or in a header', () => {
  const head = { headers: {}, query: {}, path: [], settings: {}, at: 0 }
  assert.equal(mayBeGenuine({ ...head, query: { code: 'key' } }, 'key'), true)
  assert.equal(mayBeGenuine({ ...head, headers: { 'x-jackfield-secret': 'key' } }, 'key'), true)
  for (const query of [{}, { code: '' }, { code: 'keys' }, { code: ['key', 'key'] }]) {
    assert.equal(mayBeGenuine({ ...head, query }, 'key'), false)
  }
})
