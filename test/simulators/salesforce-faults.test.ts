import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { until } from './ask.ts'
import { askSalesforceToken, assertion, type SalesforceWorld, startSalesforceWorld } from './salesforce-world.ts'

let world: SalesforceWorld
before(async () => {
  world = await startSalesforceWorld({ records: 900, seed: 8 })
})
after(() => world.running.close())
beforeEach(async () => {
  await world.control('DELETE', '/faults')
})

type Fault = { errorCode: string; message: string }
const strike = (fault: object) => world.control('POST', '/faults', fault)
const soql = (text: string) =>
  world.ask(`query?q=${encodeURIComponent(text)}`, { headers: { 'sforce-query-options': 'batchSize=200' } })
const page = () => soql('SELECT Id, Name FROM Contact')
const codeOf = (answer: { json: unknown }) => (answer.json as Fault[])[0]!.errorCode

test('the daily quota is told with each answer and refuses what is beyond it', async () => {
  const { headers } = await page()
  const [, used = ''] = /^api-usage=(\d+)\/15000$/.exec(headers.get('sforce-limit-info')!) ?? []
  await world.control('POST', '/limits', { max: Number(used) + 2 })
  const statuses = [await page(), await page(), await page()].map((a) => a.status)
  assert.deepEqual(statuses, [200, 200, 403])
  const refused = await page()
  assert.deepEqual([codeOf(refused), refused.headers.get('retry-after')], ['REQUEST_LIMIT_EXCEEDED', null])
  await world.control('POST', '/limits', { max: 15_000, concurrent: 3 })
  await strike({ kind: 'slow-body', ms: 1_500, times: 0 })
  const many = await Promise.all(Array.from({ length: 6 }, page))
  assert.deepEqual(many.map((a) => a.status).sort(), [200, 200, 200, 403, 403, 403])
  await world.control('POST', '/limits', { concurrent: 25 })
})

test('answers in the service’s place: limits, errors, web pages, both texts of a 401', async () => {
  await strike([
    { kind: '429', retryAfter: 3 },
    { kind: '503' },
    { kind: 'html' },
    { kind: 'app-not-attached' },
    { kind: 'session-not-for-rest' },
    { kind: 'token-rejected' },
    { kind: 'row-locked' },
  ])
  const limited = await page()
  assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '3'])
  assert.equal((await page()).status, 503)
  assert.match((await page()).text, /^<!DOCTYPE/)
  assert.match((await page()).text, /Connected app is not attached to Agent/)
  const unfit = await page()
  assert.deepEqual(
    [unfit.status, (unfit.json as unknown as Fault[])[0]!.message],
    [401, 'This session is not valid for use with the REST API'],
  )
  assert.equal(codeOf(await page()), 'INVALID_SESSION_ID')
  assert.equal(codeOf(await page()), 'UNABLE_TO_LOCK_ROW')
  assert.equal((await page()).status, 200)
})

test('bodies are cut short, connections dropped, next links lead elsewhere', async () => {
  await strike({ kind: 'truncate' })
  const short = await page()
  assert.throws(() => short.json)
  await strike({ kind: 'drop' })
  await assert.rejects(page())
  await strike({ kind: 'foreign-next-link' })
  assert.match(String((await page()).json.nextRecordsUrl), /^http:\/\/foreign\.example\/services/)
  const next = String((await page()).json.nextRecordsUrl)
  await strike({ kind: 'lost-locator' })
  assert.equal(codeOf(await world.ask(next)), 'INVALID_QUERY_LOCATOR')
  assert.equal((await world.ask(next)).status, 200)
})

test('a write whose connection was cut was done, or not, or is done later', async () => {
  const create = (name: string) => world.ask('sobjects/Account', { method: 'POST', body: { Name: name } })
  const count = async (name: string) =>
    (await soql(`SELECT count() FROM Account WHERE Name = '${name}'`)).json.totalSize
  await strike({ kind: 'drop-before', on: 'write' })
  await assert.rejects(create('Never'))
  await strike({ kind: 'drop-after' })
  await assert.rejects(create('Unheard'))
  await strike({ kind: 'late-commit', ms: 1_500 })
  await assert.rejects(create('Late'))
  assert.deepEqual([await count('Never'), await count('Unheard'), await count('Late')], [0, 1, 0])
  await until('the late commit', async () => (await count('Late')) === 1)
  const { writes } = (await world.control('GET', '/requests')) as unknown as {
    writes: { cut: boolean; status: number }[]
  }
  assert.deepEqual(
    writes.filter((w) => w.cut).map((w) => w.status),
    [201, 201],
  )
})

test('rows change between pages; the cursor shows what it saw, or what is, as it is set', async () => {
  const first = await soql('SELECT Id, LastName FROM Contact ORDER BY Id')
  const { records } = (await soql('SELECT Id FROM Contact ORDER BY Id LIMIT 1 OFFSET 300')).json as unknown as {
    records: { Id: string }[]
  }
  await strike({
    kind: 'change',
    when: 'before',
    records: [
      { entity: 'Contact', operation: 'change', id: records[0]!.Id, fields: { LastName: 'Changed meanwhile' } },
    ],
  })
  const second = await world.ask(String(first.json.nextRecordsUrl))
  assert.doesNotMatch(second.text, /Changed meanwhile/)
  await world.control('POST', '/settings', { cursor: 'live' })
  assert.match((await world.ask(String(first.json.nextRecordsUrl))).text, /Changed meanwhile/)
  await world.control('POST', '/settings', { cursor: 'snapshot' })
})

test('fields and objects are hidden and shown again; bulk jobs fail', async () => {
  await strike({ kind: 'column-removed', entity: 'Contact', column: 'MobilePhone' })
  assert.equal(codeOf(await soql('SELECT MobilePhone FROM Contact')), 'INVALID_FIELD')
  await world.control('DELETE', '/faults')
  assert.equal((await soql('SELECT MobilePhone FROM Contact')).status, 200)
  await strike({ kind: 'object-hidden', entity: 'Lead' })
  assert.equal(codeOf(await soql('SELECT Id FROM Lead')), 'INVALID_TYPE')
  await strike({ kind: 'job-failed' })
  const { json } = await world.ask('jobs/query', {
    method: 'POST',
    body: { operation: 'query', query: 'SELECT Id FROM Contact' },
  })
  await until('the failure', async () => (await world.ask(`jobs/query/${json.id}`)).json.state === 'Failed')
})

test('sign-in is refused by reason; revoked and idle tokens are void', async () => {
  const { running } = world
  const right = { grant_type: 'client_credentials', client_id: running.clientId, client_secret: running.clientSecret }
  const error = async (form: Record<string, string>) => (await askSalesforceToken(running, { ...right, ...form })).json
  assert.equal((await error({ client_secret: 'wrong' })).error, 'invalid_client')
  assert.equal((await error({ client_id: 'wrong' })).error, 'invalid_client_id')
  assert.equal((await error({ grant_type: 'password' })).error, 'unsupported_grant_type')
  const jwt = (claims: object) =>
    error({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(running, { ...claims }) })
  assert.equal((await jwt({ aud: 'https://elsewhere.example' })).error_description, 'audience is invalid')
  assert.equal((await jwt({ exp: Date.now() })).error, 'invalid_grant')
  assert.equal((await jwt({ sub: 'nobody@contoso.example' })).error_description, "user hasn't approved this consumer")
  await world.control('POST', '/app', { refreshToken: 'a refresh token' })
  const refreshed = await error({ grant_type: 'refresh_token', refresh_token: 'a refresh token' })
  const headers = { authorization: `Bearer ${String(refreshed.access_token)}` }
  assert.deepEqual([(await world.ask('limits', { headers })).status, refreshed.expires_in], [200, undefined])
  await fetch(`${running.url}/services/oauth2/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token: String(refreshed.access_token) }),
  })
  assert.equal((await world.ask('limits', { headers })).status, 401)
  await strike({ kind: '503', on: 'token' })
  assert.equal((await askSalesforceToken(running, right)).status, 503)
})

test('an eleventh open cursor voids the oldest, one that was read to its end does not count', async () => {
  const open = async () => String((await page()).json.nextRecordsUrl)
  const readOn = (next: string) => world.ask(next, { headers: { 'sforce-query-options': 'batchSize=200' } })
  const ended = await open()
  // Without the header the next page is up to 2,000 rows long: the last.
  assert.equal((await world.ask(ended)).json.done, true)
  const first = await open()
  for (let i = 0; i < 9; i++) await open()
  assert.equal((await readOn(first)).status, 200)
  await open()
  assert.equal(codeOf(await readOn(first)), 'INVALID_QUERY_LOCATOR')
  assert.equal((await readOn(ended)).status, 200)
})
