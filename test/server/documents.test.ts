import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HubError } from '#core/errors.ts'
import { errorReply, toHubError } from '#server/plugins/errors.ts'
import { serveHub } from './served-hub.ts'

type Node = Record<string, unknown>

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit)
  else if (typeof node === 'object' && node !== null) {
    visit(node as Node)
    for (const value of Object.values(node)) walk(value, visit)
  }
}

test('The OpenAPI document is whole: every reference leads somewhere, every route has its answers', async (t) => {
  const hub = await serveHub(t)
  const { status, json: document, headers } = await hub.ask('/api/openapi.json', { key: null })
  assert.equal(status, 200)
  assert.match(headers.get('content-type')!, /^application\/json/)
  assert.match(document.openapi, /^3\.1\./)
  assert.ok(document.info.title && document.info.version)
  const references: string[] = []
  walk(document, (node) => {
    if (typeof node.$ref === 'string') references.push(node.$ref)
  })
  for (const reference of references) {
    const target = reference
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((node, key) => (node as Node | undefined)?.[key], document)
    assert.ok(target, `${reference} leads nowhere`)
  }
  for (const [path, methods] of Object.entries<Record<string, Node>>(document.paths)) {
    assert.ok(path.startsWith('/api/v1/'), path)
    for (const [method, operation] of Object.entries(methods)) {
      const answers = Object.keys(operation.responses as Node)
      assert.ok(answers.includes('4XX') || answers.includes('4xx'), `${method} ${path}: ${answers}`)
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const known = ((operation.parameters ?? []) as { in: string; name: string }[])
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name)
      assert.deepEqual(known.sort(), names.sort(), `${method} ${path}`)
    }
  }
})

test('Errors have one shape: code, message, and the field that is meant', async (t) => {
  const hub = await serveHub(t)
  const cases: [string, RequestInit & { json?: unknown }, number, string, string?][] = [
    ['/api/v1/nothing', {}, 404, 'resource.not_found'],
    ['/api/v1/records?limit=0', {}, 400, 'input.invalid', 'limit'],
    ['/api/v1/records?cursor=nonsense', {}, 400, 'input.invalid', 'cursor'],
    ['/api/v1/records/nonsense', {}, 400, 'input.invalid', 'id'],
    ['/api/v1/records/00000000-0000-4000-8000-000000000000', {}, 404, 'record.not_found'],
    ['/api/v1/connections/00000000-0000-4000-8000-000000000000', {}, 404, 'connection.not_found'],
    ['/api/v1/keys', { json: { name: '', scopes: ['read:status'] } }, 400, 'input.invalid', 'name'],
    ['/api/v1/keys', { json: { name: 'x', scopes: ['read:everything'] } }, 400, 'input.invalid', 'scopes.0'],
    ['/api/v1/keys', { method: 'POST', body: '{"name":', headers: json }, 400, 'input.invalid'],
    ['/api/v1/keys', { method: 'POST', body: 'name=x', headers: form }, 400, 'input.invalid'],
    ['/api/v1/keys', { method: 'POST' }, 400, 'input.invalid'],
    ['/api/v1/keys', { method: 'POST', body: '{"__proto__":{"x":1}}', headers: json }, 400, 'input.invalid'],
    ['/api/v1/keys', { method: 'POST', body: `"${'x'.repeat(1024 * 1024)}"`, headers: json }, 413, 'input.too_large'],
    ['/api/v1/lookup', {}, 400, 'input.invalid'],
    ['/api/v1/lookup?phone=1&name=x', {}, 400, 'input.invalid'],
    [`/api/v1/lookup?phone=${'1'.repeat(201)}`, {}, 400, 'input.invalid', 'phone'],
    ['/api/v1/changes?cursor=1', {}, 400, 'input.invalid', 'cursor'],
    ['/api/v1/writes', { json: { operation: 'create' } }, 400, 'input.invalid', 'connection'],
    [
      '/api/v1/connections',
      { json: { crm: 'abacus', url: 'x', authentication: { settings: {}, secret: 'x' } } },
      400,
      'input.invalid',
      'crm',
    ],
  ]
  for (const [path, init, status, code, field] of cases) {
    const reply = await hub.ask(path, init)
    const what = `${init.method ?? ''} ${path.slice(0, 80)}: ${reply.text.slice(0, 300)}`
    assert.equal(reply.status, status, what)
    assert.equal(reply.json.error.code, code, what)
    assert.ok(reply.json.error.message.length > 0, what)
    if (field !== undefined) assert.equal(reply.json.error.field, field, what)
    assert.equal(reply.headers.get('cache-control')?.includes('no-store') ?? path === '/api/v1/nothing', true, what)
  }
})
const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

test('What nobody foresaw tells its code and a number to look it up by, and no more', () => {
  const error = toHubError(new Error('column secret_thing does not exist at /srv/hub/src/x.ts'))
  const { error: told } = errorReply(error, 'the id')
  assert.equal(error.status, 500)
  assert.deepEqual(Object.keys(told).sort(), ['code', 'message', 'requestId'])
  assert.ok(!JSON.stringify(told).includes('secret_thing'))
})

test('A vendor’s own words go along, without secrets', () => {
  const error = new HubError('write.refused', 'Dynamics refused', {
    mend: 'Look at the field',
    field: 'telephone1',
    vendorStatus: 400,
    vendorCode: '0x80040203',
    vendorText: 'bad request with Authorization: Bearer abcdefghijklmnop',
    retryAt: Date.UTC(2026, 0, 1),
  })
  const { error: told } = errorReply(error)
  assert.equal(told.retryAt, '2026-01-01T00:00:00.000Z')
  assert.equal(told.vendor?.code, '0x80040203')
  assert.ok(!told.vendor?.text?.includes('abcdefghijklmnop'))
})

test('Answers forbid what a browser need not do with them', async (t) => {
  const hub = await serveHub(t)
  for (const path of ['/', '/api/openapi.json']) {
    const { headers } = await hub.ask(path)
    assert.match(
      headers.get('content-security-policy')!,
      /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
    )
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
  }
  for (const path of ['/api/v1/status', '/api/v1/lookup?name=someone', '/api/v1/records', '/api/v1/records/x']) {
    const { headers } = await hub.ask(path)
    assert.equal(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
  }
})

test('An address of the console gives its page, and nothing outside its folder', async (t) => {
  const hub = await serveHub(t)
  const page = await hub.ask('/records/1', { key: null })
  assert.ok([200, 503].includes(page.status), String(page.status))
  assert.match(page.text, /<!doctype html>/i)
  if (page.status === 503) assert.match(page.text, /npm run build:web/)
  for (const path of [
    '/api',
    '/api/v2/x',
    '/hooks/x',
    '/assets/none.js',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/.env',
    '/none.txt',
  ]) {
    const reply = await hub.ask(path, { key: null })
    assert.ok([400, 403, 404].includes(reply.status), `${path} ${reply.status}`)
    assert.ok(!reply.text.includes('"dependencies"'), path)
    assert.notEqual(reply.headers.get('cache-control')?.includes('immutable'), true)
  }
})

test('Machines can ask how it is: alive, ready, figures', async (t) => {
  const hub = await serveHub(t)
  assert.deepEqual((await hub.ask('/livez', { key: null })).json, { alive: true })
  assert.deepEqual((await hub.ask('/readyz', { key: null })).json, {
    ready: true,
    checks: { database: true, lookUpsWritten: true },
  })
  await hub.ask('/api/v1/lookup?phone=%2B32470123456')
  const { text, headers } = await hub.ask('/metrics', { key: null })
  assert.match(headers.get('content-type')!, /^text\/plain/)
  assert.match(text, /^jackfield_lookup_seconds_count 1$/m)
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m)
  for (const name of [
    'jackfield_records',
    'jackfield_waiting',
    'jackfield_vendor_calls_total',
    'jackfield_door_requests_total',
  ]) {
    assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'))
  }
  const behindProxy = await hub.ask('/metrics', { key: null, headers: { 'x-forwarded-for': '203.0.113.9' } })
  assert.equal(behindProxy.status, 401)
  const withKey = await hub.ask('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })
  assert.equal(withKey.status, 200)
})

test('A process that only works has no doors but those for machines', async (t) => {
  const hub = await serveHub(t, { role: 'work' })
  assert.equal((await hub.ask('/readyz', { key: null })).status, 200)
  for (const path of ['/', '/api/v1/status', '/api/openapi.json']) assert.equal((await hub.ask(path)).status, 404, path)
})
