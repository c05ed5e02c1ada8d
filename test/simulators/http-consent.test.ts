import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as client from 'openid-client'
import { type RunningHttp, startHttp } from '../../simulators/http/server.ts'
import { openPage } from './sign-in-page.ts'

let running: RunningHttp
let config: client.Configuration
const redirect_uri = 'http://127.0.0.1:9/callback'

before(async () => {
  running = await startHttp({ records: 60, seed: 3 })
  const { origin } = new URL(running.url)
  const server = {
    issuer: origin,
    authorization_endpoint: `${origin}/oauth/authorize`,
    token_endpoint: `${origin}/oauth/token`,
  }
  config = new client.Configuration(server, running.clientId, running.secret, client.ClientSecretPost(running.secret))
  client.allowInsecureRequests(config)
})
after(() => running.close())

const access = (settings: object) =>
  fetch(`${running.control}/access`, { method: 'POST', body: JSON.stringify(settings) })

async function signIn(login: string, decision: 'accept' | 'decline' = 'accept') {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const code_challenge = await client.calculatePKCECodeChallenge(verifier)
  const asked = { redirect_uri, state, code_challenge, code_challenge_method: 'S256' }
  const page = await openPage(client.buildAuthorizationUrl(config, asked))
  const url = await page.answer(login, decision)
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state } }
}

async function write(token: string, method: string, path: string, body: object) {
  const headers = { authorization: `Bearer ${token}` }
  const reply = await fetch(`${running.url}/items/${path}`, { method, headers, body: JSON.stringify(body) })
  const { contact } = (await reply.json()) as { contact?: Record<string, unknown> }
  return { status: reply.status, contact }
}

test('who signed in stands in the records that they write', async () => {
  const { url, checks } = await signIn('blaise@example.org')
  const person = await client.authorizationCodeGrant(config, url, checks)
  const made = await write(person.access_token, 'POST', 'contacts', { last_name: 'Written by a person' })
  assert.deepEqual([made.status, made.contact?.updated_by], [201, 'blaise@example.org'])
  const service = await client.clientCredentialsGrant(config)
  const changed = await write(service.access_token, 'PATCH', `contacts/${String(made.contact?.id)}`, { note: 'later' })
  assert.deepEqual([changed.status, changed.contact?.updated_by], [200, 'service'])
  assert.equal((await write(person.access_token, 'PATCH', 'contacts/nobody', {})).status, 404)
})

test('a code serves once and the right verifier only, a refresh token as the API is set to', async () => {
  const { url, checks } = await signIn('ada@example.org')
  const wrong = client.authorizationCodeGrant(config, url, {
    ...checks,
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
  })
  await assert.rejects(wrong, { error: 'invalid_grant' })
  const first = await client.authorizationCodeGrant(config, url, checks)
  await assert.rejects(client.authorizationCodeGrant(config, url, checks), { error: 'invalid_grant' })
  assert.equal((await client.refreshTokenGrant(config, first.refresh_token!)).refresh_token, undefined)
  await access({ rotates: true })
  const next = await client.refreshTokenGrant(config, first.refresh_token!)
  await assert.rejects(client.refreshTokenGrant(config, first.refresh_token!), { error: 'invalid_grant' })
  await access({ revoke: 'ada@example.org' })
  await assert.rejects(client.refreshTokenGrant(config, next.refresh_token!), { error: 'invalid_grant' })
  assert.equal((await write(next.access_token, 'POST', 'contacts', {})).status, 401)
})

test('who declines is sent back with the reason', async () => {
  const { url, checks } = await signIn('ada@example.org', 'decline')
  await assert.rejects(client.authorizationCodeGrant(config, url, checks), { error: 'access_denied' })
})
