import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { HubProcess, Reply } from '../support/processes.ts'
import { connectedHub, copied } from './connected-hub.ts'

interface Operation {
  path: string
  method: string
  parameters: { name: string; in: string }[]
}

const examples: Record<string, string> = { entity: 'contact', crm: 'dynamics', act: 'pause' }
const filled = (path: string) => path.replace(/\{(\w+)\}/g, (_, name: string) => examples[name] ?? randomUUID())

/** Every route as the hub's own document lists it. */
async function operations(hub: HubProcess): Promise<Operation[]> {
  const { json } = await hub.ask('/api/openapi.json', { key: null })
  const paths = Object.entries(json.paths as Record<string, Record<string, { parameters?: [] }>>)
  return paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      path,
      method: method.toUpperCase(),
      parameters,
    })),
  )
}

/** An answer that was meant: no fault of the hub, in the one form of errors, and silent about its inside. */
function assertMeant(reply: Reply, what: string): void {
  assert.ok(reply.status < 500, `${what}: ${reply.status} ${reply.text.slice(0, 300)}`)
  if (reply.status < 400) return
  // A provider is told as OpenID Connect Back-Channel Logout 1.0 §2.8 has it.
  const told = typeof reply.json?.error === 'string' ? `provider.${reply.json.error}` : reply.json?.error?.code
  assert.match(told ?? '', /^[a-z]+\.[a-z_]+$/, `${what}: ${reply.text.slice(0, 300)}`)
  assert.doesNotMatch(reply.text, /node_modules|\/src\/|syntax error|invalid input syntax|jackfield\./, what)
}

const poisons = [
  `'`,
  `' or '1'='1`,
  `'; drop table jackfield.record; --`,
  `1) union select hash from jackfield.api_key --`,
  '\0',
  '%',
  '$1',
  '💥',
  'x'.repeat(10_000),
  '-1',
  '1e309',
  'NaN',
  '99999999999999999999999',
  '[object Object]',
  '../../etc/passwd',
  '{"$gt":""}',
]

/** Of the form that each kind of cursor has, but none that the hub gave. */
const forgedCursors = [
  '1.------------------------------------',
  '0.1.------------------------------------',
  '0.999999999999999999.------------------------------------',
  '9999999999999999999.9999999999999999999',
  '1.9223372036854775808',
  '999999999999999999999999',
]

/** Sends bytes as they are; answers the head and the body of what comes back. */
function send(hub: HubProcess, text: string): Promise<{ status: number; head: string; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(hub.url).port), '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk
    })
    // A hub that refuses a head closes while it is still being sent.
    socket.on('error', () => undefined)
    socket.setTimeout(60_000, () => reject(new Error('No answer within a minute')))
    socket.once('close', () => {
      const [head = '', body = ''] = answer.split(/\r\n\r\n([\s\S]*)/)
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body })
    })
    socket.write(text)
  })
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n`

test('Hostile requests are refused in words, change nothing and stop nothing', async (t) => {
  const world = await connectedHub(t)
  const { hub, key, connection } = world
  await copied(world)
  const held = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records
  assert.ok(held.length > 0)
  const all = await operations(hub)
  assert.ok(all.length > 40, `only ${all.length} routes are documented`)

  await t.test('in the query and in the path', async () => {
    for (const { path, method, parameters } of all) {
      if (method !== 'GET' || path.endsWith('/live')) continue
      for (const parameter of parameters) {
        for (const poison of poisons) {
          const text = encodeURIComponent(poison)
          const inPath = filled(path.replace(`{${parameter.name}}`, text))
          const asked = parameter.in === 'path' ? inPath : `${filled(path)}?${parameter.name}=${text}`
          assertMeant(await hub.ask(asked), `GET ${asked.slice(0, 120)}`)
        }
      }
    }
  })

  await t.test('as cursors that the hub never gave', async () => {
    for (const { path, method, parameters } of all) {
      if (method !== 'GET' || !parameters.some(({ name }) => name === 'cursor')) continue
      for (const cursor of forgedCursors)
        assertMeant(await hub.ask(`${filled(path)}?cursor=${cursor}`), `${path} ${cursor}`)
    }
    const headers = { 'last-event-id': forgedCursors[3]!, authorization: `Bearer ${key}` }
    const live = await fetch(`${hub.url}/api/v1/live`, { headers })
    assert.equal(live.status, 200)
    await live.body?.cancel()
  })

  await t.test('in bodies of the wrong form', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const bodies: [what: string, body: string | Uint8Array<ArrayBuffer>, type?: string, status?: number][] = [
      ['an array', '[]'],
      ['null', 'null'],
      ['half a text', '{"name":'],
      ['deep', deep, 'application/json', 400],
      ['deep and well-formed', `{"filter":${'{"all":['.repeat(20_000)}{}${']}'.repeat(20_000)}}`],
      ['a prototype', '{"__proto__":{"admin":true}}', 'application/json', 400],
      ['a constructor', '{"constructor":{"prototype":{"admin":true}}}', 'application/json', 400],
      ['no UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'application/json', 400],
      ['a form', 'name=a&scopes=all', 'application/x-www-form-urlencoded', 400],
      ['no JSON by its type', '{}', 'text/plain', 400],
      ['parts', '--x\r\n\r\n--x--', 'multipart/form-data; boundary=x', 400],
      ['too large', JSON.stringify('x'.repeat(1_100_000)), 'application/json', 413],
    ]
    for (const { path, method } of all) {
      if (method === 'GET') continue
      for (const [what, body, type = 'application/json', status] of bodies) {
        const reply = await hub.ask(filled(path), { method, body, headers: { 'content-type': type } })
        assertMeant(reply, `${method} ${path}, ${what}`)
        if (status !== undefined) assert.equal(reply.status, status, `${method} ${path}, ${what}: ${reply.text}`)
      }
    }
  })

  await t.test('as texts that no database keeps as they are', async () => {
    const before = (await hub.ask(`/api/v1/connections/${connection}`)).json.name
    for (const name of ['a\0b', 'a\ud800b', '\udc00']) {
      const asked: [string, string, object][] = [
        ['POST', '/api/v1/keys', { name, scopes: ['read:status'] }],
        ['PATCH', `/api/v1/connections/${connection}`, { name }],
        ['PATCH', `/api/v1/connections/${connection}/tables/contact`, { columns: [name] }],
        ['POST', '/api/v1/writes', { operation: 'update', record: held[0].id, fields: { description: name } }],
        ['POST', '/api/v1/writes', { operation: 'update', record: held[0].id, fields: { [name]: 'x' } }],
      ]
      for (const [method, path, json] of asked) {
        const reply = await hub.ask(path, { method, json })
        assert.equal(reply.status, 400, `${path}: ${reply.text}`)
        assert.equal(reply.json.error.code, 'input.invalid')
      }
    }
    assert.equal((await hub.ask(`/api/v1/connections/${connection}`)).json.name, before)
    for (const expectedMark of ['9223372036854775808', '9'.repeat(40), `1${'.1'.repeat(80)}`]) {
      const json = { operation: 'update', record: held[0].id, fields: { description: 'x' }, expectedMark }
      assertMeant(await hub.ask('/api/v1/writes', { json }), expectedMark)
    }
  })

  await t.test('as names that a terminal would act on', async () => {
    for (const name of ['a\nb', 'a\x1b[31mb', 'a\x9bb', 'a\u2028b']) {
      const asked: [string, string, object][] = [
        ['POST', '/api/v1/keys', { name, scopes: ['read:status'] }],
        ['PATCH', `/api/v1/connections/${connection}`, { name }],
      ]
      for (const [method, path, json] of asked) {
        const reply = await hub.ask(path, { method, json })
        assert.equal(reply.status, 400, `${path}: ${reply.text}`)
        assert.equal(reply.json.error.field, 'name')
      }
    }
  })

  await t.test('as a write with a condition that is misspelt', async () => {
    const json = { operation: 'update', record: held[0].id, fields: { description: 'x' }, ifMark: '1' }
    const reply = await hub.ask('/api/v1/writes', { json })
    assert.equal(reply.status, 400, reply.text)
    assert.match(reply.json.error.message, /ifMark/)
  })

  await t.test('as a body that its sender cuts off, which is no fault of the database', async () => {
    const socket = connect(Number(new URL(hub.url).port), '127.0.0.1')
    socket.write(
      `POST /api/v1/writes HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
      () => setTimeout(() => socket.resetAndDestroy(), 100),
    )
    await new Promise((resolve) => socket.once('close', resolve))
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.doesNotMatch(hub.printed(), /request failed/)
  })

  await t.test('for files that are none of the console’s', async () => {
    const climbs = [
      '/../../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/../../package.json',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
      '/assets/..%5c..%5c..%5cpackage.json',
      '/assets//etc/passwd',
      '/.git/config',
      '/%00.html',
      '/index.html%00.js',
      '/%2fetc%2fpasswd.txt',
    ]
    for (const path of climbs) {
      const { status, body } = await send(hub, get(path))
      assert.ok(status === 404 || status === 400, `${path}: ${status}`)
      assert.match(JSON.parse(body).error.code, /^(resource\.not_found|input\.invalid)$/, path)
    }
    for (const path of [
      '/api',
      '/api/v1',
      '/api/v1/nothing',
      '/api/v2/status',
      '/hooks',
      '/nothing.js',
      '/%',
      '/%E0%A4',
    ]) {
      const { status, body } = await send(hub, get(path))
      assert.ok(status === 404 || status === 400, `${path}: ${status}`)
      assert.ok(JSON.parse(body).error.code, `${path}: ${body}`)
    }
  })

  await t.test('in the head', async () => {
    const large = await send(hub, `GET / HTTP/1.1\r\nhost: hub\r\nx-large: ${'x'.repeat(100_000)}\r\n\r\n`)
    assert.equal(large.status, 431)
    const smuggled = `POST /api/v1/keys HTTP/1.1\r\nhost: hub\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`
    assert.equal((await send(hub, smuggled)).status, 400)
    assert.equal((await send(hub, '\x16\x03\x01\x02garbage\r\n\r\n')).status, 400)
    for (const method of ['OPTIONS', 'TRACE', 'PROPFIND']) {
      const { status, head } = await send(
        hub,
        `${method} /api/v1/keys HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n`,
      )
      assert.equal(status, 404, method)
      assert.doesNotMatch(head, /access-control/i)
    }
    const authorised = `authorization: Bearer ${key}\r\nconnection: close\r\n\r\n`
    const head = await send(hub, `HEAD /api/v1/records HTTP/1.1\r\nhost: hub\r\n${authorised}`)
    assert.deepEqual([head.status, head.body], [200, ''])
    // A stream has no head to ask for alone: it would hold a place and say nothing.
    assert.equal((await send(hub, `HEAD /api/v1/live HTTP/1.1\r\nhost: hub\r\n${authorised}`)).status, 404)
  })

  await t.test('and no browser takes an answer for a page of its own', async () => {
    const asked: [path: string, key?: null][] = [
      ['/api/v1/records?entity=contact'],
      ['/api/v1/records', null],
      ['/api/v1/nothing', null],
      ['/api/v1/lookup?name=%3Cscript%3Ealert(1)%3C/script%3E'],
      [`/api/v1/records/${randomUUID()}`],
      ['/api/openapi.json', null],
      ['/', null],
    ]
    for (const [path, given] of asked) {
      const { headers } = await hub.ask(path, given === null ? { key: null } : {})
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/, path)
      assert.match(headers.get('content-type') ?? '', path === '/' ? /^text\/html/ : /^application\/json/, path)
      if (path.startsWith('/api/v1')) assert.equal(headers.get('cache-control'), 'no-store', path)
    }
  })

  const after = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records
  assert.deepEqual(
    after.map((record: { id: string }) => record.id),
    held.map((record: { id: string }) => record.id),
  )
  assert.doesNotMatch(hub.printed(), /"level":"error"/)
})
