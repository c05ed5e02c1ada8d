import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noteSessionUse } from '#people/session.ts'
import { digest } from '#people/token.ts'
import { type ServedHub, serveHub, until } from '../server/served-hub.ts'
import { goodPassword, newAccount, openByLink, openPage, type Page, sessionCookie, signIn } from './page.ts'

/** Changes what is stored of all sessions, and has the hub look again. */
async function alter(hub: ServedHub, change: string): Promise<void> {
  await hub.hub.pool.query(`update jackfield.session set ${change}`)
  hub.hub.credentials.forget()
}

/** The same browser as it was, with the token that it had then. */
function copyOf(hub: ServedHub, page: Page): Page {
  const copy = openPage(hub)
  for (const [name, value] of page.cookies) copy.cookies.set(name, value)
  return copy
}

test('Sessions', async (t) => {
  const hub = await serveHub(t)
  const { page, email } = await newAccount(hub, 'ann@example.org')

  await t.test('end when they are not used, and at the latest after a week, used or not', async () => {
    const { expiresAt } = (await page.get('/session')).json
    const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000
    assert.ok(hours > 11.9 && hours < 12.1, `${hours}`)
    await alter(hub, `idle_until = now() - interval '1 second'`)
    assert.equal((await page.get('/me')).status, 401)
    await signIn(page, email, goodPassword)
    // A use moves the end on, and not beyond the last.
    await alter(hub, `seen_at = now() - interval '2 hours', ends_at = now() + interval '1 hour' where ended_at is null`)
    await noteSessionUse(hub.hub.pool, digest(sessionCookie(page)![1]), hub.hub.people.limits)
    hub.hub.credentials.forget()
    assert.ok(Date.parse((await page.get('/session')).json.expiresAt) <= Date.now() + 3_600_000)
    await alter(hub, `ends_at = now() - interval '1 second', idle_until = now() + interval '1 hour'`)
    assert.equal((await page.get('/me')).status, 401)
    await signIn(page, email, goodPassword)
  })

  await t.test('get a new token each hour; the one before ends soon after the new one is shown', async () => {
    await alter(hub, `token_at = now() - interval '61 minutes'`)
    const before = copyOf(hub, page)
    assert.equal((await page.get('/me')).status, 200)
    assert.notEqual(sessionCookie(page)![1], sessionCookie(before)![1])
    // An answer that never arrived signs nobody out: nothing is known of the new token's use.
    await alter(hub, `token_at = now() - interval '10 minutes'`)
    assert.equal((await copyOf(hub, before).get('/me')).status, 200)
    assert.equal((await page.get('/me')).status, 200)
    const left = await until('the older token gets an end', async () => {
      const { rows } = await hub.hub.pool.query(
        'select extract(epoch from older_until - now())::float as left from jackfield.session where older_until is not null',
      )
      return rows[0]?.left
    })
    assert.ok(left > 0 && left <= 30, `${left}`)
    assert.equal((await copyOf(hub, before).get('/me')).status, 200)
    await alter(hub, `older_until = now() - interval '1 second' where older_until is not null`)
    assert.equal((await copyOf(hub, before).get('/me')).status, 401)
    assert.equal((await page.get('/me')).status, 200)
  })

  await t.test('of many requests at once one brings the new token, and all are answered', async () => {
    await alter(hub, `token_at = now() - interval '61 minutes'`)
    const copies = Array.from({ length: 10 }, () => copyOf(hub, page))
    const [, before] = sessionCookie(page)!
    const answers = await Promise.all(copies.map((copy) => copy.get('/me')))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    const renewed = copies.filter((copy) => sessionCookie(copy)![1] !== before)
    assert.equal(renewed.length, 1)
    page.cookies.set(...sessionCookie(renewed[0]!)!)
    assert.equal((await page.get('/me')).status, 200)
  })

  await t.test('are listed for their person, with place and browser, and ended one by one or all others', async () => {
    const others = [openPage(hub, { 'user-agent': 'Telephone' }), openPage(hub, { 'user-agent': 'x'.repeat(5_000) })]
    for (const other of others) await signIn(other, email, goodPassword)
    const { sessions } = (await page.get('/me/sessions')).json
    assert.equal(sessions.filter(({ current }: { current: boolean }) => current).length, 1)
    const telephone = sessions.find(({ agent }: { agent: string }) => agent === 'Telephone')
    assert.match(telephone.address, /^(127\.0\.0\.1|::1)$/)
    assert.equal(telephone.method, 'password')
    assert.ok(sessions.every(({ agent }: { agent: string }) => agent.length <= 300))
    assert.equal((await page.ask('DELETE', `/me/sessions/${telephone.id}`)).status, 204)
    assert.equal((await others[0]!.get('/me')).status, 401)
    assert.equal((await page.ask('DELETE', '/me/sessions')).status, 204)
    assert.equal((await others[1]!.get('/me')).status, 401)
    assert.equal((await page.get('/me/sessions')).json.sessions.length, 1)
    const { rows } = await hub.hub.pool.query('select address, agent from jackfield.session where ended_at is not null')
    assert.ok(rows.length > 0 && rows.every(({ address, agent }) => address === null && agent === null))
  })

  await t.test('signing out ends the session, not only the cookie', async () => {
    const copy = copyOf(hub, page)
    assert.equal((await page.ask('DELETE', '/session')).status, 204)
    assert.equal(sessionCookie(page), undefined)
    assert.equal((await copy.get('/me')).status, 401)
  })
})

test('What another process ended is over within seconds, and settings say how long sessions last', async (t) => {
  const environment = { JACKFIELD_SESSION_IDLE_HOURS: '2', JACKFIELD_SESSION_DAYS: '1' }
  const hub = await serveHub(t, { environment })
  const beside = await serveHub(t, { databaseUrl: hub.databaseUrl, environment: sameKey(hub) })
  const admin = await openByLink(hub)
  const { expiresAt } = (await admin.get('/session')).json
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 2 * 3_600_000) < 60_000)
  const ann = await newAccount(hub, 'ann@example.org')
  assert.equal((await ann.page.get('/me')).status, 200)
  await beside.ask(`/api/v1/people/${ann.id}/suspend`, { method: 'POST' })
  await until('the session is refused', async () => (await ann.page.get('/me')).status === 401)
})

/** Processes of one hub share the master key. */
const sameKey = (hub: ServedHub) => ({ JACKFIELD_MASTER_KEY_FILE: `${hub.dataFolder}/master.key` })
