import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page, TableScope, Walk } from '#connectors/connector.ts'
import { connectorOf } from '#connectors/registry.ts'
import { isHubError } from '#core/errors.ts'
import type { Filter } from '#model/filter.ts'
import { type RunningSalesforce, startSalesforce } from '../../simulators/salesforce/server.ts'
import { openSession, type TestSession } from '../support/crm-session.ts'
import { jwtOf } from './salesforce-hub.ts'

const connector = connectorOf('salesforce')
let crm: RunningSalesforce
let session: TestSession
let scope: TableScope

before(async () => {
  crm = await startSalesforce({ records: 40, seed: 7 })
  session = openSession(connector, crm.url, { settings: { clientId: crm.clientId }, secret: crm.clientSecret })
  const table = await connector.describeTable(session, 'contact')
  scope = { table, columns: connector.defaultTables.find(({ entity }) => entity === 'contact')!.columns, filter: null }
})
after(async () => {
  await session.door.close()
  await crm.close()
})

async function control<T = unknown>(path: string, body: unknown, method = 'POST'): Promise<T> {
  const reply = await fetch(crm.control + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!reply.ok) throw new Error(await reply.text())
  return (await reply.json()) as T
}

const records = (changes: object) => control<{ id: string }[]>('/records', changes)

/** More rows than a job is worth, as far as the connector is told. */
const many = 1_000_000

async function walk(
  given: TableScope,
  kind: Walk,
  options: { expected?: number; pageSize?: number; between?: () => Promise<unknown> } = {},
) {
  const { expected = 0, pageSize = 2_000, between } = options
  const [pages, rows]: [Page[], string[]] = [[], []]
  for (let link: string | null = connector.firstLink(given, kind, expected); link !== null; ) {
    const page: Page = await connector.readPage(session, link, kind, { lane: 'initial', pageSize })
    pages.push(page)
    rows.push(...page.rows.map(String))
    link = page.next
    await between?.()
  }
  return { pages, rows, deleted: pages.flatMap((page) => page.deleted) }
}

const ids = (rows: readonly string[]) => rows.map((row) => JSON.parse(row).Id as string)

const naughty = [
  "Robert'); DROP TABLE Students;--",
  'a "quoted", comma\r\nand lines\n',
  '=1+1',
  '\u202eright to left\u202c العربية',
  '👩‍👩‍👧‍👦 𝒳',
  'e\u0301 vs é \u2028\u2029\ufeff',
  '\\u0041 \\n \\ / %41 +',
  '},{"attributes":{},"IsDeleted":true}',
  '#N/A',
  'null',
]

test('a row is the same text by query, by a job and by its id, whatever is written in it', async () => {
  const entity = 'Contact'
  const made = await records(
    naughty.map((LastName) => ({ entity, operation: 'create', fields: { LastName, Birthdate: '2024-02-29' } })),
  )
  for (const bulkDates of ['Z', '+0000']) {
    await control('/settings', { bulkDates })
    const [rest, bulk] = [
      await walk(scope, { kind: 'query' }),
      await walk(scope, { kind: 'query' }, { expected: many, pageSize: 7 }),
    ]
    assert.deepEqual(bulk.rows.sort(), rest.rows.sort())
    const since = await walk(scope, { kind: 'since', since: new Date(0) }, { pageSize: 9 })
    assert.deepEqual(since.rows.sort(), rest.rows)
    const byId = await connector.readByIds(session, scope, ids(rest.rows).slice(0, 200), 'person')
    assert.deepEqual(byId.rows.map(String).sort(), rest.rows)
  }
  const page = await connector.readByIds(
    session,
    scope,
    made.map(({ id }) => id.toUpperCase()),
    'person',
  )
  const read = page.rows.map((raw) => connector.readRow(scope, raw).values.LastName)
  assert.deepEqual(read.sort(), [...naughty].sort())
})

test('10,001 rows of one timestamp fall nowhere between two pages', async () => {
  const at = '2031-01-01T00:00:00Z'
  const changes = Array.from({ length: 10_001 }, (_, i) => ({
    entity: 'Lead',
    operation: 'create',
    at,
    fields: { LastName: `L${i}`, Company: 'C' },
  }))
  const made = new Set((await records(changes)).map(({ id }) => id))
  const table = await connector.describeTable(session, 'Lead')
  const leads: TableScope = { table, columns: ['Id', 'LastName'], filter: null }
  const since = await walk(leads, { kind: 'since', since: new Date(at) }, { pageSize: 1_000 })
  assert.equal(since.rows.length, 10_001)
  assert.deepEqual(new Set(ids(since.rows)), made)
  // Each page is whole, and the last one is not followed by an empty one.
  assert.deepEqual(
    since.pages.map(({ rows }) => rows.length),
    [...Array.from({ length: 10 }, () => 1_000), 1],
  )
  const whole = await walk(leads, { kind: 'query' }, { pageSize: 5_000 })
  assert.equal(new Set(ids(whole.rows)).size, whole.rows.length)
  assert.equal(whole.rows.length, await connector.estimate(session, leads))
})

test('answers shorter than was asked for are pages like any other, in every way of reading', async () => {
  const table = await connector.describeTable(session, 'Lead')
  const leads: TableScope = { table, columns: ['Id', 'LastName'], filter: null }
  const whole = await walk(leads, { kind: 'query' }, { pageSize: 5_000 })
  const some = ids(whole.rows).slice(0, 200)
  const since = new Date('2031-01-01T00:00:00Z')
  const options = { lane: 'incremental', pageSize: 1_000 } as const
  try {
    for (const maxPageSize of [200, 999, 1_000, 1_001]) {
      await control('/settings', { maxPageSize })
      assert.deepEqual((await walk(leads, { kind: 'query' }, { pageSize: 5_000 })).rows, whole.rows)
      // All of them of one timestamp.
      assert.equal(new Set(ids((await walk(leads, { kind: 'since', since }, options)).rows)).size, 10_001)
      const marked: string[] = []
      for (let link: string | null = connector.firstMarkLink(leads); link !== null; ) {
        const page = await connector.readMarks(session, leads, link, options)
        marked.push(...page.entries.map(({ sourceId }) => sourceId))
        link = page.next
      }
      assert.deepEqual(marked, ids(whole.rows))
    }
    await control('/settings', { maxPageSize: 2_000 })
    for (const name of ['Minutes__c', 'Story__c']) {
      await control('/schema', { entity: 'Lead', addField: { name, type: 'LongTextArea', length: 32_768 } })
    }
    const long = { ...leads, columns: ['Id', 'Minutes__c', 'Story__c'] }
    const { pages } = await walk(long, { kind: 'query' })
    assert.ok(pages.every(({ rows }) => rows.length <= 200))
    assert.equal(new Set(ids(pages.flatMap(({ rows }) => rows.map(String)))).size, whole.rows.length)
    await control('/settings', { maxPageSize: 7 })
    const page = await connector.readByIds(session, leads, [...some.slice(1), '00Q000000000001AAA'], 'incremental')
    assert.deepEqual(ids(page.rows.map(String)).sort(), some.slice(1))
  } finally {
    await control('/settings', { maxPageSize: 2_000 })
  }
})

test('an answer that is to go on and shows nothing is none, and is not asked for without end', async () => {
  const body = JSON.stringify({
    totalSize: 5,
    done: false,
    nextRecordsUrl: '/services/data/v60.0/query/01g-0',
    records: [],
  })
  await control('/faults', { kind: 'body', status: 200, body, on: ['page'], times: 0 })
  try {
    const options = { lane: 'incremental', pageSize: 100 } as const
    await assert.rejects(walk(scope, { kind: 'query' }), { code: 'crm.body_invalid' })
    await assert.rejects(walk(scope, { kind: 'since', since: new Date(0) }), { code: 'crm.body_invalid' })
    await assert.rejects(connector.readMarks(session, scope, connector.firstMarkLink(scope), options), {
      code: 'crm.body_invalid',
    })
    const byId = () => connector.readByIds(session, scope, ['003000000000001AAA'], 'incremental')
    await assert.rejects(byId, { code: 'crm.body_invalid' })
    // Nor one that never ends.
    await fetch(`${crm.control}/faults`, { method: 'DELETE' })
    for (let page = 0; page < 8; page += 1) {
      const made = Array.from({ length: 500 }, (_, n) => ({
        Id: `00300000000${page % 2}${String(n).padStart(3, '0')}AAA`,
      }))
      const body = JSON.stringify({ totalSize: 5_000, done: false, records: made })
      await control('/faults', { kind: 'body', status: 200, body, on: ['page'], times: 1 })
    }
    await assert.rejects(byId, { code: 'crm.body_invalid' })
  } finally {
    await fetch(`${crm.control}/faults`, { method: 'DELETE' })
  }
})

test('archived activities are rows, and deleted ones are none, by query, by job, by id and in the list of versions', async () => {
  const table = await connector.describeTable(session, 'Event')
  const events: TableScope = { table, columns: ['Id', 'Subject'], filter: null }
  const make = (Subject: string) => ({ entity: 'Event', operation: 'create', fields: { Subject } })
  const [archived, deleted] = await records([make('Archived'), make('Deleted')])
  await records({ entity: 'Event', operation: 'archive', id: archived!.id })
  await records({ entity: 'Event', operation: 'delete', id: deleted!.id })
  const rest = await walk(events, { kind: 'query' }, { pageSize: 3 })
  assert.deepEqual(
    [archived, deleted].map((one) => ids(rest.rows).includes(one!.id)),
    [true, false],
  )
  const bulk = await walk(events, { kind: 'query' }, { expected: many })
  assert.deepEqual(bulk.rows.sort(), rest.rows.sort())
  const since = await walk(events, { kind: 'since', since: new Date(0) })
  assert.deepEqual([since.rows.sort(), since.deleted], [rest.rows, [deleted!.id]])
  const options = { lane: 'incremental', pageSize: 2_000 } as const
  const { entries } = await connector.readMarks(session, events, connector.firstMarkLink(events), options)
  assert.deepEqual(entries.map(({ sourceId }) => sourceId).sort(), ids(rest.rows).sort())
  const byId = await connector.readByIds(session, events, [archived!.id, deleted!.id], 'incremental')
  assert.deepEqual(ids(byId.rows.map(String)), [archived!.id])
  assert.equal(await connector.estimate(session, events), rest.rows.length)
})

test('a filter is asked as it is meant, by query, by job and in the list of versions', async () => {
  const [first] = ids((await walk(scope, { kind: 'query' })).rows)
  const filters: [Filter, number | null][] = [
    [{ field: 'LastName', is: 'eq', value: naughty[0]! }, 1],
    [{ field: 'LastName', is: 'eq', value: "x' OR LastName != '" }, 0],
    [{ field: 'LastName', is: 'starts_with', value: "Robert')" }, 1],
    [{ field: 'Birthdate', is: 'eq', value: '2024-02-29' }, naughty.length],
    [
      {
        all: [
          { field: 'Birthdate', is: 'not_null' },
          { not: { field: 'LastName', is: 'in', value: naughty.slice(1) } },
        ],
      },
      null,
    ],
    [{ any: [] }, 0],
  ]
  for (const [filter, count] of filters) {
    const filtered = { ...scope, filter }
    const [rest, bulk] = [
      await walk(filtered, { kind: 'query' }),
      await walk(filtered, { kind: 'query' }, { expected: many }),
    ]
    if (count !== null) assert.equal(rest.rows.length, count, JSON.stringify(filter))
    assert.deepEqual(bulk.rows.sort(), rest.rows.sort())
    const marks = await connector.readMarks(session, filtered, connector.firstMarkLink(filtered), {
      lane: 'incremental',
      pageSize: 2_000,
    })
    assert.deepEqual(marks.entries.map(({ sourceId }) => sourceId).sort(), ids(rest.rows).sort())
    assert.equal(await connector.estimate(session, filtered), rest.rows.length)
  }
  assert.ok(first)
})

test('sessions that end between pages are begun anew, once each', async () => {
  const before = session.renewals
  const { rows } = await walk(
    scope,
    { kind: 'query' },
    { pageSize: 20, between: () => control('/app', { revoke: true }) },
  )
  assert.ok(rows.length > 40)
  assert.ok(session.renewals - before <= Math.ceil(rows.length / 20) + 1)
  assert.equal(new Set(ids(rows)).size, rows.length)
})

test('a job that fails or is gone says so, for the reading to begin anew', async () => {
  await connector.identify(session)
  await control('/faults', { kind: 'job-failed', times: 1 })
  const failed = walk(scope, { kind: 'query' }, { expected: many })
  await assert.rejects(
    failed,
    (error) => isHubError(error, 'crm.delta_expired') && /job 750\w+ .* failed/.test(error.message),
  )
  const link = connector.firstLink(scope, { kind: 'query' }, many)
  const made = await connector.readPage(session, link, { kind: 'query' }, { lane: 'initial', pageSize: 10 })
  const gone = made.next!.replace(/job=\w+/, 'job=750000000000000AAA')
  const read = connector.readPage(session, gone, { kind: 'query' }, { lane: 'initial', pageSize: 10 })
  await assert.rejects(read, { code: 'crm.delta_expired' })
  assert.ok((await walk(scope, { kind: 'query' }, { expected: many })).rows.length > 0)
})

test('half an answer is none, by query and by job', async () => {
  for (const kind of ['truncate', 'html', 'error-200', 'cut-body']) {
    for (const expected of [0, many]) {
      const whole = await walk(scope, { kind: 'query' }, { expected })
      await control('/faults', { kind, times: 1, on: ['page', 'bulk'], after: expected === 0 ? 0 : 3 })
      assert.deepEqual((await walk(scope, { kind: 'query' }, { expected })).rows, whole.rows, `${kind} ${expected}`)
      await fetch(`${crm.control}/faults`, { method: 'DELETE' })
    }
  }
})

test('what is not shown is named: an object, a field', async () => {
  await control('/schema', { entity: 'Contact', removeField: 'Department' })
  for (const expected of [0, many]) {
    const gone = walk(scope, { kind: 'query' }, { expected })
    await assert.rejects(gone, (error) => isHubError(error, 'field.unknown') && error.detail.field === 'Department')
  }
  await control('/faults', { kind: 'object-hidden', entity: 'Case', times: 0 })
  for await (const step of connector.checkTables(session, ['Case'])) {
    assert.deepEqual([step.subject, step.ok], ['incident', false])
    assert.match(step.mend!, /Case/)
  }
  await fetch(`${crm.control}/faults`, { method: 'DELETE' })
  await assert.rejects(connector.describeTable(session, "Account'--"), { code: 'resource.not_found' })
  const signedIn = await connector.requestToken(session.open, crm.url, jwtOf(crm))
  assert.equal(signedIn.expiresIn, null)
})
