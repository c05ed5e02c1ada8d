import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connectorOf } from '#connectors/registry.ts'
import { HubError } from '#core/errors.ts'
import { type Answer, makeAsked, openDoor, type Subject, startLiar } from './consent-world.ts'

/** A sign-in service that is broken, or means ill: nothing of what it says is taken that is not sound. */
let liar: Awaited<ReturnType<typeof startLiar>>
let door: ReturnType<typeof openDoor>
before(async () => {
  liar = await startLiar()
  door = openDoor(liar.url)
})
after(async () => {
  liar.close()
  await door.close()
})

const secret = 'a-secret-of-the-app'
const refreshToken = 'a-refresh-token-of-a-person'
const crms = ['dynamics', 'salesforce', 'generic-http']

function subjectOf(crm: string): Subject {
  const { url } = liar
  const settings = {
    authority: url,
    tenant: 'contoso.example',
    clientId: 'app',
    loginUrl: url,
    tokenUrl: `${url}/token`,
  }
  // Salesforce's tokens are for the organisation that they name.
  return { consent: connectorOf(crm).consent!, door, url, app: { settings, secret } }
}

async function refusalOf(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => assert.fail('it was taken'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof HubError, String(error))
  const told = JSON.stringify([error.message, error.detail])
  assert.ok(told.length < 3_000, `${told.length} characters`)
  for (const one of [secret, refreshToken, 'a-code-of-a-window']) assert.ok(!told.includes(one), told)
  return error
}

function renewed(crm: string, answer: Answer): Promise<HubError> {
  const { consent, url, app } = subjectOf(crm)
  liar.say(answer)
  return refusalOf(consent.renew(door, url, app, refreshToken))
}

function redeemed(crm: string, answer: Answer): Promise<HubError> {
  const { consent, url, app } = subjectOf(crm)
  const { verifier, redirectUri } = makeAsked()
  liar.say(answer)
  return refusalOf(consent.redeem(door, url, app, { code: 'a-code-of-a-window', verifier, redirectUri }))
}

const said = (value: object, status = 400): Answer => ({ status, body: JSON.stringify(value) })
const grant = () => ({ access_token: 'an-access-token', instance_url: liar.url, expires_in: 60, token_type: 'Bearer' })

for (const crm of crms) {
  test(`${crm}: what is no answer to a sign-in is refused as that`, async () => {
    const page = '<!doctype html><title>Proxy</title>Blocked'
    for (const status of [200, 400, 403])
      for (const work of [renewed, redeemed])
        assert.equal((await work(crm, { status, body: page })).code, 'authentication.rejected')
    for (const body of ['', 'null', '[]', '{"access_token":7}', '{"error":7}'])
      assert.equal((await renewed(crm, { status: 200, body })).code, 'authentication.rejected')
  })

  test(`${crm}: tokens that no header could carry are refused`, async () => {
    const long = 'x'.repeat(1_000_000)
    for (const bad of [long, 'two\r\nlines', 'snow☃', ''])
      assert.equal((await renewed(crm, said({ ...grant(), access_token: bad }, 200))).code, 'authentication.rejected')
    for (const bad of [long, 'two\r\nlines', 7])
      assert.equal((await renewed(crm, said({ ...grant(), refresh_token: bad }, 200))).code, 'authentication.rejected')
  })

  test(`${crm}: a long refusal is cut, and shows nothing that was sent`, async () => {
    const echo = `You sent ${secret}, ${refreshToken} and a-code-of-a-window. ${'y'.repeat(1_000_000)}`
    for (const error of ['invalid_grant', 'invalid_request', 'z'.repeat(1_000_000)])
      for (const work of [renewed, redeemed]) await work(crm, said({ error, error_description: echo }))
  })

  test(`${crm}: a grant that is over needs the person, and what passes does not`, async () => {
    for (const error of ['invalid_grant', 'interaction_required', 'login_required', 'consent_required'])
      for (const work of [renewed, redeemed])
        assert.equal((await work(crm, said({ error }))).code, 'authentication.consent_over', error)
    // Longer than the door would wait before it asks again.
    const headers = { 'retry-after': '3600' }
    const codes = []
    for (const status of [429, 500, 503])
      codes.push((await renewed(crm, { status, headers, body: '{"error":"invalid_grant"}' })).code)
    assert.deepEqual(codes, ['crm.throttled', 'crm.unreachable', 'crm.unreachable'])
  })

  test(`${crm}: a code is shown once, whatever comes of it`, async () => {
    for (const status of [429, 500, 503]) {
      const before = liar.asked
      await redeemed(crm, { status, body: '' })
      assert.equal(liar.asked, before + 1)
    }
  })

  test(`${crm}: a sign-in service that sends elsewhere is not followed`, async () => {
    const elsewhere = await startLiar()
    elsewhere.say(said(grant(), 200))
    try {
      for (const status of [302, 307, 308])
        for (const work of [renewed, redeemed])
          await work(crm, { status, body: '', headers: { location: elsewhere.url } })
      assert.equal(elsewhere.asked, 0)
    } finally {
      elsewhere.close()
    }
  })
}

test('Entra’s word for a client that asks in a loop ends no sign-in', async () => {
  const looping = { error: 'invalid_grant', error_codes: [50196], error_description: 'AADSTS50196: a request loop.' }
  const error = await renewed('dynamics', said(looping))
  assert.equal(error.code, 'crm.throttled')
  assert.ok(error.detail.retryAt! > Date.now() + 60_000)
})

test('a token of another organisation of Salesforce is not taken', async () => {
  for (const instance_url of ['https://evil.example', 'http://127.0.0.1:1', '', 'nowhere', `${liar.url}.evil.example`])
    for (const work of [renewed, redeemed])
      assert.match(
        (await work('salesforce', said({ ...grant(), instance_url }, 200))).code,
        /^(connection\.not_the_crm|authentication\.rejected)$/,
      )
})

test('a refusal of the app itself does not send the person to sign in', async () => {
  const codes = await Promise.all([
    renewed(
      'dynamics',
      said({ error: 'invalid_client', error_codes: [7000222], error_description: 'AADSTS7000222' }, 401),
    ),
  ])
  assert.equal(codes[0]?.code, 'authentication.secret_expired')
  const gone = said({ error: 'invalid_client_id', error_description: 'client identifier invalid' })
  assert.equal((await renewed('salesforce', gone)).code, 'authentication.client_unknown')
  assert.equal(
    (await renewed('generic-http', said({ error: 'invalid_client' }, 401))).code,
    'authentication.secret_wrong',
  )
})
