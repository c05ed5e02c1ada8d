import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TOTP } from 'otpauth'
import { type ServedHub, serveHub } from '../server/served-hub.ts'
import { goodPassword, newAccount, openByLink, openPage, type Page, sessionCookie, signIn } from './page.ts'

const appOf = (secret: string) => new TOTP({ secret })

/** A code of the step so many steps from now. */
const codeAt = (app: TOTP, steps: number) => app.generate({ timestamp: Date.now() + steps * 30_000 })

/** Steps are used once; in a test time stands still. */
const forgetSteps = ({ hub }: ServedHub) => hub.pool.query('update jackfield.totp set last_step = 0')

async function addApp(page: Page): Promise<{ app: TOTP; recoveryCodes: string[] }> {
  const begun = await page.post('/me/totp')
  assert.equal(begun.status, 200, JSON.stringify(begun.json))
  const app = appOf(begun.json.secret)
  const confirmed = await page.post('/me/totp/confirm', { code: app.generate() })
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.json))
  return { app, recoveryCodes: confirmed.json.recoveryCodes }
}

async function ticketOf(hub: ServedHub, email: string): Promise<{ page: Page; ticket: string; methods: string[] }> {
  const page = openPage(hub)
  const { json } = await signIn(page, email, goodPassword)
  assert.equal(sessionCookie(page), undefined)
  return { page, ...json.secondStep }
}

test('An app for codes', async (t) => {
  const hub = await serveHub(t)
  const { page, email, id } = await newAccount(hub, 'ann@example.org')
  const { rows: before } = await hub.hub.pool.query('select from jackfield.totp')
  assert.equal(before.length, 0)

  await t.test('is in force only after its first code, and tells when a clock is wrong', async () => {
    const begun = await page.post('/me/totp')
    const app = appOf(begun.json.secret)
    assert.match(begun.json.uri, /^otpauth:\/\/totp\/Jackfield:ann%40example\.org\?.*issuer=Jackfield/)
    assert.equal((await signIn(openPage(hub), email, goodPassword)).json.secondStep, undefined)
    const late = await page.post('/me/totp/confirm', { code: codeAt(app, -120) })
    assert.equal(late.json.error.code, 'factor.code_wrong')
    assert.match(late.json.error.mend, /6[01] minutes behind/)
    assert.equal((await page.post('/me/totp/confirm', { code: codeAt(app, 1440 * 2 + 5) })).status, 400)
    assert.equal((await page.get('/me')).json.hasTotp, false)
    // A second beginning replaces the first.
    await page.post('/me/totp')
    assert.equal((await page.post('/me/totp/confirm', { code: app.generate() })).status, 400)
  })

  const former = sessionCookie(page)![1]
  const { app, recoveryCodes } = await addApp(page)

  await t.test('brings a new token for the session, and ten recovery codes; the secret is sealed', async () => {
    assert.notEqual(sessionCookie(page)![1], former)
    assert.equal(new Set(recoveryCodes).size, 10)
    const account = await page.get('/me')
    assert.equal(account.json.recoveryCodes, 10)
    const { rows } = await hub.hub.pool.query('select secret from jackfield.totp')
    assert.ok(!rows[0].secret.includes(app.secret.base32) && !rows[0].secret.includes(Buffer.from(app.secret.bytes)))
    assert.ok(!hub.lines.join('').includes(app.secret.base32))
  })

  await t.test('is asked for after the password; each code once, also of two at the same moment', async () => {
    await forgetSteps(hub)
    const code = app.generate()
    const asked = await Promise.all([ticketOf(hub, email), ticketOf(hub, email), ticketOf(hub, email)])
    assert.deepEqual(asked[0]!.methods, ['totp', 'recovery_code'])
    const answers = await Promise.all(
      asked.map(({ page, ticket }) => page.post('/session/second-step', { ticket, code })),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401])
    const again = await ticketOf(hub, email)
    assert.equal((await again.page.post('/session/second-step', { ticket: again.ticket, code })).status, 401)
    const sessions = (await page.get('/me/sessions')).json.sessions
    assert.ok(sessions.some(({ method }: { method: string }) => method === 'password_and_code'))
  })

  await t.test('may be half a minute off and no more, and what is older than a used code is over', async () => {
    const step = async (steps: number) => {
      const { page: other, ticket } = await ticketOf(hub, email)
      return (await other.post('/session/second-step', { ticket, code: codeAt(app, steps) })).status
    }
    await forgetSteps(hub)
    assert.equal(await step(3), 401)
    assert.equal(await step(-3), 401)
    assert.equal(await step(1), 200)
    assert.equal(await step(0), 401)
    await forgetSteps(hub)
    // Half a step past at most, should the clock go on meanwhile.
    assert.equal(await step(0), 200)
  })

  await t.test('a ticket is good for five tries and for one sign-in', async () => {
    const { page: other, ticket } = await ticketOf(hub, email)
    for (let i = 0; i < 5; i++) {
      const { json } = await other.post('/session/second-step', { ticket, code: 'no-such-code' })
      assert.equal(json.error.code, 'auth.rejected')
    }
    const { json } = await other.post('/session/second-step', { ticket, code: recoveryCodes[9] })
    assert.equal(json.error.code, 'auth.required')
    const late = await ticketOf(hub, email)
    await hub.hub.pool.query(`update jackfield.sign_in_ticket set expires_at = now() - interval '1 second'`)
    const { status } = await late.page.post('/session/second-step', { ticket: late.ticket, code: recoveryCodes[9] })
    assert.equal(status, 401)
  })

  await t.test('who knows the password cannot try all codes', async () => {
    await hub.hub.pool.query('delete from jackfield.sign_in_count')
    await hub.hub.pool.query('delete from jackfield.known_device')
    const wrong = ['000000', '111111', '222222', '333333', '444444'].filter((code) => code !== app.generate())
    const statuses: number[] = []
    for (let round = 0; round < 6; round++) {
      const { page: other, ticket } = await ticketOf(hub, email)
      for (const code of wrong) statuses.push((await other.post('/session/second-step', { ticket, code })).status)
    }
    assert.ok(statuses.filter((status) => status === 401).length <= 20)
    assert.equal(statuses.at(-1), 429)
    // Recovery codes cannot be guessed, and still open.
    const { page: other, ticket } = await ticketOf(hub, email)
    const code = ` ${recoveryCodes[0]!.toLowerCase().replaceAll('-', ' ')} `
    assert.equal((await other.post('/session/second-step', { ticket, code })).status, 200)
    const again = await ticketOf(hub, email)
    assert.equal((await again.page.post('/session/second-step', { ticket: again.ticket, code })).status, 401)
    assert.equal((await page.get('/me')).json.recoveryCodes, 9)
  })

  await t.test('new recovery codes end the old ones', async () => {
    const { json } = await page.post('/me/recovery-codes')
    assert.equal(json.recoveryCodes.length, 10)
    const { page: other, ticket } = await ticketOf(hub, email)
    assert.equal((await other.post('/session/second-step', { ticket, code: recoveryCodes[5] })).status, 401)
    assert.equal((await other.post('/session/second-step', { ticket, code: json.recoveryCodes[5] })).status, 200)
  })

  await t.test('lets a short password be enough, which then cannot stay alone', async () => {
    assert.equal((await page.post('/me/totp')).json.error.code, 'factor.exists')
    assert.equal((await page.ask('PUT', '/me/password', { password: 'kq9wtz7p' })).status, 204)
    const refused = await page.ask('DELETE', '/me/totp')
    assert.equal(refused.status, 409)
    assert.equal(refused.json.error.code, 'factor.needed')
    assert.equal((await page.get('/me')).json.hasTotp, true)
    assert.equal((await page.ask('PUT', '/me/password', { password: goodPassword })).status, 204)
    assert.equal((await page.ask('DELETE', '/me/totp')).status, 204)
    assert.equal((await signIn(openPage(hub), email, goodPassword)).json.session.id, id)
    assert.equal((await page.post('/me/recovery-codes')).json.error.code, 'factor.needed')
  })
})

test('Proof', async (t) => {
  const hub = await serveHub(t)
  const { page, email } = await newAccount(hub, 'ann@example.org', ['administrator'])
  const age = () => hub.hub.pool.query(`update jackfield.session set proven_at = now() - interval '11 minutes'`)
  const person = { email: 'new@example.org', name: 'New', roles: ['administrator'] }

  await t.test('is asked for whatever would outlast a stolen session', async () => {
    await age()
    assert.equal((await page.get('/me')).json.provenUntil, null)
    const id = (await page.get('/me')).json.id
    for (const [method, path, body] of [
      ['PATCH', '/me', { email: 'thief@example.org' }],
      ['PUT', '/me/password', { password: 'password of the thief' }],
      ['POST', '/me/totp', undefined],
      ['POST', '/me/totp/confirm', { code: '123456' }],
      ['DELETE', '/me/totp', undefined],
      ['POST', '/me/recovery-codes', undefined],
      ['POST', '/me/passkeys/options', undefined],
      ['DELETE', `/me/passkeys/${id}`, undefined],
      ['POST', '/invitations', person],
      ['PATCH', `/people/${id}`, { roles: ['administrator', 'auditor'] }],
      ['POST', `/people/${id}/reset`, undefined],
      ['POST', `/people/${id}/activate`, undefined],
      ['DELETE', `/people/${id}`, undefined],
    ] as const) {
      const { status, json } = await page.ask(method, path, body)
      assert.equal(json?.error.code, 'auth.proof_needed', `${method} ${path}`)
      assert.equal(status, 403)
    }
    assert.equal((await page.ask('PATCH', '/me', { name: 'Ann' })).status, 200)
  })

  await t.test('by password brings a new token, and the one before has nothing of it', async () => {
    const [name, before] = sessionCookie(page)!
    assert.equal((await page.post('/session/proof', { password: 'not the password' })).status, 401)
    assert.equal((await page.post('/invitations', person)).status, 403)
    assert.equal((await page.post('/session/proof', { password: goodPassword })).status, 204)
    assert.notEqual(page.cookies.get(name), before)
    const thief = openPage(hub)
    thief.cookies.set(name, before)
    assert.equal((await thief.get('/me')).status, 401)
    assert.equal((await page.post('/invitations', person)).status, 201)
    assert.ok(Date.parse((await page.get('/me')).json.provenUntil) > Date.now())
  })

  await t.test('a new password ends all other sessions, and links that were handed out', async () => {
    const other = openPage(hub)
    await signIn(other, email, goodPassword)
    const link = new URL(await hub.signInLink(email)).hash.slice(1)
    assert.equal((await page.ask('PUT', '/me/password', { password: 'another good password' })).status, 204)
    assert.equal((await other.get('/me')).status, 401)
    assert.equal((await page.get('/me')).status, 200)
    assert.equal((await openPage(hub).post('/session', { token: link })).status, 401)
    assert.equal((await signIn(openPage(hub), email, goodPassword)).status, 401)
    assert.equal((await signIn(openPage(hub), email, 'another good password')).status, 200)
  })

  await t.test('the first administrator, who has nothing to show yet, sets name, address and password', async () => {
    const first = await openByLink(hub)
    // There is an administrator already; the link is theirs.
    assert.equal((await first.get('/me')).json.email, email)
    const fresh = await serveHub(t)
    const administrator = await openByLink(fresh)
    await fresh.hub.pool.query(`update jackfield.session set proven_at = now() - interval '1 hour'`)
    const shown = await administrator.get('/me')
    assert.deepEqual([shown.json.name, shown.json.email, shown.json.hasPassword], ['Administrator', null, false])
    assert.equal((await administrator.ask('PATCH', '/me', { name: 'Eve', email: 'eve@example.org' })).status, 200)
    assert.equal((await administrator.ask('PUT', '/me/password', { password: goodPassword })).status, 204)
    assert.equal((await signIn(openPage(fresh), 'eve@example.org', goodPassword)).status, 200)
    // The next link is the same person's.
    assert.equal((await (await openByLink(fresh)).get('/me')).json.id, shown.json.id)
  })

  await t.test('keys have no account', async () => {
    for (const path of ['/me', '/me/sessions']) {
      const { status, json } = await hub.ask(`/api/v1${path}`)
      assert.equal(status, 403)
      assert.equal(json.error.code, 'auth.denied')
    }
  })
})
