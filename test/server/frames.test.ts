import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newAccount, openPage, type Page } from '../people/page.ts'
import { type Reply, type ServedHub, serveHub } from './served-hub.ts'

const csp = (reply: Reply) => /frame-ancestors ([^;]*)/.exec(reply.headers.get('content-security-policy') ?? '')?.[1]

test('The panel in a page of another site', { timeout: 240_000 }, async (t) => {
  const hub = await serveHub(t)
  await t.test('stands in no page but the hub’s own until somebody lets it', () => framing(hub))
  await t.test('takes origins alone, and no change upon what others changed', () => settings(hub))
  await t.test('gets a session of its own out of a window of the hub', () => session(hub))
  await t.test('may do what it needs and no more, for pages of the hub alone', () => limits(hub))
  await t.test('is signed out with the window that let it in', () => ended(hub))
})

async function framing(hub: ServedHub): Promise<void> {
  const panel = () => hub.ask('/desktop/panel?x=1', { key: null })
  assert.equal(csp(await panel()), "'self'")
  assert.equal((await panel()).headers.get('x-frame-options'), null)
  const json = { frameOrigins: ['https://Phone.example.com', 'http://localhost:5173'], teams: true, version: 0 }
  const changed = await hub.ask('/api/v1/desktop/settings', { method: 'PUT', json })
  assert.deepEqual(
    [changed.status, changed.json],
    [200, { frameOrigins: ['https://phone.example.com', 'http://localhost:5173'], teams: true, version: 1 }],
  )
  assert.equal(
    csp(await panel()),
    "'self' https://phone.example.com http://localhost:5173 https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft",
  )
  for (const path of ['/', '/desktop', '/desktop/panel/', '/desktop/let-in', '/desktop/panel/x', '/desktop/%70anel']) {
    const reply = await hub.ask(path, { key: null })
    assert.deepEqual([path, csp(reply), reply.headers.get('x-frame-options')], [path, "'none'", 'DENY'])
  }
  const opener = async (path: string) => (await hub.ask(path, { key: null })).headers.get('cross-origin-opener-policy')
  assert.deepEqual([await opener('/desktop/let-in'), await opener('/desktop/panel')], ['unsafe-none', 'same-origin'])
}

async function settings(hub: ServedHub): Promise<void> {
  const put = async (json: object) => {
    const reply = await hub.ask('/api/v1/desktop/settings', { method: 'PUT', json })
    return [reply.status, reply.json.error?.code]
  }
  const bad = ['http://phone.example.com', 'https://*.example.com', 'https://a.example/path', "https://a;script-src'x'"]
  for (const origin of [...bad, 'https://u:p@a.example', 'javascript:alert(1)', "'self'", '*', 'https://a.example b'])
    assert.deepEqual(await put({ frameOrigins: [origin], teams: false, version: 1 }), [400, 'input.invalid'], origin)
  assert.deepEqual(await put({ frameOrigins: [], teams: false, version: 0 }), [409, 'settings.changed'])
  const key = await hub.newKey('use:desktop')
  const denied = await hub.ask('/api/v1/desktop/settings', { key })
  assert.equal(denied.status, 403)
  const { json } = await hub.ask('/api/v1/desktop/embedding', { key })
  assert.ok(json.origins.includes('https://phone.example.com'))
}

/** What a browser says of a request that a page of the hub makes. */
const own = { 'sec-fetch-site': 'same-origin' }

async function letIn(hub: ServedHub, page: Page): Promise<{ panel: Page; ticket: string; cookie: string }> {
  const { status, json } = await page.post('/desktop/frame-tickets')
  assert.equal(status, 201)
  const panel = openPage(hub, own)
  const entered = await panel.post('/session/frame', { ticket: json.ticket })
  assert.equal(entered.status, 200, JSON.stringify(entered.json))
  return { panel, ticket: json.ticket, cookie: entered.headers.get('set-cookie') ?? '' }
}

async function session(hub: ServedHub): Promise<void> {
  const { page, id } = await newAccount(hub, 'ann@example.org')
  const { panel, ticket, cookie } = await letIn(hub, page)
  for (const attribute of ['HttpOnly', 'Secure', 'SameSite=None', 'Partitioned', 'Path=/'])
    assert.ok(cookie.includes(attribute), cookie)
  assert.equal((await panel.get('/session')).json.id, id)
  const again = await openPage(hub, own).post('/session/frame', { ticket })
  assert.deepEqual([again.status, again.json.error.code], [401, 'auth.required'])
  const foreign = await openPage(hub).ask('POST', '/session/frame', { ticket }, { origin: 'https://evil.example' })
  assert.equal(foreign.status, 403)
  const { rowCount } = await hub.hub.pool.query("update jackfield.frame_ticket set expires_at = now() - interval '1 s'")
  assert.equal(rowCount, 0)
  const late = (await page.post('/desktop/frame-tickets')).json.ticket
  await hub.hub.pool.query("update jackfield.frame_ticket set expires_at = now() - interval '1 s'")
  assert.equal((await openPage(hub, own).post('/session/frame', { ticket: late })).status, 401)
  const { acts } = (await hub.ask('/api/v1/audit-log?act=person.let_in_frame')).json
  assert.deepEqual([acts[0].actor.id, acts[0].outcome], [id, 'done'])
  // A new token comes in the frame's own cookie.
  await hub.hub.pool.query(`update jackfield.session set token_at = now() - interval '61 minutes'`)
  hub.hub.credentials.forget()
  const renewed = await panel.get('/session')
  assert.match(renewed.headers.get('set-cookie') ?? '', /-frame=.*Partitioned/)
  assert.equal((await panel.get('/session')).status, 200)
}

async function limits(hub: ServedHub): Promise<void> {
  const { page } = await newAccount(hub, 'boss@example.org', ['administrator'])
  const { panel } = await letIn(hub, page)
  const { permissions } = (await panel.get('/session')).json
  assert.deepEqual(permissions.toSorted(), ['read:records', 'use:desktop', 'write:records'])
  for (const path of ['/people', '/keys', '/me', '/me/sessions', '/desktop/settings'])
    assert.deepEqual([path, (await panel.get(path)).status], [path, 403])
  assert.equal((await panel.ask('PATCH', '/me', { name: 'Other' })).status, 403)
  assert.equal((await panel.post('/desktop/frame-tickets')).status, 403)
  assert.equal((await panel.get('/records')).status, 200)
  // What the page around it asks for carries the cookie too.
  for (const site of ['cross-site', 'same-site', 'none'])
    assert.equal((await panel.ask('GET', '/session', undefined, { 'sec-fetch-site': site })).status, 401, site)
  const forged = await panel.ask('DELETE', '/session', undefined, { origin: 'https://phone.example.com' })
  assert.equal(forged.status, 403)
  const key = await hub.newKey('use:desktop')
  assert.equal((await hub.ask('/api/v1/desktop/frame-tickets', { method: 'POST', key })).status, 400)
}

async function ended(hub: ServedHub): Promise<void> {
  const { page } = await newAccount(hub, 'cat@example.org')
  const { panel } = await letIn(hub, page)
  const other = await letIn(hub, page)
  assert.equal((await panel.ask('DELETE', '/session')).status, 204)
  assert.equal((await panel.get('/session')).status, 401)
  assert.equal((await other.panel.get('/session')).status, 200)
  assert.equal((await page.get('/session')).status, 200)
  assert.equal((await page.ask('DELETE', '/session')).status, 204)
  assert.equal((await other.panel.get('/session')).status, 401)
}
