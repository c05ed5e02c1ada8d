import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pagings } from '../../simulators/http/list.ts'
import { until } from '../support/hub.ts'
import { httpHub } from './http-hub.ts'
import { readRun, type Shape } from './http-runs.ts'

const without =
  (...names: string[]) =>
  (table: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(table).filter(([name]) => !names.includes(name)))

test('each kind of paging copies every record once, then only what changed', async (t) => {
  const hub = await httpHub(t)
  const made = []
  for (const paging of pagings) made.push(await hub.connect(paging, { paging }))
  for (const connection of made) {
    await hub.settled(connection)
    assert.deepEqual(await hub.differences(connection), [], connection.name)
  }
  const added = await hub.control<{ id: string }>('records', {
    entity: 'contact',
    fields: { last_name: 'Neu', email: 'neu@example.com' },
  })
  await hub.control('records', {
    entity: 'contact',
    operation: 'change',
    id: 'c00000003',
    fields: { email: 'other@example.com' },
  })
  await hub.control('reset-requests', {})
  for (const connection of made) await hub.passed(connection)
  for (const connection of made) assert.deepEqual(await hub.differences(connection), [], connection.name)
  const { recent } = await hub.control<{ recent: { url: string }[] }>('requests', undefined, 'GET')
  const lists = recent.filter(({ url }) => /^\/api\/(cursor|page)\//.test(url))
  assert.ok(lists.length > 0 && lists.every(({ url }) => url.includes('updated_since=')), JSON.stringify(lists))
  await hub.control('records', { entity: 'contact', operation: 'delete', id: added.id })
  const [connection] = made
  const table = (await hub.tables(connection!)).find((one) => one.entity === 'contact')!
  await readRun(hub, table.id, 'audit')
  const { rows } = await hub.pool.query(
    'select deleted_at from jackfield.record where table_id = $1 and source_id = $2',
    [table.id, added.id],
  )
  assert.ok(rows[0].deleted_at, 'an audit finds what was deleted')
})

test('fields are suggested from the first records, and keep every digit', async (t) => {
  const hub = await httpHub(t)
  const connection = await hub.connect('suggested')
  const contact = (await hub.tables(connection)).find((table) => table.entity === 'contact')!
  assert.deepEqual(contact.mapping.phones, ['phones[0].number', 'phones[1].number'])
  assert.deepEqual(contact.mapping.emails, ['email'])
  assert.deepEqual(contact.mapping.name[0], ['first_name', 'last_name'])
  assert.deepEqual(contact.mapping.country, ['address.country'])
  assert.deepEqual(contact.mapping.relations, [{ role: 'account', from: 'account_id', entities: ['account'] }])
  await hub.settled(connection)
  const { rows } = await hub.pool.query<{ source: string; links: string[] }>(
    "select source, links from jackfield.record where table_id = $1 and source_id = 'c00000000'",
    [contact.id],
  )
  assert.match(rows[0]!.source, /"credit":0\.50/)
  assert.match(rows[0]!.source, /"serial":9007199254740000993/)
})

test('each kind of authentication is sent as its definition says', async (t) => {
  const hub = await httpHub(t, 10)
  for (const authentication of ['basic', 'bearer', 'api_key_header', 'api_key_query', 'client_credentials']) {
    await hub.control('access', { accepts: [authentication] })
    const connection = await hub.connect(authentication, { authentication })
    await hub.settled(connection)
    assert.deepEqual(await hub.differences(connection), [], authentication)
    await assert.rejects(hub.connect(`${authentication} wrong`, { authentication, secret: 'not-the-secret' }), {
      code: authentication === 'client_credentials' ? 'authentication.secret_wrong' : 'authentication.rejected',
    })
  }
})

test('where an API tells neither changes nor single records, whole lists are compared and only they prove a delete', async (t) => {
  const hub = await httpHub(t, 40)
  const connection = await hub.connect('bare', {
    paging: 'offset',
    table: without('since', 'item', 'version', 'modified'),
  })
  await hub.settled(connection)
  assert.deepEqual(await hub.differences(connection), [])
  await hub.control('records', {
    entity: 'contact',
    operation: 'change',
    id: 'c00000003',
    fields: { email: 'else@example.com' },
  })
  await hub.control('records', { entity: 'contact', operation: 'delete', id: 'c00000004' })
  await hub.passed(connection)
  assert.deepEqual(await hub.differences(connection), [])
  // A walk that breaks off hides records, and takes none for deleted.
  await hub.control('faults', { kind: 'shrinking-total', times: 0, match: 'offset=25', by: 3 })
  await hub.pool.query('update jackfield.synced_table set next_pass_at = now() where connection_id = $1', [
    connection.id,
  ])
  const run = await until(async () => {
    const { rows } = await hub.pool.query<{ problem: { code: string; message: string } | null }>(
      `select r.problem from jackfield.sync_run r join jackfield.synced_table t on t.id = r.table_id
        where t.connection_id = $1 and r.problem is not null`,
      [connection.id],
    )
    return rows[0]?.problem
  })
  assert.equal(run.code, 'crm.pages_unsound')
  await hub.control('faults', undefined, 'DELETE')
  await hub.settled(connection)
  assert.deepEqual(await hub.differences(connection), [])
})

const broken: { fault: string; shape: Shape; match: string; reason: RegExp }[] = [
  {
    fault: 'cursor-loop',
    shape: { paging: 'cursor' },
    match: 'api/cursor/contacts',
    reason: /page \d+: .*(again|twice|circle|same records)/,
  },
  { fault: 'repeated-page', shape: { paging: 'page' }, match: 'api/page/contacts', reason: /page 2: .*same records/ },
  {
    fault: 'shrinking-page',
    shape: { paging: 'page', table: without('total') },
    match: 'page/contacts?limit=25&page=2',
    reason: /page 3: .*shorter/,
  },
  { fault: 'shrinking-total', shape: { paging: 'offset' }, match: 'offset=25', reason: /page 2: .*shrank/ },
  { fault: 'repeated-ids', shape: { paging: 'next' }, match: 'next/contacts', reason: /page \d+: .*(again|twice)/ },
  { fault: 'doubled-row', shape: { paging: 'link' }, match: 'link/contacts', reason: /page 1: .*twice/ },
]

test('pages that loop, repeat or shrink stop the copy with page, reason and mend, and nothing counts as complete', async (t) => {
  const hub = await httpHub(t, 120)
  for (const { fault, shape, match, reason } of broken) {
    const connection = await hub.connect(fault, {
      ...shape,
      table: (table) => ({ ...(shape.table ?? ((x) => x))(table), fields: [{ path: 'email', type: 'text' }] }),
    })
    const contact = (await hub.tables(connection)).find((table) => table.entity === 'contact')!
    await hub.settled(connection)
    await hub.control('faults', { kind: fault, times: 0, match })
    const problem = await readRun(hub, contact.id, 'full')
    assert.equal(problem?.code, 'crm.pages_unsound', `${fault}: ${JSON.stringify(problem)}`)
    assert.match(problem!.message, reason, fault)
    assert.ok(problem!.page && problem!.mend, fault)
    await hub.control('faults', undefined, 'DELETE')
    await hub.pool.query('update jackfield.synced_table set enabled = false where connection_id = $1', [connection.id])
  }
})

test('a limit of an hour is waited for, and it is said until when', async (t) => {
  const hub = await httpHub(t, 10)
  const connection = await hub.connect('throttled')
  await hub.settled(connection)
  await hub.control('faults', { kind: '429', retryAfter: 3600, times: 0 })
  await hub.pool.query('update jackfield.synced_table set next_pass_at = now() where connection_id = $1', [
    connection.id,
  ])
  const waiting = await until(async () => {
    const { rows } = await hub.pool.query<{ code: string; wait: number }>(
      `select r.problem->>'code' as code, extract(epoch from r.not_before - now())::float8 as wait
        from jackfield.sync_run r join jackfield.synced_table t on t.id = r.table_id
        where t.connection_id = $1 and r.state = 'waiting' and r.problem is not null`,
      [connection.id],
    )
    return rows[0]
  })
  assert.equal(waiting.code, 'crm.throttled')
  assert.ok(waiting.wait > 3_000, `${waiting.wait} s`)
})

test('the hub takes as many calls as the definition says that the API allows, and a modest pace where it says nothing', async (t) => {
  const hub = await httpHub(t, 3)
  const limitOf = async (organisation: string, definition: Record<string, unknown>) => {
    const { id } = await hub.connect(organisation, { definition })
    return (await hub.connections.quotas(id))[0]!.limit
  }
  assert.equal(await limitOf('told', { quota: { calls: 4000, seconds: 60 } }), 1000)
  assert.equal(await limitOf('untold', {}), 750)
  const tooFew = hub.connect('too few', { definition: { quota: { calls: 1, seconds: 60 } } })
  await assert.rejects(tooFew, /definition\.quota\.calls/)
})
