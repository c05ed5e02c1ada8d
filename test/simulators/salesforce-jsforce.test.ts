import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import jsforce, { type Connection } from 'jsforce'
import { StreamingExtension } from 'jsforce/lib/api/streaming.js'
import { until } from './ask.ts'
import { assertion, type SalesforceWorld, startSalesforceWorld, VERSION } from './salesforce-world.ts'

let world: SalesforceWorld
let conn: Connection
before(async () => {
  world = await startSalesforceWorld({ records: 3600, seed: 3 })
  conn = world.conn
  await world.control('POST', '/schema', {
    entity: 'Account',
    addField: { name: 'Hub_Id__c', externalId: true, unique: true, length: 40 },
  })
})
after(() => world.running.close())

type Row = Record<string, unknown> & { Id: string }

test('client credentials sign in, and the reply names no lifetime', async () => {
  const { running } = world
  const own = new jsforce.Connection({
    oauth2: { loginUrl: running.url, clientId: running.clientId, clientSecret: running.clientSecret },
    version: VERSION,
  })
  const token = await own.authorize({ grant_type: 'client_credentials' })
  assert.match(token.id, /005\w{15}$/)
  assert.equal(own.instanceUrl, running.url)
  assert.equal((await own.query('SELECT Id FROM Account LIMIT 1')).records.length, 1)
})

test('a JWT assertion signs in', async () => {
  const { running } = world
  const own = new jsforce.Connection({
    oauth2: { loginUrl: running.url, clientId: running.clientId },
    version: VERSION,
  })
  await own.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(running) })
  assert.equal((await own.query('SELECT count() FROM Contact')).totalSize, 3000)
})

test('a query goes over pages, each row once and in order', async () => {
  const rows: Row[] = []
  const query = conn.query<Row>(
    'SELECT Id, Name, SystemModstamp, Account.Name FROM Contact ORDER BY SystemModstamp, Id',
  )
  const records = (await query.run({ autoFetch: true, maxFetch: 10_000 })) as unknown as {
    totalSize: number
    records?: Row[]
  } & Row[]
  rows.push(...(records.records ?? records))
  assert.equal(rows.length, 3000)
  assert.equal(new Set(rows.map((r) => r.Id)).size, 3000)
  const keys = rows.map((r) => `${String(r.SystemModstamp)} ${r.Id}`)
  assert.deepEqual(keys, [...keys].sort())
  assert.ok(rows.some((r) => typeof (r.Account as { Name?: unknown } | null)?.Name === 'string'))
})

test('rows are made, read, changed, deleted and found again by queryAll', async () => {
  const accounts = conn.sobject('Account')
  const made = await accounts.create({ Name: 'Überhof & Söhne', Phone: '+49 30 1234567' })
  assert.ok(made.success)
  const id = made.id!
  assert.equal((await accounts.retrieve(id)).Name, 'Überhof & Söhne')
  assert.ok((await accounts.update({ Id: id, Name: 'Überhof' })).success)
  assert.equal((await accounts.retrieve(id.slice(0, 15))).Name, 'Überhof')
  assert.ok((await accounts.destroy(id)).success)
  await assert.rejects(accounts.retrieve(id) as Promise<unknown>, { errorCode: 'ENTITY_IS_DELETED' })
  assert.equal((await conn.query(`SELECT Id FROM Account WHERE Id = '${id}'`)).totalSize, 0)
  const all = await conn.query<Row>(`SELECT Id, IsDeleted FROM Account WHERE Id = '${id}'`, { scanAll: true })
  assert.deepEqual(
    all.records.map((r) => r.IsDeleted),
    [true],
  )
  await assert.rejects(accounts.create({ Phone: '1' }) as Promise<unknown>, { errorCode: 'REQUIRED_FIELD_MISSING' })
})

test('an upsert by external id makes a row, then changes it', async () => {
  const accounts = conn.sobject('Account')
  const first = await accounts.upsert({ Hub_Id__c: 'hub-1', Name: 'One' }, 'Hub_Id__c')
  const second = await accounts.upsert({ Hub_Id__c: 'hub-1', Name: 'Uno' }, 'Hub_Id__c')
  assert.deepEqual(
    [first.success && (first as { created?: boolean }).created, (second as { created?: boolean }).created],
    [true, false],
  )
  const { records } = await conn.query<Row>("SELECT Name FROM Account WHERE Hub_Id__c = 'hub-1'")
  assert.deepEqual(
    records.map((r) => r.Name),
    ['Uno'],
  )
  await assert.rejects(accounts.create({ Name: 'Two', Hub_Id__c: 'hub-1' }) as Promise<unknown>, {
    errorCode: 'DUPLICATE_VALUE',
  })
})

test('collections and composites write several rows, or none', async () => {
  const many = await conn
    .sobject('Contact')
    .create(Array.from({ length: 5 }, (_, i) => (i === 2 ? { FirstName: 'No' } : { LastName: `Many ${i}` })))
  assert.deepEqual(
    many.map((r) => r.success),
    [true, true, false, true, true],
  )
  const none = await conn.sobject('Contact').create([{ LastName: 'All' }, { FirstName: 'None' }], { allOrNone: true })
  assert.deepEqual(
    none.map((r) => r.success),
    [false, false],
  )
  assert.equal((await conn.query("SELECT count() FROM Contact WHERE LastName = 'All'")).totalSize, 0)
  const root = `/services/data/v${VERSION}/sobjects`
  const compositeRequest = [
    { method: 'POST', url: `${root}/Account`, referenceId: 'firm', body: { Name: 'Composed' } },
    {
      method: 'POST',
      url: `${root}/Contact`,
      referenceId: 'person',
      body: { LastName: 'Composed', AccountId: '@{firm.id}' },
    },
    { method: 'GET', url: `${root}/Contact/@{person.id}?fields=LastName,AccountId`, referenceId: 'read' },
  ]
  const { compositeResponse } = await conn.requestPost<{
    compositeResponse: { httpStatusCode: number; body: Record<string, string> }[]
  }>('/composite', { allOrNone: true, compositeRequest })
  assert.deepEqual(
    compositeResponse.map((r) => r.httpStatusCode),
    [201, 201, 200],
  )
  assert.equal(compositeResponse[2]!.body.AccountId, compositeResponse[0]!.body.id)
})

test('describe tells the objects and their fields', async () => {
  const { sobjects } = await conn.describeGlobal()
  assert.ok(
    ['Account', 'Contact', 'Lead', 'Opportunity', 'Case', 'Task', 'Event', 'User'].every((n) =>
      sobjects.some((s) => s.name === n),
    ),
  )
  const { fields } = await conn.describe('Account')
  const field = (name: string) => fields.find((f) => f.name === name)!
  assert.deepEqual(
    [field('Hub_Id__c').externalId, field('Hub_Id__c').unique, field('OwnerId').type],
    [true, true, 'reference'],
  )
  assert.ok((field('Industry').picklistValues ?? []).length > 5)
  assert.ok((await conn.limits()).DailyApiRequests!.Remaining < 15_000)
  assert.ok((conn.limitInfo.apiUsage?.used ?? 0) > 0)
})

test('Bulk API 2.0 reads a table and writes rows', async () => {
  conn.bulk2.pollInterval = 20
  conn.bulk2.pollTimeout = 20_000
  const read = (await (
    await conn.bulk2.query('SELECT Id, LastName, SystemModstamp FROM Contact WHERE IsDeleted = false')
  ).toArray()) as Row[]
  assert.equal(read.length, (await conn.query('SELECT count() FROM Contact')).totalSize)
  assert.match(String(read[0]!.SystemModstamp), /^\d{4}-.*Z$/)
  const input = [
    { LastName: 'Bulk, "quoted"\nline', FirstName: 'A' },
    { LastName: '', FirstName: 'B' },
    { LastName: 'Bulk two', FirstName: '' },
  ]
  const done = await conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'insert', input })
  assert.deepEqual([done.successfulResults.length, done.failedResults.length], [2, 1])
  assert.match(done.failedResults[0]!.sf__Error, /REQUIRED_FIELD_MISSING/)
  const { records } = await conn.query<Row>(
    "SELECT LastName FROM Contact WHERE LastName LIKE 'Bulk%' ORDER BY LastName",
  )
  assert.deepEqual(
    records.map((r) => r.LastName),
    ['Bulk two', 'Bulk, "quoted"\nline'],
  )
})

/** Faye's own method, which jsforce's types leave out. */
const disconnect = (client: unknown) => (client as { disconnect(): Promise<void> | undefined }).disconnect()

test('streaming tells changes, and those since a replay id', async () => {
  const heard: { changeType: string; recordIds: string[]; replayId: number }[] = []
  type Heard = {
    payload: { ChangeEventHeader: { changeType: string; recordIds: string[] } }
    event: { replayId: number }
  }
  const channel = '/data/AccountChangeEvent'
  const listen = (replayId: number) => {
    const client = conn.streaming.createClient([new StreamingExtension.Replay(channel, replayId)])
    const subscription = client.subscribe(channel, (data: Heard) => {
      const { changeType, recordIds } = data.payload.ChangeEventHeader
      heard.push({ changeType, recordIds, replayId: data.event.replayId })
    })
    return { client, subscription }
  }
  const first = listen(-1)
  await first.subscription
  const [made] = await world.records({ entity: 'Account', operation: 'create', fields: { Name: 'Streamed' } })
  await world.records({ entity: 'Account', operation: 'change', id: made!.id, fields: { Name: 'Streamed on' } })
  await until('two events', () => heard.length === 2)
  assert.deepEqual(
    heard.map((h) => [h.changeType, h.recordIds[0]]),
    [
      ['CREATE', made!.id],
      ['UPDATE', made!.id],
    ],
  )
  await disconnect(first.client)
  await world.records({ entity: 'Account', operation: 'delete', id: made!.id })
  await world.control('POST', '/faults', { kind: 'event-gap' })
  await world.records({ entity: 'Account', operation: 'restore', id: made!.id })
  const second = listen(heard[1]!.replayId)
  await second.subscription
  await until('the missed events', () => heard.length === 4)
  assert.deepEqual(
    heard.slice(2).map((h) => h.changeType),
    ['DELETE', 'GAP_UNDELETE'],
  )
  await disconnect(second.client)
})
