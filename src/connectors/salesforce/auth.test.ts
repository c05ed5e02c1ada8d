import assert from 'node:assert/strict'
import { generateKeyPairSync, verify } from 'node:crypto'
import { test } from 'node:test'
import type { CrmReply, OpenDoor } from '#connectors/call.ts'
import { isHubError } from '#core/errors.ts'
import { requestToken } from './auth.ts'
import { readQuota, refusesAll } from './client.ts'

const url = 'https://contoso.my.salesforce.com'
const right = { access_token: '00D!token', instance_url: url, token_type: 'Bearer' }

function reply(status: number, body: unknown, headers: Record<string, string> = {}): CrmReply {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers, body: Buffer.from(text), text }
}

function doorWith(answer: CrmReply): OpenDoor & { url: string; form: URLSearchParams } {
  const door = {
    url: '',
    form: new URLSearchParams(),
    async call(target: string, { body = '' }: { body?: string }) {
      door.url = target
      door.form = new URLSearchParams(body)
      return answer
    },
  }
  return door
}

const credentials = { settings: { clientId: 'key' }, secret: 'a very secret secret' }

test('client credentials ask the organisation itself; nobody says how long the token lives', async () => {
  const door = doorWith(reply(200, right))
  assert.deepEqual(await requestToken(door, url, credentials), { value: '00D!token', expiresIn: null })
  assert.equal(door.url, `${url}/services/oauth2/token`)
  assert.deepEqual(Object.fromEntries(door.form), {
    grant_type: 'client_credentials',
    client_id: 'key',
    client_secret: 'a very secret secret',
  })
})

test('an assertion is signed with the key, for the sign-in service of the organisation, and short', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const settings = { flow: 'jwt_bearer', clientId: 'key', username: 'hub@contoso.com' }
  const audiences = {
    [url]: 'https://login.salesforce.com',
    'https://contoso--dev.sandbox.my.salesforce.com': 'https://test.salesforce.com',
  }
  for (const [address, aud] of Object.entries(audiences)) {
    // Also as a form of one line gives it, and in the older notation.
    const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string
    for (const secret of [pem, pem.replaceAll('\n', ' '), pem.replaceAll('\n', '\\n'), pkcs1]) {
      const door = doorWith(reply(200, { ...right, instance_url: address }))
      await requestToken(door, address, { settings, secret })
      const [head, body, signature] = door.form.get('assertion')!.split('.') as [string, string, string]
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
      assert.deepEqual([claims.iss, claims.sub, claims.aud], ['key', 'hub@contoso.com', aud])
      assert.ok(claims.exp - Date.now() / 1000 <= 300)
      assert.ok(verify('RSA-SHA256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url')))
    }
  }
  for (const secret of ['no key', pem.slice(0, 200)]) {
    const asked = requestToken(doorWith(reply(200, right)), url, { settings, secret })
    await assert.rejects(asked, { code: 'authentication.secret_wrong' })
  }
})

test('a token of another organisation is refused with the address to use', async () => {
  const door = doorWith(reply(200, { ...right, instance_url: 'https://fabrikam.my.salesforce.com' }))
  await assert.rejects(requestToken(door, url, credentials), (error) => {
    return isHubError(error, 'connection.not_the_crm') && /Connect https:\/\/fabrikam\.my/.test(error.detail.mend!)
  })
})

test('every refusal says what is wrong, with its mend, and never the secret', async () => {
  const refusals: [error: string, description: string, code: string][] = [
    ['invalid_client_id', 'client identifier invalid', 'authentication.client_unknown'],
    ['invalid_client', 'invalid client credentials', 'authentication.secret_wrong'],
    ['invalid_grant', 'no client credentials user enabled', 'authentication.consent_missing'],
    ['invalid_grant', "user hasn't approved this consumer", 'authentication.consent_missing'],
    ['invalid_grant', 'audience is invalid', 'authentication.tenant_unknown'],
    ['invalid_grant', 'invalid assertion', 'authentication.secret_wrong'],
    ['inactive_user', 'user is inactive', 'authentication.consent_missing'],
    ['invalid_request', 'told of a very secret secret', 'authentication.rejected'],
    ['rate_limit_exceeded', 'too many', 'crm.throttled'],
  ]
  for (const [error, error_description, code] of refusals) {
    const asked = requestToken(doorWith(reply(400, { error, error_description })), url, credentials)
    await assert.rejects(asked, (thrown) => {
      assert.ok(isHubError(thrown), String(thrown))
      assert.equal(thrown.code, code, error_description)
      assert.ok(thrown.detail.mend || thrown.detail.retryAt)
      assert.ok(!JSON.stringify([thrown.message, thrown.detail]).includes('very secret'))
      return true
    })
  }
  const page = requestToken(doorWith(reply(200, '<html>')), url, credentials)
  await assert.rejects(page, { code: 'authentication.rejected' })
})

test('two texts of a 401 are told to end there, any other may be mended by a new token', () => {
  const said = (message: string) => refusesAll(reply(401, [{ errorCode: 'INVALID_SESSION_ID', message }]))
  for (const text of [
    'Connected app is not attached to Agent',
    'This session is not valid for use with the REST API',
  ]) {
    assert.equal(said(text)?.code, 'authentication.app_blocked')
    assert.ok(said(text)?.detail.mend)
  }
  assert.equal(said('Session expired or invalid'), null)
})

test('what is used of the day is read from any reply', () => {
  assert.deepEqual(readQuota(reply(200, {}, { 'sforce-limit-info': 'api-usage=18/5000' })), { used: 18, limit: 5000 })
  const refused = (message: string) => readQuota(reply(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message }]))
  assert.equal(refused('TotalRequests Limit exceeded.'), 'used up')
  assert.equal(refused('ConcurrentRequests (Concurrent API Requests) Limit exceeded.'), null)
  assert.equal(readQuota(reply(200, {})), null)
})
