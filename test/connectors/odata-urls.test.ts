import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TableScope, Walk } from '#connectors/connector.ts'
import { connectorOf } from '#connectors/registry.ts'
import type { SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import { type Grammar, parseGrammar, recognise } from '../support/abnf.ts'
import { startDynamicsTest } from './dynamics-world.ts'

const data = new URL('../../../shared/data/', import.meta.url)
const rulesFile = new URL('odata/odata-abnf-construction-rules.txt', data)
const casesFile = new URL('odata/odata-abnf-testcases.json', data)
const skip = existsSync(casesFile) ? false : 'the published OData cases are not here'

interface Published {
  Constraints: Record<string, string[]>
  TestCases: { Name: string; Rule: string; Input: string; FailAt?: number }[]
}
const published = () => JSON.parse(readFileSync(casesFile, 'utf8')) as Published

const dynamics = connectorOf('dynamics')
const servicePath = '/api/data/v9.2/'

// The published rule leaves out %70 to %7F, so that it has no way to write a brace or a bar within a text.
const bracesInTexts = 'pct-encoded-no-SQUOTE =/ "%" "7" HEXDIG'

/** The published grammar with the names of Dynamics' own model in the place of its examples. */
function dynamicsGrammar(tables: readonly SourceTable[]): Grammar {
  const none = Object.fromEntries(Object.keys(published().Constraints).map((rule) => [rule, [] as string[]]))
  const casts = [
    'String',
    'Memo',
    'DateTime',
    'Lookup',
    'Picklist',
    'MultiSelectPicklist',
    'State',
    'Status',
    'Boolean',
  ]
  const registered = ['serviceendpoints', 'sdkmessages', 'sdkmessagefilters', 'sdkmessageprocessingsteps']
  return parseGrammar(`${readFileSync(rulesFile, 'utf8')}\n${bracesInTexts}`, {
    ...none,
    namespacePart: ['Microsoft', 'Dynamics', 'CRM'],
    entitySetName: [...tables.map(({ setName }) => setName), 'EntityDefinitions', ...registered],
    entityTypeName: casts.map((cast) => `${cast}AttributeMetadata`),
    entityColNavigationProperty: ['Attributes', 'ManyToOneRelationships'],
    entityNavigationProperty: ['OptionSet', 'GlobalOptionSet'],
    complexFunctionImport: ['WhoAmI', 'RetrieveTotalRecordCount'],
    parameterName: ['EntityNames'],
    primitiveKeyProperty: ['LogicalName', ...tables.map(({ idField }) => idField)],
    primitiveNonKeyProperty: [
      ...new Set(tables.flatMap(({ fields }) => fields.map(({ name }) => name))),
      ...['EntitySetName', 'PrimaryIdAttribute', 'PrimaryNameAttribute', 'DisplayName', 'ChangeTrackingEnabled'],
      ...['AttributeType', 'AttributeTypeName', 'AttributeOf', 'RequiredLevel', 'MaxLength', 'Targets', 'Format'],
      ...['IsValidForRead', 'IsValidForCreate', 'IsValidForUpdate', 'DateTimeBehavior', 'FormatName'],
      ...['ReferencingAttribute', 'ReferencedEntity', 'ReferencingEntityNavigationPropertyName'],
      ...['serviceendpointid', 'name', 'url', 'contract', 'sdkmessageid', 'sdkmessagefilterid', '_sdkmessageid_value'],
      'iscustomprocessingstepallowed',
      ...['primaryobjecttypecode', 'sdkmessageprocessingstepid', '_sdkmessagefilterid_value', 'stage', 'mode'],
      ...['statecode', 'filteringattributes', '_eventhandler_value'],
    ],
  })
}

function assertOData(grammar: Grammar, url: string): void {
  const relative = url.replace(/^https?:\/\/[^/]+/, '')
  assert.ok(relative.startsWith(servicePath), url)
  const text = relative.slice(servicePath.length)
  const { matches, reached } = recognise(grammar, 'odataRelativeUri', text)
  assert.ok(matches, `no OData from character ${reached} on: ${text.slice(Math.max(0, reached - 40), reached + 40)}`)
  // Characters that a URL may not hold as they are (RFC 3986 §2): the grammar takes some of them from people.
  assert.doesNotMatch(text, /[\s"<>\\^`{|}#\u0080-\uffff]|%(?![0-9A-F]{2})/)
}

test('the recogniser agrees with every published OData case', { skip }, () => {
  const { Constraints, TestCases } = published()
  const grammar = parseGrammar(readFileSync(rulesFile, 'utf8'), Constraints)
  assert.equal(TestCases.length, 265)
  for (const { Name, Rule, Input, FailAt } of TestCases) {
    assert.equal(recognise(grammar, Rule, Input).matches, FailAt === undefined, `${Name}: ${Input}`)
  }
})

async function describeAll() {
  const world = await startDynamicsTest()
  const tables = await Promise.all(
    dynamics.defaultTables.map(({ table }) => dynamics.describeTable(world.session, table)),
  )
  return { ...world, tables }
}

const walks: Walk[] = [
  { kind: 'query' },
  { kind: 'tracked' },
  { kind: 'since', since: new Date('2024-02-29T00:00:00Z') },
]

test('every address that a connection, a sync, an audit, a write and a webhook call for is OData', {
  skip,
}, async () => {
  const { tables, session, close } = await describeAll()
  try {
    await dynamics.identify(session)
    await dynamics.listTables(session)
    for await (const step of dynamics.checkTables(
      session,
      tables.map(({ name }) => name),
    ))
      assert.ok(step.ok)
    for (const table of tables) {
      const columns = dynamics.defaultTables.find((one) => one.table === table.name)!.columns
      const known = new Set(table.fields.map(({ name }) => name))
      const scope = { table, columns: columns.filter((name) => known.has(name)), filter: null }
      for (const walk of walks.filter(({ kind }) => kind !== 'tracked' || table.changeTracking))
        await follow(scope, walk)
      const options = { lane: 'incremental', pageSize: 3 } as const
      const { entries, next } = await dynamics.readMarks(session, scope, dynamics.firstMarkLink(scope), options)
      if (next) await dynamics.readMarks(session, scope, next, options)
      await dynamics.readByIds(
        session,
        scope,
        entries.map(({ sourceId }) => sourceId),
        'incremental',
      )
      await dynamics.estimate(session, scope)
    }
    const target = { url: 'https://hub.example/hooks/crm/1', secret: 'not sent to anybody' }
    const subscription = await dynamics.subscribe(session, ['account', 'contact'], target)
    await dynamics.subscribe(session, ['contact'], target)
    await dynamics.unsubscribe(session, subscription)
    await writeOne(tables.find(({ name }) => name === 'contact')!)
    const grammar = dynamicsGrammar(tables)
    assert.ok(session.calls.length > 150)
    for (const { url } of session.calls) assertOData(grammar, url)
  } finally {
    await close()
  }

  async function writeOne(table: SourceTable): Promise<void> {
    const scope = { table, columns: [], filter: null }
    const sourceId = '00000000-0000-4000-8000-00000000000a'
    for (const operation of ['create', 'update', 'delete'] as const) {
      const done = await dynamics.write(session, scope, { operation, sourceId, fields: { lastname: 'Kept' } })
      assert.equal(done.outcome, 'written')
    }
  }

  /** The first two pages, and the changes since. */
  async function follow(scope: TableScope, walk: Walk): Promise<void> {
    const options = { lane: 'initial', pageSize: 3 } as const
    const first = await dynamics.readPage(session, dynamics.firstLink(scope, walk), walk, options)
    if (first.next) await dynamics.readPage(session, first.next, walk, options)
    if (walk.kind !== 'tracked') return
    const whole = await dynamics.readPage(session, dynamics.firstLink(scope, walk), walk, {
      ...options,
      pageSize: 5000,
    })
    await dynamics.readPage(session, whole.delta!, { kind: 'delta', link: whole.delta! }, options)
  }
})

test('a hundred ids fit an address that every proxy takes, and are OData', { skip }, async () => {
  const { tables, session, close } = await describeAll()
  try {
    const table = tables.find(({ name }) => name === 'contact')!
    const ids = Array.from({ length: 100 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`)
    for (const columns of [['contactid'], table.fields.map(({ name }) => name)]) {
      session.calls.length = 0
      await dynamics.readByIds(session, { table, columns, filter: null }, ids, 'incremental')
      for (const { url } of session.calls) {
        assert.ok(url.length <= 8000)
        assertOData(dynamicsGrammar(tables), url)
      }
      const asked = session.calls.flatMap(({ url }) => url.match(/contactid%20eq%20[0-9a-f-]{36}/g) ?? [])
      assert.equal(new Set(asked).size, 100)
    }
  } finally {
    await close()
  }
})

test('a filter is OData whatever a person writes into it', { skip }, async () => {
  const { tables, close } = await describeAll()
  await close()
  const grammar = dynamicsGrammar(tables)
  const table = tables.find(({ name }) => name === 'contact')!
  const naughty = JSON.parse(readFileSync(new URL('naughty-strings/blns.json', data), 'utf8')) as string[]
  const check = (filter: Filter) => {
    const scope = { table, columns: ['contactid', 'fullname'], filter }
    assertOData(grammar, dynamics.firstLink(scope, { kind: 'since', since: new Date(0) }))
  }
  for (const value of naughty.filter((text) => text.length < 300 && text.isWellFormed())) {
    check({ field: 'fullname', is: 'eq', value })
    check({
      not: {
        any: [
          { field: 'fullname', is: 'contains', value },
          { field: 'lastname', is: 'in', value: [value, 'x'] },
        ],
      },
    })
  }
  const id = '00000000-0000-4000-8000-000000000001'
  check({
    all: [
      { field: 'birthdate', is: 'within_days', value: 30 },
      { field: 'modifiedon', is: 'within_days', value: -1.5 },
      { field: 'createdon', is: 'lt', value: '2024-02-29T12:00:00.123+05:30' },
      { field: '_ownerid_value', is: 'in', value: [id, id] },
      { field: 'statecode', is: 'ne', value: -1 },
      { field: 'donotphone', is: 'eq', value: true },
      { field: 'annualincome', is: 'ge', value: '-12.50' },
      { field: 'jobtitle', is: 'null' },
      { not: { field: 'jobtitle', is: 'not_null' } },
    ],
  })
  check({ any: [] })
})
