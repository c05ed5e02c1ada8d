import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as client from 'openid-client'
import { type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { askToken } from './ask.ts'

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

async function signIn(
  scope: string,
  verifier = client.randomPKCECodeVerifier(),
): Promise<{ url: URL; verifier: string; state: string; nonce: string }> {
  const state = client.randomState()
  const nonce = client.randomNonce()
  const code_challenge = await client.calculatePKCECodeChallenge(verifier)
  const parameters = { redirect_uri, scope, state, nonce, code_challenge, code_challenge_method: 'S256' }
  const reply = await fetch(client.buildAuthorizationUrl(config, parameters), { redirect: 'manual' })
  assert.equal(reply.status, 302)
  return { url: new URL(reply.headers.get('location')!), verifier, state, nonce }
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
  const { url } = await signIn(`openid ${running.url}/user_impersonation`)
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
