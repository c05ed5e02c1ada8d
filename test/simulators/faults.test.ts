import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type Asked, startAsked, until } from './ask.ts'

let asked: Asked
before(async () => {
  asked = await startAsked({ records: 300, seed: 8 })
})
after(() => asked.running.close())
beforeEach(async () => {
  await asked.control('DELETE', '/faults')
})

const strike = (fault: object) => asked.control('POST', '/faults', fault)
const page = () => asked.ask('contacts?$select=fullname', { headers: { prefer: 'odata.maxpagesize=50' } })
const id = 'eeeeeeee-0000-4000-8000-000000000001'

test('answers in the service’s place: throttling, errors, web pages and any body that is asked for', async () => {
  await strike([
    { kind: '429', retryAfter: null },
    { kind: '503', retryAfter: 3 },
    { kind: 'html' },
    { kind: 'error-200' },
  ])
  const throttled = await page()
  assert.deepEqual([throttled.status, throttled.headers.get('retry-after')], [429, null])
  const down = await page()
  assert.deepEqual([down.status, down.headers.get('retry-after')], [503, '3'])
  const html = await page()
  assert.match(html.headers.get('content-type')!, /text\/html/)
  assert.deepEqual([html.status, html.text.startsWith('<!DOCTYPE')], [200, true])
  const wolf = await page()
  assert.deepEqual([wolf.status, wolf.json.error.code], [200, '0x80040216'])
  await strike({ kind: 'body', body: '{"value":[1,]}', match: 'contacts?' })
  assert.equal((await page()).text, '{"value":[1,]}')
  await strike({ kind: 'body', base64: Buffer.from([0x7b, 0xff]).toString('base64') })
  assert.notEqual((await page()).text, '{')
  assert.equal((await page()).status, 200)
})

test('a fault waits, strikes as often as it is told, and meets what it names', async () => {
  await strike({ kind: '503', match: '/GET .*accounts/', after: 1, times: 2 })
  const accounts = async () => (await asked.ask('accounts?$top=1')).status
  assert.equal((await page()).status, 200)
  assert.deepEqual([await accounts(), await accounts(), await accounts(), await accounts()], [200, 503, 503, 200])
  await strike({ kind: '503', on: 'whoami', times: 0 })
  for (let i = 0; i < 3; i++) assert.equal((await asked.ask('WhoAmI')).status, 503)
  await asked.control('DELETE', '/faults')
  assert.equal((await asked.ask('WhoAmI')).status, 200)
})

test('bodies are cut short, with a good length or with the connection', async () => {
  await strike({ kind: 'truncate' })
  const short = await page()
  assert.equal(short.status, 200)
  assert.throws(() => short.json)
  await strike({ kind: 'cut-body' })
  await assert.rejects(page())
  await strike({ kind: 'drop' })
  await assert.rejects(page())
})

test('next links lead elsewhere, slow answers take their time', async () => {
  await strike({ kind: 'foreign-next-link', host: 'http://foreign.example' })
  assert.match(
    (await page()).json['@odata.nextLink'] as string,
    /^http:\/\/foreign\.example\/api\/data\/v9\.2\/contacts\?/,
  )
  for (const kind of ['latency', 'slow-body']) {
    await strike({ kind, ms: 300 })
    const started = performance.now()
    assert.equal((await page()).status, 200)
    assert.ok(performance.now() - started >= 250)
  }
})

test('a write whose connection was cut was done, or not, or is done later', async () => {
  const put = (name: string) => asked.ask(`contacts(${id})`, { method: 'PATCH', body: { lastname: name } })
  const name = async () => (await asked.ask(`contacts(${id})`)).json.lastname
  await strike({ kind: 'drop-before', on: 'write' })
  await assert.rejects(put('Never'))
  assert.equal((await asked.ask(`contacts(${id})`)).status, 404)
  await strike({ kind: 'drop-after' })
  await assert.rejects(put('Unheard'))
  assert.equal(await name(), 'Unheard')
  await strike({ kind: 'late-commit', ms: 1_500 })
  await assert.rejects(put('Late'))
  assert.equal(await name(), 'Unheard')
  await until('the late commit', async () => (await name()) === 'Late')
  const { writes } = (await asked.control('GET', '/requests')) as unknown as {
    writes: { id: string; cut: boolean; status: number }[]
  }
  assert.deepEqual(
    writes.filter((w) => w.id === id).map((w) => [w.status, w.cut]),
    [
      [204, true],
      [204, true],
    ],
  )
})

test('rights, columns, tokens and the clock are taken away and given back', async () => {
  await strike({ kind: 'privilege-lost', entity: 'contact' })
  assert.deepEqual([(await page()).json.error.code, (await asked.ask('accounts?$top=1')).status], ['0x80040220', 200])
  await strike({ kind: 'column-removed', entity: 'account', column: 'fax' })
  assert.match((await asked.ask('accounts?$select=fax')).json.error.message, /'fax'/)
  await strike({ kind: 'clock-skew', minutes: 10 })
  const { headers } = await asked.ask('WhoAmI')
  assert.ok(Date.parse(headers.get('date')!) - Date.now() > 9 * 60_000)
  await asked.records({ entity: 'account', operation: 'create', id, fields: { name: 'Ahead' } })
  const ahead = (await asked.ask(`accounts(${id})`)).json.modifiedon as string
  assert.ok(Date.parse(ahead) - Date.now() > 9 * 60_000)
  await asked.control('DELETE', '/faults')
  assert.equal((await page()).status, 200)
  assert.equal((await asked.ask('accounts?$select=fax&$top=1')).status, 200)
  await strike({ kind: 'token-rejected' })
  assert.deepEqual([(await page()).status, (await page()).status], [401, 200])
})

test('an expired delta token is told once, to a delta read only', async () => {
  await strike({ kind: 'delta-expired' })
  const { json } = await asked.ask('accounts?$select=name', { headers: { prefer: 'odata.track-changes' } })
  const link = json['@odata.deltaLink'] as string
  assert.equal((await asked.ask(link)).json.error.code, '0x80044352')
  assert.equal((await asked.ask(link)).status, 200)
})

test('the token endpoint fails when it is named', async () => {
  await strike({ kind: '503', on: 'token' })
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  const url = `${asked.running.authority}/${asked.running.tenant}/oauth2/v2.0/token`
  assert.equal((await fetch(url, { method: 'POST', body: form })).status, 503)
})

test('service protection refuses the request beyond its limit and says how long to wait', async () => {
  await asked.control('POST', '/limits', { protection: { requests: 5, windowSeconds: 5 } })
  const statuses: number[] = []
  for (let i = 0; i < 7; i++) statuses.push((await asked.ask('WhoAmI')).status)
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429])
  const refused = await asked.ask('WhoAmI')
  assert.deepEqual([refused.json.error.code, Number(refused.headers.get('retry-after')) > 0], ['0x80072322', true])
  await until('the window to slide', async () => (await asked.ask('WhoAmI')).status === 200)
  await asked.control('POST', '/limits', { protection: { requests: 6000, windowSeconds: 300, concurrent: 3 } })
  await strike({ kind: 'slow-body', ms: 1_500, on: 'whoami', times: 0 })
  const many = await Promise.all(Array.from({ length: 6 }, () => asked.ask('WhoAmI')))
  const codes = many.filter((a) => a.status === 429).map((a) => a.json.error.code)
  assert.deepEqual([codes.length, new Set(codes)], [3, new Set(['0x80072326'])])
  await asked.control('DELETE', '/faults')
  await asked.control('POST', '/limits', { protection: true })
  const { headers } = await asked.ask('WhoAmI')
  assert.equal(headers.get('x-ms-ratelimit-burst-remaining-xrm-requests'), '5999')
})
