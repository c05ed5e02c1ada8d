import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmReply, OpenDoor } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import { requestToken } from './auth.ts'

const secret = 'v3ry/secret+value~&='
const url = 'https://contoso.crm4.dynamics.com'
const settings = { tenant: 'contoso.onmicrosoft.com', clientId: '1b5e0e3c-0000-4000-8000-000000000001' }

type Sent = { url: string; body: string }

function door(status: number, body: unknown, headers: CrmReply['headers'] = {}): OpenDoor & { sent: Sent[] } {
  const sent: Sent[] = []
  return {
    sent,
    call: (target, options) => {
      sent.push({ url: target, body: options.body ?? '' })
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return Promise.resolve({ status, headers, body: Buffer.from(text), text })
    },
  }
}

const entra = (number: number, error: string, text: string) => ({
  error,
  error_description: `AADSTS${number}: ${text} Trace ID: 0f1e Correlation ID: 2d3c Timestamp: 2026-11-21 08:00:00Z`,
  error_codes: [number],
  timestamp: '2026-11-21 08:00:00Z',
  trace_id: '0f1e',
  correlation_id: '2d3c',
})

async function refusedBy(opened: OpenDoor): Promise<HubError> {
  const caught = await requestToken(opened, url, { settings, secret }).then(
    () => assert.fail('a token was given'),
    (error: unknown) => error,
  )
  assert.ok(caught instanceof HubError)
  for (const part of [secret, encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)]) {
    assert.ok(!JSON.stringify([caught.message, caught.detail, caught.stack, String(caught.cause)]).includes(part))
  }
  return caught
}

test('asks the tenant’s token endpoint for a token of the organisation', async () => {
  const opened = door(200, { token_type: 'Bearer', expires_in: 3599, access_token: 'abc' })
  assert.deepEqual(await requestToken(opened, url, { settings, secret }), { value: 'abc', expiresIn: 3599 })
  assert.equal(opened.sent[0]?.url, 'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token')
  assert.deepEqual(Object.fromEntries(new URLSearchParams(opened.sent[0]?.body)), {
    grant_type: 'client_credentials',
    client_id: settings.clientId,
    client_secret: secret,
    scope: `${url}/.default`,
  })
})

test('authority and scope can be set', async () => {
  const opened = door(200, { expires_in: '60', access_token: 'abc' })
  const given = { ...settings, authority: 'https://login.microsoftonline.us/', scope: 'https://x/.default' }
  assert.equal((await requestToken(opened, url, { settings: given, secret })).expiresIn, 60)
  assert.match(opened.sent[0]!.url, /^https:\/\/login\.microsoftonline\.us\/contoso/)
  assert.equal(new URLSearchParams(opened.sent[0]?.body).get('scope'), 'https://x/.default')
})

test('each refusal is told apart, in both of the shapes that Entra uses', async () => {
  const cases: [number, number, string, string][] = [
    [401, 7000215, 'invalid_client', 'authentication.secret_wrong'],
    [401, 7000222, 'invalid_client', 'authentication.secret_expired'],
    [400, 700016, 'unauthorized_client', 'authentication.client_unknown'],
    [400, 90002, 'invalid_request', 'authentication.tenant_unknown'],
    [400, 90002, 'invalid_tenant', 'authentication.tenant_unknown'],
    [400, 65001, 'invalid_grant', 'authentication.consent_missing'],
    [400, 500011, 'invalid_resource', 'authentication.rejected'],
  ]
  for (const [status, number, name, code] of cases) {
    const refused = await refusedBy(door(status, entra(number, name, 'What Entra says.')))
    assert.equal(refused.code, code, String(number))
    assert.equal(refused.detail.vendorCode, `AADSTS${number}`)
    assert.equal(refused.detail.vendorText, `AADSTS${number}: What Entra says.`)
    assert.ok(refused.detail.mend)
  }
})

test('the number is found in the text where the list of numbers is missing', async () => {
  const body = { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid.\r\nTrace ID: 1' }
  assert.equal((await refusedBy(door(401, body))).code, 'authentication.secret_wrong')
})

test('a refusal that repeats the secret is blanked', async () => {
  const text = `Invalid client secret provided '${secret}' (${encodeURIComponent(secret)}).`
  assert.match((await refusedBy(door(401, entra(1, 'invalid_client', text)))).message, /\[redacted\]/)
})

test('an authority that is none, or is busy, is said to be', async () => {
  assert.equal((await refusedBy(door(200, '<html>'))).code, 'authentication.rejected')
  assert.equal((await refusedBy(door(200, { access_token: '' }))).code, 'authentication.rejected')
  assert.equal((await refusedBy(door(404, 'nothing here'))).code, 'authentication.rejected')
  assert.equal((await refusedBy(door(503, 'busy'))).code, 'crm.unreachable')
  const throttled = await refusedBy(door(429, '', { 'retry-after': '9' }))
  assert.equal(throttled.code, 'crm.throttled')
  assert.ok(throttled.detail.retryAt)
})

test('nothing is sent while a setting is missing', async () => {
  const opened = door(200, {})
  for (const name of ['tenant', 'clientId']) {
    await assert.rejects(requestToken(opened, url, { settings: { ...settings, [name]: ' ' }, secret }), {
      code: 'input.invalid',
      message: new RegExp(name),
    })
  }
  assert.equal(opened.sent.length, 0)
})
