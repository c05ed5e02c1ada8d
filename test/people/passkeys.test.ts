import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ServedHub, serveHub } from '../server/served-hub.ts'
import { type Authenticator, createAuthenticator } from './authenticator.ts'
import { goodPassword, newAccount, openPage, type Page, sessionCookie, signIn } from './page.ts'

async function addPasskey(page: Page, key: Authenticator, name = 'Laptop') {
  const options = await page.post('/me/passkeys/options')
  assert.equal(options.status, 200, JSON.stringify(options.json))
  return page.post('/me/passkeys', { name, response: key.create(options.json, page.origin) })
}

async function optionsOf(page: Page, path = '/session/passkey/options', body?: unknown) {
  const { status, json } = await page.post(path, body)
  assert.equal(status, 200, JSON.stringify(json))
  return json
}

async function signInBy(page: Page, key: Authenticator) {
  const options = await optionsOf(page)
  return page.post('/session/passkey', { passkey: key.get(options, page.origin) })
}

test('Passkeys', async (t) => {
  const hub = await serveHub(t)
  const { page, email, id } = await newAccount(hub, 'ann@example.org')
  const key = createAuthenticator()
  const account = async () => (await page.get('/me')).json

  await t.test('are made for this page, with finger or PIN, from a challenge that is used once', async () => {
    const options = await optionsOf(page, '/me/passkeys/options')
    assert.equal(options.rp.id, 'localhost')
    assert.deepEqual(options.authenticatorSelection.userVerification, 'required')
    const post = (response: unknown) => page.post('/me/passkeys', { name: 'Laptop', response })
    const bad = [
      key.create(options, 'https://evil.example'),
      key.create(await optionsOf(page, '/me/passkeys/options'), page.origin, { site: 'evil.example' }),
      key.create(await optionsOf(page, '/me/passkeys/options'), page.origin, { unverified: true }),
      // Its challenge was used by the first of these.
      key.create(options, page.origin),
      key.create({ ...options, challenge: 'bm90IG9mIHRoaXMgaHVi' }, page.origin),
      // A challenge for signing in makes none.
      key.create({ ...options, challenge: (await optionsOf(page)).challenge }, page.origin),
    ]
    for (const response of bad) {
      const { status, json } = await post(response)
      assert.equal(status, 400)
      assert.equal(json.error.code, 'passkey.refused')
    }
    assert.deepEqual((await account()).passkeys, [])
  })

  await t.test('the first brings recovery codes and a new token; the same again is refused', async () => {
    const [, before] = sessionCookie(page)!
    const added = await addPasskey(page, key)
    assert.equal(added.status, 201, JSON.stringify(added.json))
    assert.equal(added.json.passkey.site, 'localhost')
    assert.equal(added.json.recoveryCodes.length, 10)
    assert.notEqual(sessionCookie(page)![1], before)
    assert.equal((await addPasskey(page, key)).json.error.code, 'passkey.refused')
    const more = await addPasskey(page, createAuthenticator(), 'Telephone')
    assert.equal(more.json.recoveryCodes, null)
    const telephone = more.json.passkey.id
    const renamed = await page.ask('PATCH', `/me/passkeys/${telephone}`, { name: 'Old telephone' })
    assert.equal(renamed.json.name, 'Old telephone')
    const stranger = await newAccount(hub, 'bob@example.org')
    assert.equal((await stranger.page.ask('DELETE', `/me/passkeys/${telephone}`)).status, 404)
    assert.equal((await stranger.page.ask('PATCH', `/me/passkeys/${telephone}`, { name: 'Mine' })).status, 404)
    assert.equal((await page.ask('DELETE', `/me/passkeys/${telephone}`)).status, 204)
    assert.deepEqual(
      (await account()).passkeys.map((each: { name: string }) => each.name),
      ['Laptop'],
    )
  })

  await t.test('one alone signs in', async () => {
    const other = openPage(hub)
    const { status, json } = await signInBy(other, key)
    assert.equal(status, 200, JSON.stringify(json))
    assert.equal(json.id, id)
    const [session] = (await other.get('/me/sessions')).json.sessions
    assert.equal(session.method, 'passkey')
    assert.ok((await account()).passkeys[0].usedAt)
  })

  await t.test('what was shown once, elsewhere, unverified, or by a copy opens nothing', async () => {
    const other = openPage(hub)
    const options = await optionsOf(other)
    const shown = key.get(options, other.origin)
    assert.equal((await other.post('/session/passkey', { passkey: shown })).status, 200)
    const fresh = () => optionsOf(other)
    const proof = await optionsOf(page, '/session/proof/options')
    const bad = {
      'a replay': shown,
      'the page of a phisher': key.get(await fresh(), 'https://evil.example'),
      'another port': key.get(await fresh(), 'http://localhost:1'),
      'a key of another site': key.get(await fresh(), other.origin, { site: 'evil.example' }),
      'nobody touched it': key.get(await fresh(), other.origin, { unverified: true }),
      'a copy, whose counter is behind': key.get(await fresh(), other.origin, { counter: 1 }),
      'another person named': key.get(await fresh(), other.origin, { userHandle: 'c29tZWJvZHkgZWxzZQ' }),
      'a challenge of nobody': key.get({ ...options, challenge: 'bm90IG9mIHRoaXMgaHVi' }, other.origin),
      'a challenge for a proof': key.get(proof, other.origin),
      'a key that nobody has': createAuthenticator().get(await fresh(), other.origin),
    }
    const thief = openPage(hub)
    for (const [what, passkey] of Object.entries(bad)) {
      const { status, json } = await thief.post('/session/passkey', { passkey })
      assert.equal(status, 401, what)
      assert.equal(json.error.code, 'auth.rejected', what)
      assert.equal(json.error.message, 'The passkey was not accepted', what)
      assert.equal(sessionCookie(thief), undefined, what)
    }
    const late = await fresh()
    await hub.hub.pool.query(`update jackfield.passkey_challenge set expires_at = now() - interval '1 second'`)
    const { status } = await thief.post('/session/passkey', { passkey: key.get(late, thief.origin, { counter: 90 }) })
    assert.equal(status, 401)
  })

  await t.test('two who bring the same answer at the same moment: one is let in', async () => {
    const other = openPage(hub)
    const passkey = key.get(await optionsOf(other), other.origin, { counter: 100 })
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => openPage(hub).post('/session/passkey', { passkey })),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401, 401])
  })

  await t.test('is asked for after the password, where there is one', async () => {
    const other = openPage(hub)
    const { secondStep } = (await signIn(other, email, goodPassword)).json
    assert.deepEqual(secondStep.methods, ['passkey', 'recovery_code'])
    const { ticket } = secondStep
    const options = await optionsOf(other, '/session/second-step/options', { ticket })
    assert.equal(options.allowCredentials.length, 1)
    // Bob's own passkey and challenge do not finish Ann's sign-in.
    const bob = await newAccount(hub, 'bert@example.org')
    const bobs = createAuthenticator()
    await addPasskey(bob.page, bobs)
    const theirs = bobs.get(options, other.origin)
    assert.equal((await other.post('/session/second-step', { ticket, passkey: theirs })).status, 401)
    const again = await optionsOf(other, '/session/second-step/options', { ticket })
    const done = await other.post('/session/second-step', { ticket, passkey: key.get(again, other.origin) })
    assert.equal(done.json.id, id)
  })

  await t.test('proves that it is still its person', async () => {
    await hub.hub.pool.query(`update jackfield.session set proven_at = now() - interval '1 hour'`)
    assert.equal((await page.post('/me/recovery-codes')).status, 403)
    const options = await optionsOf(page, '/session/proof/options')
    assert.equal((await page.post('/session/proof', { passkey: key.get(options, page.origin) })).status, 204)
    assert.equal((await page.post('/me/recovery-codes')).status, 200)
  })

  await t.test('an address without a name is told how to be opened', async () => {
    const { status, json } = await hub.ask('/api/v1/session/passkey/options', {
      method: 'POST',
      key: null,
      headers: { 'x-jackfield': '1' },
    })
    assert.equal(status, 400)
    assert.match(json.error.mend, /http:\/\/localhost/)
  })
})

test('A hub with a public address makes passkeys for that address alone, whatever a request says of its host', async (t) => {
  const hub: ServedHub = await serveHub(t, { environment: { JACKFIELD_PUBLIC_URL: 'https://hub.example.org' } })
  const ask = (path: string, json?: unknown, cookie = '') =>
    hub.ask(path, {
      ...{ method: 'POST', key: null, headers: { origin: 'https://hub.example.org', cookie } },
      ...(json === undefined ? {} : { json }),
    })
  const token = new URL(await hub.signInLink()).hash.slice(1)
  const begun = await ask('/api/v1/session', { token })
  const cookie = begun.headers.getSetCookie()[0]!
  assert.match(cookie, /^__Host-jackfield=.*Secure/)
  const options = await ask('/api/v1/me/passkeys/options', undefined, cookie.split(';', 1)[0]!)
  assert.equal(options.json.rp.id, 'hub.example.org')
  const key = createAuthenticator()
  const post = (origin: string) =>
    ask('/api/v1/me/passkeys', { name: 'Laptop', response: key.create(options.json, origin) }, cookie.split(';', 1)[0]!)
  assert.equal((await post('https://hub.example.org')).status, 201)
})
