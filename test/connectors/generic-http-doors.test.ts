import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { type RunningHttp, startHttp } from '../../simulators/http/server.ts'
import { type Reply, type ServedHub, serveHub, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { inputFor, type Shape } from './http-hub.ts'

interface World {
  api: RunningHttp
  hub: ServedHub
  connection: string
  secret: string
  control(path: string, body: unknown): Promise<unknown>
  /** What the hub shows of a contact by its e-mail address, or nothing. */
  found(email: string): Promise<boolean>
}

async function openWorld(t: TestScope, shape: Shape = {}, ...alsoAllowed: string[]): Promise<World> {
  const api = await startHttp({ records: 30, seed: 3 })
  t.after(() => api.close())
  const allowed = [new URL(api.url).host, ...alsoAllowed].join(',')
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: allowed } })
  const made = await hub.ask('/api/v1/connections', { json: inputFor(api, 'acme', shape) })
  assert.equal(made.status, 201, made.text)
  const connection = made.json.id as string
  const renewed = await hub.ask(`/api/v1/connections/${connection}/push-secret`, { json: {} })
  assert.equal(renewed.status, 201, renewed.text)
  await until('it is copied', async () => {
    const { json } = await hub.ask(`/api/v1/connections/${connection}/tables`)
    return json.tables.every((table: { completeness: unknown }) => table.completeness !== null)
  })
  return {
    ...{ api, hub, connection, secret: renewed.json.secret as string },
    control: async (path, body) => {
      const reply = await fetch(`${api.control}/${path}`, { method: 'POST', body: JSON.stringify(body) })
      if (!reply.ok) throw new Error(await reply.text())
      return await reply.json()
    },
    found: async (email) => {
      const { json } = await hub.ask(`/api/v1/lookup?email=${encodeURIComponent(email)}`)
      return json.matches.length > 0
    },
  }
}

interface Pushed {
  path?: string
  at?: number
  secret?: string
  headers?: Record<string, string>
}

function push({ hub, connection, secret }: World, body: string, over: Pushed = {}): Promise<Reply> {
  const timestamp = String(over.at ?? Date.now())
  const signature = createHmac('sha256', over.secret ?? secret)
    .update(timestamp + body)
    .digest('hex')
  const signed = { 'x-jackfield-timestamp': timestamp, 'x-jackfield-signature': `sha256=${signature}` }
  const headers = { 'content-type': 'application/json', ...(over.headers ?? signed) }
  return hub.ask(`/hooks/crm/${connection}${over.path ?? ''}`, { key: null, method: 'POST', body, headers })
}

const keptHints = async ({ hub }: World) =>
  (await hub.hub.pool.query('select from jackfield.hint_seen where pushed')).rowCount

test('pushes by both kinds of address are kept once and read back; forged, late and oversized ones are not', async (t) => {
  const world = await openWorld(t)
  const { hub, connection, api } = world
  const told = await hub.ask(`/api/v1/connections/${connection}/push-addresses`)
  assert.equal(told.json.addresses.length, 6)
  assert.ok(!told.text.includes(world.secret))
  // The API's own webhooks, to the address for all and then to those of each entity and operation.
  for (const addresses of ['one', 'each'] as const) {
    await world.control('webhooks', {
      hooks: [{ url: told.json.url, secret: world.secret, addresses, proof: 'signature' }],
    })
    const email = `${addresses}-${randomUUID()}@example.com`
    const made = (await world.control('records', { entity: 'contact', fields: { email } })) as { id: string }
    await until(`${addresses}: the new record is there`, () => world.found(email))
    await world.control('records', { entity: 'contact', operation: 'delete', id: made.id })
    await until(`${addresses}: the deleted record is gone`, async () => !(await world.found(email)))
  }
  await world.control('webhooks', { hooks: [] })
  const before = await keptHints(world)
  const body = JSON.stringify({ entity: 'contact', operation: 'update', id: 'c00000001', eventId: 'again' })
  const refused: [Promise<Reply>, number][] = [
    [push(world, body, { secret: 'a secret of somebody else' }), 401],
    [push(world, body, { at: Date.now() - 6 * 60_000 }), 401],
    [push(world, body, { headers: { 'x-jackfield-secret': world.secret } }), 401],
    [push(world, body, { headers: {} }), 401],
    [push(world, '{"entity":"contact"}'), 400],
    [push(world, '{"id":1}', { path: '/contact/burn' }), 400],
    [push(world, JSON.stringify({ pad: 'x'.repeat(1024 * 1024) })), 413],
  ]
  for (const [reply, status] of refused) {
    const { status: answered, text } = await reply
    assert.equal(answered, status, text)
  }
  assert.equal(await keptHints(world), before)
  for (let i = 0; i < 3; i++) assert.equal((await push(world, body)).status, 202)
  assert.equal(await keptHints(world), before! + 1, 'delivered three times, kept once')
  assert.equal((await push(world, '{"id":"c00000002"}', { path: '/contact/update' })).status, 202)
  assert.ok(!hub.lines.join('').includes(world.secret) && !hub.lines.join('').includes(api.secret))
})

test('a definition is tried page by page before anything is stored, exported, and changed later', async (t) => {
  const world = await openWorld(t, { table: (table) => ({ ...table, fields: [{ path: 'email', type: 'text' }] }) })
  const { hub, connection, api } = world
  const { crm: _crm, name: _name, ...input } = inputFor(api, 'tried', { authentication: 'api_key_query' })
  const asked = { ...input, entity: 'contact' }
  const first = await hub.ask('/api/v1/connectors/generic-http/try', { json: asked })
  assert.equal(first.status, 200, first.text)
  assert.match(first.json.request.url, /\/api\/cursor\/contacts\?.*api_key=\[secret\]/)
  assert.ok(!first.text.includes(api.secret))
  assert.deepEqual(first.json.mapping.emails, ['email'])
  const field = first.json.fields.find((one: { path: string }) => one.path === 'phones[1].number')
  assert.equal(field.role, 'phone')
  assert.ok(first.json.shown.some((one: { phones: string[] }) => one.phones[0]?.startsWith('+')))
  const list = { path: '/nowhere/contacts' }
  const tables = (input.settings.definition.tables as object[]).map((table) => ({ ...table, list }))
  const wrong = { ...asked, settings: { definition: { ...input.settings.definition, tables } } }
  const refused = await hub.ask('/api/v1/connectors/generic-http/try', { json: wrong })
  assert.equal(refused.json.error.code, 'crm.refused')
  assert.match(refused.json.error.mend, /path in the definition/)
  const blocked = await hub.ask('/api/v1/connectors/generic-http/try', {
    json: { ...asked, url: 'http://169.254.169.254/' },
  })
  assert.equal(blocked.json.error.code, 'crm.blocked_address')
  const reader = await hub.newKey('read:records')
  assert.equal((await hub.ask('/api/v1/connectors/generic-http/try', { json: asked, key: reader })).status, 403)

  const exported = await hub.ask(`/api/v1/connections/${connection}/definition`)
  assert.equal(exported.json.tables.length, 2)
  const put = (body: unknown) => hub.ask(`/api/v1/connections/${connection}/definition`, { method: 'PUT', json: body })
  const less = { ...exported.json, tables: exported.json.tables.slice(1) }
  assert.equal((await put({ ...less, organisation: 'another' })).status, 400)
  assert.equal((await put({ ...less, authentication: { kind: 'basic' } })).status, 400)
  const changed = await put(less)
  assert.equal(changed.status, 200, changed.text)
  const { json } = await hub.ask(`/api/v1/connections/${connection}/tables`)
  assert.deepEqual(
    json.tables.map((table: { entity: string; enabled: boolean }) => [table.entity, table.enabled]).sort(),
    [
      ['account', false],
      ['contact', true],
    ],
  )
})

/** A host that notes what it is told, and answers with a link whose escapes are broken. */
async function stranger(t: TestScope): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(JSON.stringify([request.url, request.headers]))
    const isLast = request.url!.includes('after')
    const page = { rows: [{ id: isLast ? 2 : 1, name: 'A' }], next: isLast ? null : '/list?after=%E0%A4%A' }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
}

test('a secret that is kept goes to no other host, though the hub may call it', async (t) => {
  const other = await stranger(t)
  const { hub, api } = await openWorld(t, {}, new URL(other.url).host)
  const [kept] = (await hub.ask('/api/v1/authentications')).json.authentications
  const { crm, name: _name, ...input } = inputFor(api, 'acme', {})
  const own = { ...input, authentication: { id: kept.id } }
  const stolen = { ...own, url: other.url }
  const attempt = (json: object) => hub.ask(`/api/v1/connectors/${crm}/try`, { json: { ...json, entity: 'contact' } })
  assert.equal((await attempt(own)).status, 200)
  const refused = [
    await attempt(stolen),
    await hub.ask('/api/v1/connections', { json: { ...stolen, crm } }),
    await hub.ask('/api/v1/connections/check', { json: { ...stolen, crm } }),
    await hub.ask('/api/v1/connections', { json: { ...own, crm: 'salesforce' } }),
  ]
  for (const { status, json, text } of refused) {
    assert.deepEqual([status, json.error?.field], [400, 'authentication'], text)
  }
  const tokenUrl = `${other.url}/token`
  const definition = { ...input.settings.definition, authentication: { kind: 'client_credentials', tokenUrl } }
  assert.equal((await attempt({ ...own, settings: { definition } })).json.error.field, 'authentication')
  assert.deepEqual(other.heard, [])
})

test('what a preset and an API say of addresses is never more than an address', async (t) => {
  const { url } = await stranger(t)
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: new URL(url).host } })
  const paging = { kind: 'next_link', link: 'next' }
  const table = { entity: 'contact', id: 'id', list: { path: '/list' }, records: 'rows', paging }
  const attempt = (over: object, link?: string) => {
    const definition = { name: 'A', tables: [{ ...table, ...over }], authentication: { kind: 'bearer' } }
    const authentication = { settings: {}, secret: 'a secret of some length' }
    const json = { url, authentication, settings: { definition }, entity: 'contact', ...(link ? { link } : {}) }
    return hub.ask('/api/v1/connectors/generic-http/try', { json })
  }
  const first = await attempt({})
  assert.equal(first.status, 200, first.text)
  const second = await attempt({}, first.json.next)
  assert.equal(second.status, 200, second.text)
  assert.match(second.json.request.url, /%E0%A4%A$/)
  const script = await attempt({ webUrl: 'javascript:alert({id})' })
  assert.deepEqual([script.status, script.json.error.code], [400, 'input.invalid'])
})
