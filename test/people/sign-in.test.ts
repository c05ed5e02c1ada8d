import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServedHub, serveHub } from '../server/served-hub.ts'
import { goodPassword, newAccount, openByLink, openPage, sessionCookie, signIn } from './page.ts'

/** Makes what is counted look old, so that nobody waits in a test. */
const forgetCounts = (hub: ServedHub) => hub.hub.pool.query('delete from jackfield.sign_in_count')

test('Signing in by password', async (t) => {
  const hub = await serveHub(t)
  const ann = await newAccount(hub, 'Ann@example.org')

  await t.test('the right password signs in, however the address is written', async () => {
    const page = openPage(hub)
    const answer = await signIn(page, ' aNN@EXAMPLE.org ', goodPassword)
    assert.equal(answer.status, 200)
    assert.equal(answer.json.session.id, ann.id)
    assert.deepEqual([...answer.json.session.permissions].sort(), ['read:records', 'use:desktop', 'write:records'])
    const [name, token] = sessionCookie(page)!
    assert.match(
      answer.headers.getSetCookie().find((text) => text.startsWith(`${name}=`))!,
      /HttpOnly.*SameSite=Strict/,
    )
    assert.equal((await page.get('/me')).json.email, 'Ann@example.org')
    const { rows } = await hub.hub.pool.query('select * from jackfield.session')
    assert.ok(!JSON.stringify(rows).includes(token!))
  })

  await t.test('a wrong password and an address that nobody has get the same answer', async () => {
    const wrong = await signIn(openPage(hub), 'ann@example.org', 'not the password of ann')
    const unknown = await signIn(openPage(hub), 'nobody@example.org', 'not the password of ann')
    assert.equal(wrong.status, 401)
    assert.equal(wrong.json.error.code, 'auth.rejected')
    assert.deepEqual(unknown.json, wrong.json)
    assert.equal(unknown.status, wrong.status)
    const names = (answer: typeof wrong) => [...answer.headers.keys()].filter((name) => name !== 'date').sort()
    assert.deepEqual(names(unknown), names(wrong))
    await forgetCounts(hub)
  })

  await t.test('both cost the same work', async () => {
    const verified: (string | null)[] = []
    const { passwords } = hub.hub.people
    const { verify } = passwords
    t.mock.method(passwords, 'verify', (password: string, stored: string | null) => {
      verified.push(stored)
      return verify(password, stored)
    })
    await signIn(openPage(hub), 'ann@example.org', 'not the password of ann')
    await signIn(openPage(hub), 'nobody@example.org', 'not the password of ann')
    t.mock.restoreAll()
    assert.match(verified[0] ?? '', /^\$argon2id/)
    assert.equal(verified[1], null)
    await forgetCounts(hub)
  })

  await t.test('what a browser had before signing in is worth nothing after', async () => {
    const page = openPage(hub)
    const [name] = sessionCookie(ann.page)!
    // Planted by somebody who would like to share the session.
    const planted = 'x'.repeat(43)
    page.cookies.set(name, planted)
    assert.equal((await signIn(page, ann.email, goodPassword)).status, 200)
    assert.notEqual(page.cookies.get(name), planted)
    const thief = openPage(hub)
    thief.cookies.set(name, planted)
    assert.equal((await thief.get('/me')).status, 401)
    // Another's real session in this browser ends as well.
    const before = page.cookies.get(name)!
    assert.equal((await signIn(page, ann.email, goodPassword)).status, 200)
    thief.cookies.set(name, before)
    assert.equal((await thief.get('/me')).status, 401)
    assert.equal((await page.get('/me')).status, 200)
  })

  await t.test('nothing is done for a page of another site', async () => {
    const bodies: Record<string, unknown> = {
      '/session/password': { email: ann.email, password: goodPassword },
      '/session/second-step': { ticket: 'x', code: '123456' },
      '/session/second-step/options': { ticket: 'x' },
      '/session/passkey/options': undefined,
      '/invitations/show': { token: 'x' },
      '/invitations/accept': { token: 'x', name: 'x', password: goodPassword },
      '/session/proof': { password: goodPassword },
      '/session/proof/options': undefined,
      '/me/totp': undefined,
      '/me/totp/confirm': { code: '123456' },
      '/me/passkeys/options': undefined,
      '/me/recovery-codes': undefined,
    }
    for (const [path, body] of Object.entries(bodies)) {
      for (const origin of ['https://evil.example', 'null', ann.page.origin.replace(/:\d+$/, ':1')]) {
        const answer = await ann.page.ask('POST', path, body, { origin })
        assert.equal(answer.status, 403, `${path} from ${origin}`)
        assert.equal(answer.json.error.code, 'auth.denied', path)
        assert.deepEqual(answer.headers.getSetCookie(), [], path)
      }
    }
    for (const [method, path, body] of [
      ['PATCH', '/me', { name: 'Evil' }],
      ['PUT', '/me/password', { password: 'a password of another' }],
      ['DELETE', '/me/totp', undefined],
      ['DELETE', '/me/sessions', undefined],
      ['DELETE', '/session', undefined],
    ] as const) {
      const { status } = await ann.page.ask(method, path, body, { origin: 'https://evil.example' })
      assert.equal(status, 403, `${method} ${path}`)
    }
    assert.equal((await ann.page.get('/me')).json.name, 'Somebody')
  })

  await t.test('a password of a megabyte is refused before it is hashed', async () => {
    const long = await signIn(openPage(hub), ann.email, 'x'.repeat(1_000_000))
    assert.equal(long.status, 400)
    assert.equal(long.json.error.code, 'input.invalid')
    assert.equal((await signIn(openPage(hub), ann.email, 'x'.repeat(1_100_000))).status, 413)
    const set = await ann.page.ask('PUT', '/me/password', { password: 'y'.repeat(1_000_000) })
    assert.equal(set.status, 400)
  })

  await t.test('a flood of sign-ins is a queue of bounded length', async () => {
    // Others leave room for two, until one of the flood was sent away: where each attempt takes longer to be counted than
    // a password to be looked at, sixty alone would fill no queue.
    let isFull = false
    const others = Array.from({ length: 16 }, async () => {
      while (!isFull) await hub.hub.people.passwords.verify('x', null).catch(() => wait(1))
    })
    const flood = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const answer = await signIn(openPage(hub), `flood${i}@example.org`, 'no password of anybody')
        isFull ||= answer.status === 429
        return answer
      }),
    )
    isFull = true
    await Promise.all(others)
    const refused = flood.filter(({ status }) => status === 429)
    assert.ok(refused.length > 0, 'all were let in')
    for (const { json, headers } of refused) {
      assert.equal(json.error.code, 'auth.throttled')
      assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    }
    assert.ok(flood.some(({ status }) => status === 401))
    await forgetCounts(hub)
    assert.equal((await signIn(openPage(hub), ann.email, goodPassword)).status, 200)
  })
})

test('Guessing', async (t) => {
  const hub = await serveHub(t, { environment: { JACKFIELD_TRUST_PROXIES: '127.0.0.0/8, ::1' } })
  const { email } = await newAccount(hub, 'ann@example.org')
  const from = (address: string) => openPage(hub, { 'x-forwarded-for': address })
  const wrong = 'not the password of ann'

  await t.test('ends after ten failures from one place, and the right password is not looked at then', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) statuses.push((await signIn(from(`203.0.113.${i}`), email, wrong)).status)
    assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429])
    const right = await signIn(from('203.0.113.99'), email, goodPassword)
    assert.equal(right.status, 429)
    const seconds = Number(right.headers.get('retry-after'))
    assert.ok(seconds > 60 && seconds <= 15 * 60, `${seconds}`)
    assert.equal((await signIn(from('198.51.100.1'), email, goodPassword)).status, 200)
  })

  await t.test('many at once do not get past the limit together', async () => {
    const tries = await Promise.all(Array.from({ length: 16 }, () => signIn(from('192.0.2.1'), email, wrong)))
    assert.ok(tries.filter(({ status }) => status === 401).length <= 10)
    assert.ok(tries.some(({ status }) => status === 429))
  })

  await t.test('nobody can lock the owner out of a browser that they use', async () => {
    await forgetCounts(hub)
    const own = from('192.0.2.200')
    assert.equal((await signIn(own, email, goodPassword)).status, 200)
    await own.ask('DELETE', '/session')
    // As if the whole world had guessed all day, from here as well.
    await signIn(from('192.0.2.201'), email, wrong)
    await signIn(from('10.1.1.1'), email, wrong)
    await hub.hub.pool.query('update jackfield.sign_in_count set count = 100000')
    assert.equal((await signIn(from('192.0.2.201'), email, goodPassword)).status, 429)
    assert.equal((await signIn(from('172.16.9.9'), email, goodPassword)).status, 429)
    assert.equal((await signIn(own, email, goodPassword)).status, 200)
    // The link of the machine's operator is never refused.
    assert.equal((await (await openByLink(hub, email)).get('/me')).status, 200)
  })

  await t.test('the browser that is known has its own limit', async () => {
    await forgetCounts(hub)
    const own = from('192.0.2.200')
    assert.equal((await signIn(own, email, goodPassword)).status, 200)
    for (let i = 0; i < 10; i++) assert.equal((await signIn(own, email, wrong)).status, 401)
    assert.equal((await signIn(own, email, goodPassword)).status, 429)
    assert.equal((await signIn(from('192.0.2.9'), email, goodPassword)).status, 200)
  })

  await t.test('an address that nobody has fills up in the same way', async () => {
    await forgetCounts(hub)
    for (let i = 0; i < 10; i++) {
      assert.equal((await signIn(from('203.0.113.5'), 'no@example.org', wrong)).status, 401)
    }
    assert.equal((await signIn(from('203.0.113.5'), 'no@example.org', wrong)).status, 429)
    assert.equal((await signIn(from('203.0.113.5'), email, goodPassword)).status, 200)
  })
})
