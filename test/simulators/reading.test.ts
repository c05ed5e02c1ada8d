import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Asked, readAll, startAsked } from './ask.ts'

let asked: Asked
before(async () => {
  asked = await startAsked({ records: 1200, seed: 2 })
})
after(() => asked.running.close())

test('a filter and its opposite share all rows between them', async () => {
  const filters = [
    "startswith(fullname,'J')",
    "contains(emailaddress1,'example.org')",
    'statecode eq 0 and gendercode ne null',
    "(jobtitle eq 'Manager' or jobtitle eq 'Architect')",
    'modifiedon ge 2020-01-01T00:00:00Z',
    'birthdate lt 1970-01-01',
    "Microsoft.Dynamics.CRM.In(PropertyName='gendercode',PropertyValues=['1'])",
    'creditlimit gt 100.5',
    'donotphone eq true',
  ]
  for (const filter of filters) {
    const some = (await readAll(asked, `contacts?$select=contactid&$filter=${encodeURIComponent(filter)}`)).rows.length
    const others = (await readAll(asked, `contacts?$select=contactid&$filter=not (${encodeURIComponent(filter)})`)).rows
      .length
    assert.ok(some > 0 && others > 0, filter)
    assert.equal(some + others, 1000, filter)
  }
})

test('a filter on ids or a late change is answered without reading the table', async () => {
  const [a, b] = (await asked.ask('contacts?$select=contactid&$top=2')).json.value.map((row) => row.contactid as string)
  const byIds = await asked.ask(`contacts?$select=fullname&$filter=contactid eq ${a} or contactid eq ${b}`)
  assert.deepEqual(
    byIds.json.value.map((row) => row.contactid),
    [a, b].sort(),
  )
  await asked.records({ entity: 'contact', operation: 'change', id: a })
  const late = await asked.ask(
    `contacts?$select=fullname&$filter=modifiedon ge ${new Date(Date.now() - 60_000).toISOString()}`,
  )
  assert.deepEqual(
    late.json.value.map((row) => row.contactid),
    [a],
  )
  const counts = (await asked.control('GET', '/requests')).counts as Record<string, number>
  assert.ok(counts.byIds! >= 1)
})

test('paging in another order meets every row once, also those changed since', async () => {
  const prefer = 'odata.maxpagesize=70'
  for (const order of [
    'contactid asc',
    'contactid desc',
    'modifiedon asc',
    'modifiedon asc,contactid asc',
    'fullname desc',
    'versionnumber',
    'birthdate',
  ]) {
    const { rows, pages } = await readAll(
      asked,
      `contacts?$select=contactid&$orderby=${encodeURIComponent(order)}`,
      prefer,
    )
    assert.equal(pages, 15, order)
    assert.equal(new Set(rows.map((row) => row.contactid)).size, 1000, order)
  }
})

test('rows that come and go while paging are met or missed as in a database', async () => {
  const prefer = 'odata.maxpagesize=400'
  const first = (await asked.ask('contacts?$select=fullname', { headers: { prefer } })).json
  const ahead = 'fffffff0-0000-4000-8000-000000000001'
  const behind = '00000000-0000-4000-8000-000000000001'
  for (const id of [ahead, behind]) await asked.records({ entity: 'contact', operation: 'create', id })
  const { rows } = await readAll(asked, first['@odata.nextLink'] as string, prefer)
  const ids = rows.map((row) => row.contactid)
  assert.ok(ids.includes(ahead))
  assert.ok(!ids.includes(behind))
  for (const id of [ahead, behind]) await asked.records({ entity: 'contact', operation: 'delete', id })
})

test('what the service refuses is refused with its code and words', async () => {
  const cases: [path: string, status: number, code: string, words: RegExp][] = [
    [
      'contacts?$select=nonsense',
      400,
      '0x80060888',
      /Could not find a property named 'nonsense' on type 'Microsoft.Dynamics.CRM.contact'/,
    ],
    ['contacts?$select=parentcustomeridname', 400, '0x80060888', /parentcustomeridname/],
    ['contacts?$skip=5', 400, '0x80060888', /Skip Clause is not supported/],
    ['contacts?$filter=fullname eq 5', 400, '0x80060888', /incompatible types/],
    ["contacts?$filter=contactid eq '00000000-0000-4000-8000-000000000001'", 400, '0x80060888', /Edm.Guid/],
    ['contacts?$filter=fullname eq', 400, '0x80060888', /Syntax error/],
    ['nothings', 404, '0x8006088a', /segment 'nothings'/],
    [
      'contacts(00000000-0000-4000-8000-000000000009)',
      404,
      '0x80040217',
      /contact With Id = 0{8}-0{4}-4000-8000-0{11}9 Does Not Exist/,
    ],
    ["contacts(employeeid='E-1')", 400, '0x80060888', /The key in the request URI is not valid/],
  ]
  for (const [path, status, code, words] of cases) {
    const { status: got, json } = await asked.ask(path)
    assert.deepEqual([got, json.error.code], [status, code], path)
    assert.match(json.error.message, words)
  }
})

test('counting stops at 5,000', async () => {
  const big = await startAsked({ records: 7200 })
  assert.equal((await big.ask('contacts/$count')).text, '5000')
  const prefer = 'odata.maxpagesize=1,odata.include-annotations="*"'
  const { json } = await big.ask('contacts?$select=fullname&$count=true', { headers: { prefer } })
  assert.equal(json['@odata.count'], 5000)
  assert.equal(json['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'], true)
  assert.equal((await big.ask('accounts/$count')).text, '1200')
  await big.running.close()
})

test('a row that has not changed is answered 304', async () => {
  const [row] = (await asked.ask('accounts?$select=name&$top=1')).json.value
  const path = `accounts(${row!.accountid})?$select=name`
  const etag = row!['@odata.etag'] as string
  assert.equal((await asked.ask(path, { headers: { 'if-none-match': etag } })).status, 304)
  assert.equal((await asked.ask(path, { headers: { 'if-none-match': 'null' } })).status, 200)
  await asked.records({ entity: 'account', operation: 'change', id: row!.accountid })
  assert.equal((await asked.ask(path, { headers: { 'if-none-match': etag } })).status, 200)
})

test('without a token, with a bad one, and as a stranger: the challenge, the challenge, and 403', async () => {
  const url = `${asked.running.url}/api/data/v9.2/WhoAmI`
  for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
    const reply = await fetch(url, { headers })
    assert.equal(reply.status, 401)
    assert.match(
      reply.headers.get('www-authenticate')!,
      /^Bearer authorization_uri=http.*\/oauth2\/authorize, resource_id=http/,
    )
  }
  await asked.control('POST', '/settings', { member: false })
  const stranger = await asked.ask('WhoAmI')
  assert.deepEqual([stranger.status, stranger.json.error.code], [403, '0x80072560'])
  await asked.control('POST', '/settings', { member: true, denied: { contact: ['Read'] } })
  const denied = await asked.ask('contacts?$top=1')
  assert.deepEqual([denied.status, denied.json.error.code], [403, '0x80040220'])
  assert.match(denied.json.error.message, /is missing prvReadcontact privilege/)
  await asked.control('POST', '/settings', { denied: {} })
})

test('the dump holds every row with its version, and tombstones', async () => {
  const id = 'abcdef00-0000-4000-8000-000000000001'
  await asked.records([{ entity: 'account', operation: 'create', id, fields: { name: 'Gone', revenue: '7.5000' } }])
  const [deleted] = await asked.records([{ entity: 'account', operation: 'delete', id }])
  const lines = (await (await fetch(`${asked.running.control}/dump?entity=account`)).text()).trim().split('\n')
  assert.equal(lines.length, 201)
  const last = JSON.parse(lines.at(-1)!)
  assert.deepEqual([last.id, last.deleted, last.version, last.fields.name], [id, true, deleted!.version, 'Gone'])
})
