import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { definitionOf } from '../../simulators/http/definition.ts'
import { connectBody } from '../server/served-hub.ts'
import type { Finding } from './finding.ts'
import { addressOf, nameOf, placesOf } from './operations.ts'
import type { Json, World } from './world.ts'

/** Each place that takes a secret, by route: how one is put in there. A place that is missing here is a finding. */
const doors: Record<string, (world: World, secret: string) => Promise<unknown>> = {
  'POST /api/v1/connections authentication.secret': async ({ hub, api }, secret) => {
    const definition = definitionOf(new URL(api.url).origin, 'next', 'bearer') as Json
    const authentication = { settings: { user: 'x', clientId: 'x' }, secret }
    return hub.ask('/api/v1/connections', {
      json: { crm: 'generic-http', url: api.url, authentication, settings: { definition } },
    })
  },
  'POST /api/v1/connections/check authentication.secret': ({ hub, simulator }, secret) =>
    hub.ask('/api/v1/connections/check', { json: connectBody(simulator, { secret }) }),
  'POST /api/v1/connectors/{crm}/try authentication.secret': ({ hub, api }, secret) => {
    const definition = definitionOf(new URL(api.url).origin, 'next', 'api_key_query')
    const authentication = { settings: { user: 'x', clientId: 'x' }, secret }
    const json = { url: api.url, authentication, settings: { definition }, entity: 'contact' }
    return hub.ask('/api/v1/connectors/generic-http/try', { json })
  },
  'POST /api/v1/authentications secret': ({ hub, simulator }, secret) => {
    const { crm, url, authentication } = connectBody(simulator)
    return hub.ask('/api/v1/authentications', {
      json: { name: 'Canary', crm, url, settings: authentication.settings, secret },
    })
  },
  'PUT /api/v1/authentications/{id}/secret secret': async ({ hub }, secret) => {
    const { json } = await hub.ask('/api/v1/authentications')
    const put = { method: 'PUT', json: { secret } }
    return hub.ask(`/api/v1/authentications/${json.authentications.at(-1).id}/secret`, put)
  },
  'POST /api/v1/connections/{id}/push-secret secret': async ({ hub }, secret) => {
    const { json } = await hub.ask('/api/v1/connections')
    for (const { id } of json.connections) await hub.ask(`/api/v1/connections/${id}/push-secret`, { json: { secret } })
  },
  'POST /api/v1/session token': (world, token) => fromPage(world, '/session', { token }),
  'POST /api/v1/session/password password': (world, password) =>
    fromPage(world, '/session/password', { email: 'canary@example.org', password }),
  'POST /api/v1/session/second-step code': (world, code) =>
    fromPage(world, '/session/second-step', { ticket: 'none', code: code.slice(0, 40) }),
  'POST /api/v1/session/proof password': ({ hub }, password) =>
    hub.ask('/api/v1/session/proof', { json: { password } }),
  'POST /api/v1/invitations/show token': (world, token) => fromPage(world, '/invitations/show', { token }),
  'POST /api/v1/invitations/accept token': (world, token) =>
    fromPage(world, '/invitations/accept', { token, name: 'Canary', password: 'a long password of no one' }),
  'POST /api/v1/invitations/accept password': async (world, password) => {
    const invited = { email: `${randomBytes(6).toString('hex')}@example.org`, name: 'Canary', roles: ['agent'] }
    const { json } = await world.hub.ask('/api/v1/invitations', { json: invited })
    return fromPage(world, '/invitations/accept', { token: json.token, name: 'Canary', password })
  },
  'PUT /api/v1/me/password password': ({ hub }, password) =>
    hub.ask('/api/v1/me/password', { method: 'PUT', json: { password } }),
  'POST /api/v1/identity-providers clientSecret': ({ hub, spies }, clientSecret) =>
    hub.ask('/api/v1/identity-providers', {
      json: { id: 'canary-refused', name: 'Canary', issuer: spies.allowed.url, clientId: 'x', clientSecret },
    }),
  'PATCH /api/v1/identity-providers/{id} clientSecret': async ({ hub }, clientSecret) => {
    await hub.hub.pool.query(
      `insert into jackfield.identity_provider (id, name, issuer, client_id, scopes, groups, reads_userinfo,
         creates_accounts, default_roles, enabled, created_by)
       values ('canary', 'Canary', 'https://login.invalid', 'x', '{openid}', '[]', false, false, '{}', true, 'test')`,
    )
    const { status } = await hub.ask('/api/v1/identity-providers/canary', { method: 'PATCH', json: { clientSecret } })
    if (status !== 200) throw new Error(`The secret of a provider was not kept: ${status}`)
  },
  'POST /api/v1/me/totp/confirm code': ({ hub }, code) => hub.ask('/api/v1/me/totp/confirm', { json: { code } }),
}

/** As a page does of which nobody is signed in. */
const fromPage = ({ hub }: World, path: string, json: Json) =>
  hub.ask(`/api/v1${path}`, { key: null, json, headers: { 'x-jackfield': '1' } })

const isSecret = (name: string) => /(secret|password|token|private_?key|code)$/i.test(name)

/** A marked secret, put in by every door that takes one, is found nowhere but sealed. */
export async function checkSecrets(world: World): Promise<Finding> {
  const { hub, operations } = world
  const problems: string[] = []
  const marks: string[] = []
  const given = await acceptedSecrets(world, problems)
  const taking = operations.flatMap((operation) =>
    placesOf(operation.body)
      .filter(({ at, schema }) => schema.type === 'string' && isSecret(at.at(-1) ?? ''))
      .map(({ at }) => `${nameOf(operation)} ${at.join('.')}`),
  )
  for (const name of new Set(taking)) if (!(name in doors)) problems.push(`${name} takes a secret and is tried nowhere`)
  for (const put of Object.values(doors)) {
    const mark = `Canary-${randomBytes(18).toString('hex')}`
    marks.push(mark)
    await put(world, mark)
    // As a wrong credential too: in the header, and in the cookie.
    await hub.ask('/api/v1/status', { key: mark })
    await hub.ask('/api/v1/status', { key: null, headers: { cookie: `jackfield-${new URL(hub.url).port}=${mark}` } })
  }
  const look = (where: string, text: string) => {
    for (const mark of [...marks, ...given]) {
      for (const form of formsOf(mark))
        if (text.includes(form)) problems.push(`${where} tells a secret (${form.slice(0, 12)}…)`)
    }
  }
  let cases = 0
  const search = (where: string, text: string) => {
    cases += 1
    look(where, text)
  }
  for (const [table, text] of await dump(world)) search(`The table ${table}`, text)
  for (const [place, text] of await everyAnswer(world)) search(place, text)
  for (const [file, text] of filesBelow(hub.dataFolder)) search(`The file ${file}`, text)
  search('The log', hub.lines.join(''))
  search('The metrics', (await hub.ask('/metrics')).text)
  return { check: 'secrets', cases: cases * marks.length, problems }
}

/** Secrets that the hub really keeps: of the simulated CRM, of a push, of a key. */
async function acceptedSecrets({ hub, simulator, api }: World, problems: string[]): Promise<string[]> {
  const { json: key } = await hub.ask('/api/v1/keys', { json: { name: 'canary', scopes: ['read:status'] } })
  const settings = { definition: definitionOf(new URL(api.url).origin, 'next', 'bearer') }
  const { url } = api
  const authentication = { settings: { user: api.user, clientId: api.clientId }, secret: api.secret }
  const made = await hub.ask('/api/v1/connections', { json: { crm: 'generic-http', url, authentication, settings } })
  const push = await hub.ask(`/api/v1/connections/${made.json?.id}/push-secret`, { json: {} })
  if (made.status !== 201 || push.status !== 201) problems.push(`No secret was kept: ${made.text} ${push.text}`)
  return [simulator.clientSecret, key.key, api.secret, push.json?.secret].filter((secret) => typeof secret === 'string')
}

/** The secret as it might be kept by who forgot to seal it. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const shifted = [0, 1, 2].map((by) =>
    Buffer.concat([Buffer.alloc(by), bytes])
      .toString('base64')
      .slice(4, -4),
  )
  return [secret, bytes.toString('hex'), encodeURIComponent(secret), [...secret].reverse().join(''), ...shifted]
}

/** Every row of every table, as text; bytes as they are too. What a session keeps for itself is in no dump and ends with it. */
async function dump({ hub }: World): Promise<[string, string][]> {
  const { pool } = hub.hub
  const { rows: tables } = await pool.query<{ name: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') and schemaname not like 'pg\\_temp\\_%'`,
  )
  const found: [string, string][] = []
  for (const { name } of tables) {
    const { rows } = await pool.query<Record<string, unknown>>(`select t::text as "whole row", t.* from ${name} t`)
    const bytes = rows.flatMap((row) => Object.values(row).filter((value) => Buffer.isBuffer(value)))
    const texts = rows.map((row) => String(row['whole row']))
    found.push([name, [...texts, ...bytes.map((value) => value.toString('latin1'))].join('\n')])
  }
  return found
}

/** What each route answers to whoever may do all; with the ids of what there is. */
async function everyAnswer({ hub, operations, connection }: World): Promise<[string, string][]> {
  const answers: [string, string][] = []
  for (const operation of operations) {
    if (operation.method !== 'GET' || operation.path.endsWith('/live')) continue
    for (const id of operation.path.includes('{id}') ? [connection] : ['']) {
      const { text } = await hub.ask(addressOf(operation, { id }))
      answers.push([nameOf(operation), text])
    }
  }
  return answers
}

function filesBelow(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => [file, readFileSync(join(folder, file), 'latin1')])
}
