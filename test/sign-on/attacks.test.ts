import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import type { JWTPayload } from 'jose'
import { newAccount } from '../people/page.ts'
import { type ServedHub, serveHub } from '../server/served-hub.ts'
import { startIssuer, unsigned } from './invented-issuer.ts'
import { type Begun, begin, clientId, comeBack, provider, seconds } from './journey.ts'
import { newVisitor, problemOf, type Visit } from './visitor.ts'

const keyOf = (hub: ServedHub) => ({ JACKFIELD_MASTER_KEY: hub.hub.people.keyring.sealing.bytes.toString('hex') })

test('Bad answers of a provider', async (t) => {
  const [issuer, other] = [await startIssuer(t), await startIssuer(t)]
  const environment = { JACKFIELD_ALLOW_HOSTS: `${issuer.host},${other.host}` }
  const hub = await serveHub(t, { environment })
  for (const [id, at] of [
    ['own', issuer],
    ['other', other],
  ] as const) {
    const { status, text } = await hub.ask('/api/v1/identity-providers', { json: provider(id, at) })
    assert.equal(status, 201, text)
  }
  const claims = ({ nonce }: Begun, over: JWTPayload = {}): JWTPayload => ({
    ...{ iss: issuer.url, sub: 'ann', aud: clientId, iat: seconds(), exp: seconds() + 300, nonce, name: 'Ann' },
    ...over,
  })
  const tokens = (idToken: string, over: object = {}) => ({
    body: { access_token: 'an access token', token_type: 'Bearer', id_token: idToken, ...over },
  })
  /** A whole sign-in with a token of the test's own making. */
  const attempt = async (make: (begun: Begun) => Promise<string> | string, over: object = {}): Promise<Visit> => {
    const begun = await begin(hub)
    issuer.answer = async () => tokens(await make(begun), over)
    return comeBack(begun)
  }
  const good = (begun: Begun) => issuer.sign(claims(begun))
  const lastAct = async () => (await hub.ask('/api/v1/audit-log?act=person.sign_in&limit=1')).json.acts[0]
  const sessions = async () =>
    Number((await hub.hub.pool.query('select count(*) from jackfield.session')).rows[0]!.count)

  await t.test('the honest one is let in, which shows that the others are refused for what they are', async () => {
    const begun = await begin(hub)
    let form = new URLSearchParams()
    issuer.answer = async (given) => {
      form = given
      return tokens(await good(begun))
    }
    assert.equal((await comeBack(begun)).url.href, `${hub.url}/records`)
    assert.equal((await begun.visitor.ask(hub, 'GET', '/me')).status, 200)
    const verifier = form.get('code_verifier') ?? ''
    assert.equal(hash('sha256', verifier, 'base64url'), begun.challenge)
    assert.equal(form.get('redirect_uri'), begun.redirectUri)
  })

  await t.test('a code and its state are good once, also for two at the same moment', async () => {
    const begun = await begin(hub)
    issuer.answer = async () => tokens(await good(begun))
    const { state, redirectUri } = begun
    const cookies = structuredClone(begun.visitor.jar)
    const again = newVisitor()
    for (const [host, own] of cookies) again.jar.set(host, own)
    const both = await Promise.all([comeBack(begun), comeBack({ ...begun, visitor: again, state, redirectUri })])
    assert.deepEqual(both.map(problemOf).sort(), ['sign_on.over', null].sort())
    for (const [host, own] of structuredClone(cookies)) again.jar.set(host, own)
    assert.equal(problemOf(await comeBack({ ...begun, visitor: again })), 'sign_on.over')
    assert.equal((await lastAct()).outcome, 'refused')
  })

  await t.test('an answer that another browser began signs nobody in (login CSRF)', async () => {
    const attacker = await begin(hub)
    issuer.answer = async () => tokens(await good(attacker))
    const victim = newVisitor()
    assert.equal(problemOf(await comeBack(attacker, {}, victim)), 'sign_on.over')
    const busy = await begin(hub)
    assert.equal(problemOf(await comeBack(attacker, {}, busy.visitor)), 'sign_on.over')
    assert.equal((await victim.ask(hub, 'GET', '/me')).status, 401)
    // It was not used up by those that it was not for.
    assert.equal(problemOf(await comeBack(attacker)), null)
  })

  await t.test('a state that nobody drew, none, two of them or one that is over', async () => {
    const begun = await begin(hub)
    assert.equal(problemOf(await comeBack(begun, { state: 'x'.repeat(43) })), 'sign_on.over')
    const late = await begin(hub)
    await hub.hub.pool.query(`update jackfield.pending_sign_on set expires_at = now() - interval '1 second'`)
    assert.equal(problemOf(await comeBack(late)), 'sign_on.over')
    const none = await begin(hub)
    assert.equal(problemOf(await comeBack(none, { state: null })), 'sign_on.over')
    const two = await begin(hub)
    const url = `${two.redirectUri}?code=x&state=${two.state}&state=${two.state}`
    const end = await two.visitor.visit(url, { until: ({ pathname }) => !pathname.startsWith('/api/') })
    assert.equal(problemOf(end), 'sign_on.over')
  })

  await t.test('a session planted before signing in is worth nothing after, and one that there was ends', async () => {
    const local = await newAccount(hub, 'fixed@example.org')
    const visitor = newVisitor()
    const own = new Map([...local.page.cookies].map(([name, value]) => [name, { value, strict: true }]))
    visitor.jar.set(new URL(hub.url).host, own)
    const begun = await begin(hub, 'own', visitor)
    issuer.answer = async () => tokens(await good(begun))
    await comeBack(begun)
    assert.equal((await visitor.ask(hub, 'GET', '/me')).json.name, 'Ann')
    assert.equal((await local.page.get('/me')).status, 401, 'the session that the browser had has ended')
  })

  await t.test('signatures: none, HS256 by the public key, an unknown key, another’s key', async () => {
    const before = await sessions()
    const forged: ((begun: Begun) => Promise<string> | string)[] = [
      (begun) => unsigned(claims(begun)),
      (begun) => issuer.signByPublicKey(claims(begun)),
      (begun) => other.sign(claims(begun)),
      (begun) => issuer.sign(claims(begun), { kid: 'nobody' }),
      async (begun) => `${(await good(begun)).split('.').slice(0, 2).join('.')}.`,
      async (begun) => {
        const [header, , signature] = (await good(begun)).split('.')
        return `${header}.${Buffer.from(JSON.stringify(claims(begun, { sub: 'root' }))).toString('base64url')}.${signature}`
      },
      () => 'no token at all',
    ]
    for (const [at, make] of forged.entries()) {
      assert.equal(problemOf(await attempt(make)), 'sign_on.rejected', `the forged token ${at}`)
    }
    issuer.document = { id_token_signing_alg_values_supported: ['none', 'HS256'] }
    const found = await hub.ask('/api/v1/identity-providers/own/check', { json: {} })
    issuer.document = {}
    const failed = found.json.steps.find(({ state }: { state: string }) => state === 'failed')
    assert.equal(failed.stage, 'signatures')
    assert.equal(await sessions(), before, 'no session began')
  })

  await t.test('claims of another audience, party, issuer, tenant, sign-in or access token', async () => {
    const wrong: [string, JWTPayload][] = [
      ['audience', { aud: 'another' }],
      ['several audiences', { aud: [clientId, 'another'] }],
      ['party', { azp: 'another' }],
      ['issuer', { iss: other.url }],
      ['issuer with a slash', { iss: `${issuer.url}/` }],
      ['nonce', { nonce: 'another' }],
      ['no nonce', { nonce: undefined }],
      ['access token', { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }],
      ['no subject', { sub: '' }],
      ['a subject without end', { sub: 'x'.repeat(300) }],
    ]
    for (const [what, over] of wrong) {
      const end = await attempt((begun) => issuer.sign(claims(begun, over)))
      assert.equal(problemOf(end), 'sign_on.rejected', what)
      assert.match((await lastAct()).details.why, /not believed/, what)
    }
    const right = hash('sha256', 'an access token', 'buffer').subarray(0, 16).toString('base64url')
    assert.equal(problemOf(await attempt((begun) => issuer.sign(claims(begun, { at_hash: right })))), null)
  })

  await t.test('clocks may differ by a minute, and by no more', async () => {
    const at = (iat: number, exp: number) =>
      attempt((begun) => issuer.sign(claims(begun, { iat: seconds() + iat, exp: seconds() + exp })))
    assert.equal(problemOf(await at(-400, -30)), null)
    assert.equal(problemOf(await at(30, 300)), null)
    for (const [iat, exp] of [
      [-600, -120],
      [3_600, 7_200],
    ] as const) {
      assert.equal(problemOf(await at(iat, exp)), 'sign_on.rejected', `${iat} ${exp}`)
    }
  })

  await t.test('an answer that names another issuer is not changed for a token (mix-up)', async () => {
    const begun = await begin(hub)
    let exchanged = 0
    issuer.answer = async () => {
      exchanged += 1
      return tokens(await good(begun))
    }
    assert.equal(problemOf(await comeBack(begun, { iss: other.url })), 'sign_on.rejected')
    // The state of one provider at the address of another: neither is shown the code.
    const mixed = await begin(hub)
    const redirectUri = mixed.redirectUri.replace('/own/', '/other/')
    other.asked.length = 0
    assert.equal(problemOf(await comeBack({ ...mixed, redirectUri })), 'sign_on.over')
    assert.equal(exchanged, 0)
    assert.deepEqual(other.asked, [])
  })

  await t.test('a provider that refuses, errs or is away, with the next step', async () => {
    const denied = await begin(hub)
    const back = await comeBack(denied, {
      code: null,
      error: 'access_denied',
      error_description: 'ann@example.org may not',
    })
    assert.equal(problemOf(back), 'sign_on.refused')
    assert.deepEqual((await lastAct()).details.providerCode, 'access_denied')
    assert.ok(!hub.lines.join('').includes('ann@example.org may not'), 'what it says of a person is not logged')

    const wrongSecret = await begin(hub)
    issuer.answer = async () => ({ status: 401, body: { error: 'invalid_client' } })
    assert.equal(problemOf(await comeBack(wrongSecret)), 'sign_on.unfit')

    const broken = await begin(hub)
    issuer.answer = async () => ({ status: 500, body: 'no' })
    assert.equal(problemOf(await comeBack(broken)), 'sign_on.unreachable')

    const gone = await begin(hub, 'other')
    await other.close()
    assert.equal(problemOf(await comeBack(gone)), 'sign_on.unreachable')
    const { json } = await hub.ask('/api/v1/identity-providers/other/check', { json: {} })
    assert.equal(json.ok, false)
    assert.deepEqual(json.steps[0], {
      ...{ stage: 'document', state: 'failed', code: 'crm.unreachable' },
      ...{ message: json.steps[0].message, mend: json.steps[0].mend },
    })
    assert.match(json.steps[0].message, /connection was refused/)
  })

  await t.test('nothing of a sign-in is kept in the open, or logged', async () => {
    const begun = await begin(hub)
    const idToken = await good(begun)
    const { rows } = await hub.hub.pool.query('select * from jackfield.pending_sign_on')
    for (const secret of [begun.state, begun.nonce]) assert.ok(!JSON.stringify(rows).includes(secret))
    issuer.answer = async () => tokens(idToken)
    await comeBack(begun)
    const kept = await hub.hub.pool.query(
      `select s::text, encode(id_token, 'escape') as bytes from jackfield.session_sign_on s`,
    )
    assert.ok(!JSON.stringify(kept.rows).includes(idToken.slice(0, 40)))
    for (const secret of [begun.state, idToken.slice(0, 40), 'a-code', 'a secret of the tests']) {
      assert.ok(!hub.lines.join('').includes(secret), secret)
    }
  })

  await t.test('it returns to paths of the console alone', async () => {
    for (const wanted of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/%2f/evil.example',
      '/\r\nx: y',
    ]) {
      const begun = await begin(hub, 'own', newVisitor(), wanted)
      issuer.answer = async () => tokens(await good(begun))
      assert.equal((await comeBack(begun)).url.href, `${hub.url}/`, wanted)
    }
  })

  await t.test(
    'keys that are changed between two sign-ins are read once more, and not for each bad token',
    async () => {
      assert.equal(problemOf(await attempt(good)), null)
      // As if the last reading for an unknown key were long ago.
      const restarted = await serveHub(t, {
        databaseUrl: hub.databaseUrl,
        environment: { ...environment, ...keyOf(hub) },
      })
      const signIn = async (make: (begun: Begun) => Promise<string>) => {
        const begun = await begin(restarted)
        issuer.answer = async () => tokens(await make(begun))
        return problemOf(await comeBack(begun))
      }
      assert.equal(await signIn(good), null)
      await issuer.rotate()
      issuer.asked.length = 0
      assert.equal(await signIn(good), null)
      const reads = () => issuer.asked.filter((path) => path === '/keys').length
      assert.equal(reads(), 1)
      for (let i = 0; i < 3; i++) {
        assert.equal(await signIn((begun) => issuer.sign(claims(begun), { kid: `unknown-${i}` })), 'sign_on.rejected')
      }
      assert.equal(reads(), 1)
      assert.equal(await signIn(good), null)
    },
  )
})
