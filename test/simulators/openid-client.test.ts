import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as client from 'openid-client'
import { type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { askToken } from './ask.ts'
import { openPage } from './sign-in-page.ts'

let running: RunningDynamics
let config: client.Configuration
const redirect_uri = 'http://127.0.0.1:9/callback'
const execute = [client.allowInsecureRequests]

const issuer = () => new URL(`${running.authority}/${running.tenant}/v2.0`)
const discover = (secret: string, auth = client.ClientSecretPost(secret)) =>
  client.discovery(issuer(), running.clientId, secret, auth, { execute })

before(async () => {
  running = await startDynamics({ records: 60, seed: 3 })
  config = await discover(running.clientSecret)
})
after(() => running.close())

const directory = async (body: unknown) =>
  (await fetch(`${running.control}/directory`, { method: 'POST', body: JSON.stringify(body) })).json()
const errorOf = async (work: Promise<unknown>) => {
  try {
    await work
  } catch (error) {
    return (error as { cause: { error: string; error_codes: number[] } }).cause
  }
  throw new Error('it succeeded')
}

test('discovery names the issuer and the endpoints of the tenant', () => {
  const metadata = config.serverMetadata()
  assert.equal(metadata.issuer, issuer().href)
  assert.equal(metadata.token_endpoint, `${running.authority}/${running.tenant}/oauth2/v2.0/token`)
})

test('client credentials, by form and by Basic, open the organisation', async () => {
  const basic = await discover(running.clientSecret, client.ClientSecretBasic(running.clientSecret))
  for (const c of [config, basic]) {
    const token = await client.clientCredentialsGrant(c, { scope: `${running.url}/.default` })
    assert.equal(token.refresh_token, undefined)
    const who = await fetch(`${running.url}/api/data/v9.2/WhoAmI`, {
      headers: { authorization: `Bearer ${token.access_token}` },
    })
    assert.equal(who.status, 200)
  }
})

async function accept(address: URL): Promise<URL> {
  const page = await openPage(address)
  return page.answer(page.people[0]!)
}

/** Where the directory sends the browser without asking anybody. */
async function silently(address: URL): Promise<URL> {
  const reply = await fetch(address, { redirect: 'manual' })
  assert.equal(reply.status, 302)
  return new URL(reply.headers.get('location')!)
}

/** By a person who accepts on the page, unless told otherwise. */
async function signIn(
  scope: string,
  answer: (address: URL) => Promise<URL> = accept,
  more: Record<string, string> = {},
): Promise<{ url: URL; verifier: string; state: string; nonce: string }> {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const code_challenge = await client.calculatePKCECodeChallenge(verifier)
  const parameters = { redirect_uri, scope, state, nonce, code_challenge, code_challenge_method: 'S256' }
  const address = client.buildAuthorizationUrl(config, { ...parameters, ...more })
  return { url: await answer(address), verifier, state, nonce }
}

test('a code with PKCE gives an id token, an access token and a refresh token that stays good', async () => {
  const scope = `openid profile offline_access ${running.url}/user_impersonation`
  const { url, verifier, state, nonce } = await signIn(scope)
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }
  const tokens = await client.authorizationCodeGrant(config, url, checks)
  assert.equal(tokens.claims()?.tid, running.tenant)
  const again = await errorOf(client.authorizationCodeGrant(config, url, checks))
  assert.deepEqual([again.error, again.error_codes], ['invalid_grant', [54005]])
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token!)
  assert.notEqual(renewed.refresh_token, tokens.refresh_token)
  assert.ok((await client.refreshTokenGrant(config, tokens.refresh_token!)).access_token)
  const who = await fetch(`${running.url}/api/data/v9.2/WhoAmI`, {
    headers: { authorization: `Bearer ${renewed.access_token}` },
  })
  assert.equal(who.status, 200)
  await directory({ revokeRefreshTokens: true })
  assert.deepEqual((await errorOf(client.refreshTokenGrant(config, tokens.refresh_token!))).error_codes, [50173])
})

test('a code is worth nothing without the right verifier', async () => {
  const { url, state, nonce } = await signIn(`openid ${running.url}/user_impersonation`)
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: state, expectedNonce: nonce }
  assert.deepEqual((await errorOf(client.authorizationCodeGrant(config, url, checks))).error_codes, [501481])
})

test('who signed in is whom the organisation sees, with their own rights and their name on what they write', async () => {
  const people = (await (await fetch(`${running.control}/people`)).json()) as { people: { upn: string }[] }
  const { upn } = people.people[2]!
  const { url, verifier, state, nonce } = await signIn(`openid ${running.url}/user_impersonation`, async (address) => {
    const page = await openPage(address)
    assert.deepEqual(
      page.people,
      people.people.map((one) => one.upn),
    )
    return page.answer(upn)
  })
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }
  const tokens = await client.authorizationCodeGrant(config, url, checks)
  assert.equal(tokens.claims()?.preferred_username, upn)
  assert.equal(tokens.refresh_token, undefined)
  const ask = async (path: string, method = 'GET', body?: unknown) => {
    const headers = {
      authorization: `Bearer ${tokens.access_token}`,
      'content-type': 'application/json',
      prefer: 'return=representation',
    }
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    return await fetch(`${running.url}/api/data/v9.2/${path}`, init)
  }
  const { UserId } = (await (await ask('WhoAmI')).json()) as { UserId: string }
  const user = (await (await ask(`systemusers(${UserId})`)).json()) as { domainname: string }
  assert.equal(user.domainname, upn)
  const made = (await (await ask('contacts', 'POST', { lastname: 'Written by a person' })).json()) as Record<
    string,
    string
  >
  assert.deepEqual([made._createdby_value, made._modifiedby_value], [UserId, UserId])
  const settings = (deniedTo: unknown) =>
    fetch(`${running.control}/settings`, { method: 'POST', body: JSON.stringify({ deniedTo }) })
  await settings({ [UserId]: { contact: ['Write'] } })
  assert.equal((await ask(`contacts(${made.contactid})`, 'PATCH', { lastname: 'Not' })).status, 403)
  const service = await client.clientCredentialsGrant(config, { scope: `${running.url}/.default` })
  const bySelf = await fetch(`${running.url}/api/data/v9.2/contacts(${made.contactid})`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${service.access_token}`, 'content-type': 'application/json' },
    body: '{"lastname":"By the service"}',
  })
  assert.equal(bySelf.status, 204)
  await settings({})
})

test('somebody may decline, be signed in already, or be no user of the organisation', async () => {
  const scope = `openid ${running.url}/user_impersonation`
  const declined = await signIn(scope, async (address) => (await openPage(address)).answer('', 'decline'))
  assert.deepEqual(
    [declined.url.searchParams.get('error'), declined.url.searchParams.get('state')],
    ['access_denied', declined.state],
  )
  assert.equal((await signIn(scope, silently, { prompt: 'none' })).url.searchParams.get('error'), 'login_required')
  const added = await fetch(`${running.control}/people`, {
    method: 'POST',
    body: '{"upn":"ada@contoso.example","name":"Ada Byron"}',
  })
  assert.equal(((await added.json()) as { upn: string }).upn, 'ada@contoso.example')
  await directory({ signedIn: 'ada@contoso.example' })
  const { url, verifier, state, nonce } = await signIn(scope, silently)
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }
  const ada = await client.authorizationCodeGrant(config, url, checks)
  assert.equal(ada.claims()?.name, 'Ada Byron')
  await directory({ signedIn: null })
  const who = async (token: string) =>
    (await fetch(`${running.url}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${token}` } })).status
  assert.equal(await who(ada.access_token), 200)
  const other = await signIn(scope, async (address) => (await openPage(address)).answer('stranger@contoso.example'))
  const stranger = await client.authorizationCodeGrant(config, other.url, {
    pkceCodeVerifier: other.verifier,
    expectedState: other.state,
    expectedNonce: other.nonce,
  })
  assert.equal(await who(stranger.access_token), 403)
})

test('each wrong setting has its own code', async () => {
  const cases: [form: Record<string, string>, tenant: string, status: number, error: string, code: number][] = [
    [{ client_secret: 'wrong' }, running.tenant, 401, 'invalid_client', 7000215],
    [{ client_id: '11111111-1111-4111-8111-111111111111' }, running.tenant, 400, 'unauthorized_client', 700016],
    [{}, '22222222-2222-4222-8222-222222222222', 400, 'invalid_request', 90002],
    [{ scope: 'nonsense/.default' }, running.tenant, 400, 'invalid_scope', 70011],
    [{ scope: 'https://elsewhere.example/.default' }, running.tenant, 400, 'invalid_resource', 500011],
    [{ grant_type: 'password' }, running.tenant, 400, 'unsupported_grant_type', 70003],
  ]
  for (const [form, tenant, status, error, code] of cases) {
    const { status: got, json } = await askToken(running, form, tenant)
    assert.deepEqual([got, json.error, json.error_codes], [status, error, [code]])
    assert.match(String(json.error_description), new RegExp(`^AADSTS${code}: .* Trace ID: `))
  }
  const unknown = await fetch(`${running.authority}/nowhere.example/v2.0/.well-known/openid-configuration`)
  const body = (await unknown.json()) as { error: string }
  assert.deepEqual([unknown.status, body.error], [400, 'invalid_tenant'])
})

test('an expired secret says so and a new one is taken', async () => {
  await directory({ expireSecrets: true })
  assert.deepEqual((await askToken(running, {})).json.error_codes, [7000222])
  const { secret } = (await directory({ newSecret: true })) as { secret: string }
  assert.equal((await askToken(running, { client_secret: secret })).status, 200)
  running.clientSecret = secret
  config = await discover(secret)
})

test('refused consent is told to the browser and at the token endpoint', async () => {
  await directory({ consent: false })
  const { url } = await signIn(`openid ${running.url}/user_impersonation`, silently)
  assert.equal(url.searchParams.get('error'), 'invalid_grant')
  assert.match(url.searchParams.get('error_description')!, /AADSTS65001/)
  await directory({ consent: true })
})

test('a rotated key voids its tokens when it is dropped, and not when it is kept', async () => {
  const who = async (token: string) =>
    (await fetch(`${running.url}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${token}` } })).status
  const token = (await askToken(running, {})).json.access_token as string
  await directory({ rotateKeys: 'keep' })
  assert.equal(await who(token), 200)
  await directory({ rotateKeys: 'drop' })
  assert.equal(await who(token), 401)
  assert.equal(await who((await askToken(running, {})).json.access_token as string), 200)
})

test('a token lives as long as it is set to', async () => {
  await fetch(`${running.control}/settings`, {
    method: 'POST',
    body: JSON.stringify({ entra: { accessTokenSeconds: -1 } }),
  })
  const { json } = await askToken(running, {})
  const reply = await fetch(`${running.url}/api/data/v9.2/WhoAmI`, {
    headers: { authorization: `Bearer ${json.access_token}` },
  })
  assert.equal(reply.status, 401)
  assert.match(
    reply.headers.get('www-authenticate')!,
    new RegExp(
      `authorization_uri=${running.authority}/${running.tenant}/oauth2/authorize, resource_id=${running.url}/`,
    ),
  )
})
