import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import jsforce, { type Connection } from 'jsforce'
import { type SalesforceWorld, startSalesforceWorld, VERSION } from './salesforce-world.ts'
import { openPage } from './sign-in-page.ts'

let world: SalesforceWorld
before(async () => {
  world = await startSalesforceWorld({ records: 60, seed: 3 })
})
after(() => world.running.close())

const redirectUri = 'http://127.0.0.1:9/callback?from=hub'
const app = (settings: object) => world.control('POST', '/app', settings)

function client(secret: string | null = world.running.clientSecret): Connection {
  const { url: loginUrl, clientId } = world.running
  const clientSecret = secret === null ? {} : { clientSecret: secret }
  return new jsforce.Connection({
    version: VERSION,
    oauth2: { loginUrl, clientId, redirectUri, useVerifier: true, ...clientSecret },
  })
}

interface Person {
  id: string
  username: string
}
const people = async () => (await world.control('GET', '/people')).people as Person[]

async function codeFor(conn: Connection, username: string, scope = 'api refresh_token'): Promise<URL> {
  const page = await openPage(conn.oauth2.getAuthorizationUrl({ scope, state: 'here and now' }))
  return page.answer(username)
}

test('a person signs in by a code with PKCE, and what they write bears their name', async () => {
  const [person] = await people()
  const conn = client()
  const back = await codeFor(conn, person!.username)
  assert.deepEqual([back.searchParams.get('from'), back.searchParams.get('state')], ['hub', 'here and now'])
  const code = back.searchParams.get('code')!
  const user = await conn.authorize(code)
  assert.equal(user.id, person!.id)
  const made = await conn.sobject('Contact').create({ LastName: 'Written by a person' })
  const row = await conn.sobject('Contact').retrieve(made.id!)
  assert.deepEqual([row.CreatedById, row.LastModifiedById], [person!.id, person!.id])
  await assert.rejects(conn.oauth2.requestToken(code), { name: 'invalid_grant', message: 'expired authorization code' })
  await conn.sobject('Contact').update({ Id: made.id!, FirstName: 'One' })
  await world.control('POST', '/settings', { readOnly: { [person!.id]: ['Contact'] } })
  await assert.rejects(conn.sobject('Contact').update({ Id: made.id!, FirstName: 'Two' }) as Promise<unknown>, {
    errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
  })
  await world.conn.sobject('Contact').update({ Id: made.id!, FirstName: 'Three' })
  await world.control('POST', '/settings', { readOnly: {} })
})

test('a refresh token serves on, is changed where the app says so, and ends when it is revoked', async () => {
  const person = (await people())[1]!
  const conn = client()
  await conn.authorize((await codeFor(conn, person.username)).searchParams.get('code')!)
  const first = conn.refreshToken!
  const again = await conn.oauth2.refreshToken(first)
  assert.deepEqual([again.refresh_token, again.instance_url], [undefined, world.running.url])
  await app({ rotates: true })
  const rotated = await conn.oauth2.refreshToken(first)
  assert.ok(rotated.refresh_token && rotated.refresh_token !== first)
  await assert.rejects(conn.oauth2.refreshToken(first), { name: 'invalid_grant' })
  await app({ rotates: false })
  await conn.oauth2.revokeToken(rotated.refresh_token)
  await assert.rejects(conn.oauth2.refreshToken(rotated.refresh_token), { name: 'invalid_grant' })
  const other = client()
  await other.authorize((await codeFor(other, person.username)).searchParams.get('code')!)
  await app({ revoke: person.id })
  await assert.rejects(other.oauth2.refreshToken(other.refreshToken!), { name: 'invalid_grant' })
})

test('a secret is asked for unless the app does without, and a verifier always', async () => {
  const { username } = (await people())[0]!
  const open = client(null)
  const code = (await codeFor(open, username)).searchParams.get('code')!
  await assert.rejects(open.oauth2.requestToken(code), { name: 'invalid_client' })
  await app({ secretOptional: true })
  assert.ok((await open.oauth2.requestToken(code)).access_token)
  const other = (await codeFor(client(), username)).searchParams.get('code')!
  await assert.rejects(client().oauth2.requestToken(other), { name: 'invalid_grant', message: 'invalid code verifier' })
  await app({ secretOptional: false })
})

test('who declines, is not approved, or comes without a challenge is sent back with the reason', async () => {
  const { username } = (await people())[0]!
  const conn = client()
  const page = await openPage(conn.oauth2.getAuthorizationUrl({ scope: 'api' }))
  assert.equal((await page.answer(username, 'decline')).searchParams.get('error'), 'access_denied')
  await app({ approved: false })
  assert.equal((await codeFor(conn, username)).searchParams.get('error'), 'OAUTH_APP_ACCESS_DENIED')
  await app({ approved: true })
  const plain = `${world.running.url}/services/oauth2/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: world.running.clientId,
    redirect_uri: redirectUri,
  })}`
  const reply = await fetch(plain, { redirect: 'manual' })
  assert.match(reply.headers.get('location') ?? '', /error=invalid_request/)
  await app({ redirectUris: ['https://elsewhere.example/'] })
  assert.equal((await fetch(plain, { redirect: 'manual' })).status, 400)
  await app({ redirectUris: [] })
})

test('a user who was added can sign in, and one who is no longer active cannot', async () => {
  const { id } = await world.control('POST', '/people', { username: 'ada@contoso.example', name: 'Ada Byron' })
  const conn = client()
  await conn.authorize((await codeFor(conn, 'ada@contoso.example')).searchParams.get('code')!)
  assert.equal((await conn.query('SELECT Id FROM Contact LIMIT 1')).records.length, 1)
  await world.records({ entity: 'User', operation: 'change', id, fields: { IsActive: false } })
  await assert.rejects(conn.oauth2.refreshToken(conn.refreshToken!), { name: 'inactive_user' })
})
