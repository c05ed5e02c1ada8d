import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { permissions as scopes } from '#model/permission.ts'
import { Scope } from '#server/contract/keys.ts'
import { serveHub, until } from './served-hub.ts'

interface Operation {
  path: string
  method: string
  /** Whom the document says that it admits. */
  admits: string[]
}

/** Every route of the API as its own document lists them, with made-up ids. */
type Documented = Record<string, { 'x-access': string[] }>

async function operations(document: { paths: Record<string, Documented> }): Promise<Operation[]> {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      admits: described['x-access'],
      path: path.replace(/\{(\w+)\}/g, (_, name) => examples[name] ?? '00000000-0000-4000-8000-000000000000'),
      method: method.toUpperCase(),
    })),
  )
}
const examples: Record<string, string> = { entity: 'contact', crm: 'dynamics', act: 'pause' }

/** What somebody may ask who is not signed in; without a body that fits, and from a page of nobody, it is refused. */
const waysIn = new Set(
  [
    '/session',
    '/session/password',
    '/session/second-step',
    '/session/second-step/options',
    '/session/passkey',
    '/session/frame',
    '/session/passkey/options',
    '/invitations/show',
    '/invitations/accept',
    '/sign-on/00000000-0000-4000-8000-000000000000/backchannel-logout',
  ].map((path) => `POST /api/v1${path}`),
)

/** Read by whoever is not signed in yet: which providers there are, by name, and the way to one and back; this is none. */
const readOpen = new Map([
  ['GET /api/v1/sign-on/providers', 200],
  [`GET /api/v1/sign-on/00000000-0000-4000-8000-000000000000/start`, 400],
  [`GET /api/v1/sign-on/00000000-0000-4000-8000-000000000000/callback`, 400],
  [`POST /api/v1/sign-on/00000000-0000-4000-8000-000000000000/backchannel-logout`, 400],
  // Led to the console, which says that nothing was begun.
  [`GET /api/v1/consents/00000000-0000-4000-8000-000000000000/callback`, 200],
])

test('No route of the API answers a stranger, and each asks for the permission that its document tells', async (t) => {
  const hub = await serveHub(t)
  const { json: document } = await hub.ask('/api/openapi.json', { key: null })
  const all = await operations(document)
  assert.ok(all.length > 40, `only ${all.length} routes are documented`)
  const weak = new Map<string, string>()
  for (const scope of scopes) weak.set(scope, await hub.newKey(scope))

  for (const { path, method } of all) {
    const stranger = await hub.ask(path, { method, key: null })
    const wrong = await hub.ask(path, { method, key: `jf_${'x'.repeat(43)}` })
    const read = readOpen.get(`${method} ${path}`)
    const expected = read ? [read] : waysIn.has(`${method} ${path}`) ? [400, 403] : [401]
    assert.ok(expected.includes(stranger.status), `${method} ${path} to a stranger: ${stranger.status}`)
    assert.ok(expected.includes(wrong.status), `${method} ${path} to an unknown key: ${wrong.status}`)
  }

  for (const { path, method, admits } of all) {
    if (path.endsWith('/live') || admits.includes('open') || admits.includes('signed in')) continue
    const answers = new Map<string, number>()
    for (const [scope, key] of weak) answers.set(scope, (await hub.ask(path, { method, key })).status)
    const admitted = [...answers].filter(([, status]) => status !== 403).map(([scope]) => scope)
    assert.deepEqual(admitted.sort(), [...admits].sort(), `${method} ${path}`)
    // Verifying the audit log changes nothing, and takes long.
    if (method === 'GET' || path.endsWith('/audit-log/verify')) continue
    for (const permission of admits) assert.match(permission, /^(write|manage|create|edit|send|use):/)
  }
})

test('The scopes of the contract are those of the keys', () => {
  assert.deepEqual([...Scope.options].sort(), [...scopes].sort())
})

test('A key is kept as a digest, shown once, listed by its end, and stops when it is revoked', async (t) => {
  const hub = await serveHub(t)
  const made = await hub.ask('/api/v1/keys', { json: { name: 'wall board', scopes: ['read:status'] } })
  assert.equal(made.status, 201)
  assert.match(made.json.key, /^jf_[\w-]{43}$/)
  const { rows } = await hub.hub.pool.query('select * from jackfield.api_key where id = $1', [made.json.id])
  assert.ok(!JSON.stringify(rows).includes(made.json.key))
  const listed = await hub.ask('/api/v1/keys')
  assert.ok(!listed.text.includes(made.json.key))
  assert.equal(listed.json.keys.find((key: { id: string }) => key.id === made.json.id).hint, made.json.key.slice(-4))

  assert.equal((await hub.ask('/api/v1/status', { key: made.json.key })).status, 200)
  await until('the use is noted', async () => {
    const list = await hub.ask('/api/v1/keys')
    return list.json.keys.find((key: { id: string }) => key.id === made.json.id).lastUsedAt !== null
  })
  assert.equal((await hub.ask(`/api/v1/keys/${made.json.id}`, { method: 'DELETE' })).status, 204)
  assert.equal((await hub.ask('/api/v1/status', { key: made.json.key })).status, 401)
  assert.ok(!hub.lines.join('').includes(made.json.key))
})

test('A key that another process revoked stops within seconds', async (t) => {
  const hub = await serveHub(t)
  const key = await hub.newKey('read:status')
  assert.equal((await hub.ask('/api/v1/status', { key })).status, 200)
  await hub.hub.pool.query(`update jackfield.api_key set revoked_at = now() where hint = $1`, [key.slice(-4)])
  await until('it is refused', async () => {
    await wait(200)
    return (await hub.ask('/api/v1/status', { key })).status === 401
  })
})

test('Nobody makes a key that may do more than they may', async (t) => {
  const hub = await serveHub(t)
  const key = await hub.newKey('manage:keys')
  const asked = await hub.ask('/api/v1/keys', { key, json: { name: 'more', scopes: ['write:records'] } })
  assert.equal(asked.status, 403)
  assert.equal(asked.json.error.code, 'auth.denied')
})

test('The one-time link signs in once, and its cookie is out of reach of scripts and other sites', async (t) => {
  const hub = await serveHub(t)
  const link = new URL(await hub.signInLink())
  assert.equal(link.origin, hub.url)
  assert.equal(link.search, '')
  const token = link.hash.slice(1)
  const page = { 'x-jackfield': '1' }
  const first = await hub.ask('/api/v1/session', { key: null, json: { token }, headers: page })
  assert.equal(first.status, 200)
  const cookie = first.headers.get('set-cookie')!
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.includes(attribute), cookie)
  const again = await hub.ask('/api/v1/session', { key: null, json: { token }, headers: page })
  assert.equal(again.status, 401)
  assert.match(again.json.error.mend, /jackfield sign-in/)

  const mine = { cookie: cookie.split(';', 1)[0]! }
  const session = await hub.ask('/api/v1/session', { key: null, headers: mine })
  assert.equal(session.json.kind, 'person')
  assert.deepEqual([...session.json.permissions].sort(), [...scopes].sort())
  assert.equal(session.json.sight.all, true)
  const out = await hub.ask('/api/v1/session', { key: null, method: 'DELETE', headers: { ...mine, ...page } })
  assert.equal(out.status, 204)
  assert.equal((await hub.ask('/api/v1/session', { key: null, headers: mine })).status, 401)
})

test('Of two who use one link at the same time, one is signed in', async (t) => {
  const hub = await serveHub(t)
  const token = new URL(await hub.signInLink()).hash.slice(1)
  const tries = Array.from({ length: 8 }, () =>
    hub.ask('/api/v1/session', { key: null, json: { token }, headers: { 'x-jackfield': '1' } }),
  )
  const statuses = (await Promise.all(tries)).map((reply) => reply.status)
  assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join())
})

test('A link that is over signs nobody in', async (t) => {
  const hub = await serveHub(t)
  const token = new URL(await hub.signInLink()).hash.slice(1)
  await hub.hub.pool.query(`update jackfield.sign_in_link set expires_at = now() - interval '1 second'`)
  const late = await hub.ask('/api/v1/session', { key: null, json: { token }, headers: { 'x-jackfield': '1' } })
  assert.equal(late.status, 401)
})

test('A page of another site cannot act with the cookie of someone who is signed in', async (t) => {
  const hub = await serveHub(t)
  const token = new URL(await hub.signInLink()).hash.slice(1)
  const forgedSignIn = await hub.ask('/api/v1/session', {
    key: null,
    json: { token },
    headers: { origin: 'https://evil.example' },
  })
  assert.equal(forgedSignIn.status, 403)
  const signedIn = await hub.ask('/api/v1/session', { key: null, json: { token }, headers: { origin: hub.url } })
  assert.equal(signedIn.status, 200)
  const cookie = signedIn.headers.get('set-cookie')!.split(';', 1)[0]!
  const body = { name: 'x', scopes: ['read:status'] }
  const from = async (headers: Record<string, string>) =>
    (await hub.ask('/api/v1/keys', { key: null, json: body, headers: { cookie, ...headers } })).status
  assert.equal(await from({ origin: 'https://evil.example' }), 403)
  assert.equal(await from({ origin: 'null' }), 403)
  assert.equal(await from({}), 403)
  assert.equal(await from({ origin: hub.url }), 201)
  assert.equal(await from({ 'x-jackfield': '1' }), 201)
  const preflight = await hub.ask('/api/v1/keys', {
    key: null,
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  })
  assert.equal(preflight.headers.get('access-control-allow-origin'), null)
})
