import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { serveHub } from '../server/served-hub.ts'
import { goodPassword, newAccount, openByLink, openPage, signIn } from './page.ts'

test('Invitations', async (t) => {
  const hub = await serveHub(t)
  const admin = await openByLink(hub)
  const invite = (email: string, roles = ['supervisor']) =>
    admin.post('/invitations', { email, name: 'Somebody', roles })
  const accept = (token: string, password = goodPassword) =>
    openPage(hub).post('/invitations/accept', { token, name: 'Ann', password })

  await t.test('make an account once, also of many who accept at the same moment', async () => {
    const { status, json } = await invite('ann@example.org')
    assert.equal(status, 201)
    const shown = await openPage(hub).post('/invitations/show', { token: json.token })
    assert.deepEqual([shown.json.email, shown.json.roles], ['ann@example.org', ['supervisor']])
    assert.equal(shown.json.token, undefined)
    assert.equal((await accept(json.token, 'too short')).json.error.code, 'password.refused')
    const answers = await Promise.all(Array.from({ length: 6 }, () => accept(json.token)))
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 410, 410, 410, 410, 410])
    const again = await accept(json.token)
    assert.equal(again.json.error.code, 'invitation.over')
    assert.equal((await openPage(hub).post('/invitations/show', { token: json.token })).status, 410)
    const { people } = (await admin.get('/people')).json
    assert.deepEqual(
      people.map((person: { email: string; roles: string[] }) => [person.email, person.roles]).sort(),
      [
        [null, ['administrator']],
        ['ann@example.org', ['supervisor']],
      ].sort(),
    )
    const { rows } = await hub.hub.pool.query('select * from jackfield.invitation')
    assert.ok(!JSON.stringify(rows).includes(json.token))
    assert.ok(!hub.lines.join('').includes(json.token))
  })

  await t.test('of one address, the last counts; of an address with an account, none is made', async () => {
    assert.equal((await invite('Ann@Example.org')).json.error.code, 'people.exists')
    const [first, second] = await Promise.all([invite('bob@example.org'), invite('BOB@example.org')])
    assert.deepEqual([first.status, second.status], [201, 201])
    const open = (await admin.get('/invitations')).json.invitations
    assert.equal(open.length, 1)
    const tokens = [first.json, second.json]
    const good = tokens.find(({ id }) => id === open[0].id)!
    const over = tokens.find(({ id }) => id !== open[0].id)!
    assert.equal((await accept(over.token)).status, 410)
    assert.equal((await accept(good.token)).status, 200)
  })

  await t.test('that are withdrawn, or older than a week, are over', async () => {
    const withdrawn = (await invite('c@example.org')).json
    assert.equal((await admin.ask('DELETE', `/invitations/${withdrawn.id}`)).status, 204)
    assert.equal((await accept(withdrawn.token)).status, 410)
    const late = (await invite('d@example.org')).json
    assert.ok(Date.parse(late.expiresAt) > Date.now() + 6.9 * 86_400_000)
    await hub.hub.pool.query(`update jackfield.invitation set expires_at = now() where id = $1`, [late.id])
    assert.equal((await accept(late.token)).status, 410)
    assert.equal((await admin.get('/invitations')).json.invitations.length, 0)
  })

  await t.test('of somebody who has lost the right since are over', async () => {
    const eve = await newAccount(hub, 'eve@example.org', ['administrator'])
    const left = await eve.page.post('/invitations', {
      email: 'f@example.org',
      name: 'Frank',
      roles: ['administrator'],
    })
    assert.equal((await admin.post(`/people/${eve.id}/suspend`)).status, 200)
    assert.equal((await accept(left.json.token)).json.error.code, 'invitation.over')
  })

  await t.test('to a role that was removed since are over', async () => {
    const role = (await admin.post('/roles', { name: 'Desk', copyOf: 'agent' })).json
    const { json } = await invite('desk@example.org', [role.id])
    assert.equal((await admin.ask('DELETE', `/roles/${role.id}`)).status, 204)
    assert.equal((await accept(json.token)).json.error.code, 'invitation.over')
    const unknown = await invite('desk@example.org', [role.id])
    assert.deepEqual([unknown.status, unknown.json.error.field], [404, 'role'])
  })

  await t.test('give nothing away that the inviter does not have', async () => {
    const key = await hub.newKey('manage:people')
    const asked = await hub.ask('/api/v1/invitations', {
      key,
      json: { email: 'e@example.org', name: 'Eve', roles: ['administrator'] },
    })
    assert.equal(asked.status, 403)
    const ann = (await admin.get('/people')).json.people.find(
      (each: { email: string }) => each.email === 'ann@example.org',
    )
    const raised = await hub.ask(`/api/v1/people/${ann.id}`, {
      key,
      method: 'PATCH',
      json: { roles: ['administrator'] },
    })
    assert.equal(raised.status, 403)
    // Nor does it become somebody who may more.
    assert.equal((await hub.ask(`/api/v1/people/${ann.id}/reset`, { key, method: 'POST' })).status, 403)
    assert.equal((await hub.ask(`/api/v1/people/${ann.id}`, { key, method: 'DELETE' })).status, 403)
  })
})

test('The last administrator', async (t) => {
  const hub = await serveHub(t)
  const first = await openByLink(hub)
  const { id } = (await first.get('/me')).json
  const code = (answer: { json: { error?: { code: string } } | undefined }) => answer.json?.error?.code ?? 'done'

  await t.test('is neither removed, suspended nor demoted, by themselves or by the operator', async () => {
    await newAccount(hub, 'ann@example.org', ['integrator'])
    assert.equal(code(await first.ask('DELETE', `/people/${id}`)), 'people.last_administrator')
    assert.equal(code(await first.post(`/people/${id}/suspend`)), 'people.last_administrator')
    assert.equal(code(await first.ask('PATCH', `/people/${id}`, { roles: ['agent'] })), 'people.last_administrator')
    const suspend = await hub.ask(`/api/v1/people/${id}/suspend`, { method: 'POST' })
    assert.equal(suspend.json.error.code, 'people.last_administrator')
    const shown = (await first.get('/me')).json
    assert.deepEqual([shown.state, shown.roles], ['active', ['administrator']])
  })

  await t.test('stays when two remove each other at the same moment', async () => {
    for (let round = 0; round < 4; round++) {
      const other = await newAccount(hub, `admin${round}@example.org`, ['administrator'])
      const one = await openByLink(hub)
      const mine = (await one.get('/me')).json.id
      const act = round % 2 === 0 ? 'DELETE' : 'POST'
      const path = (whose: string) => (act === 'DELETE' ? `/people/${whose}` : `/people/${whose}/suspend`)
      const answers = await Promise.all([one.ask(act, path(other.id)), other.page.ask(act, path(mine))])
      assert.equal(answers.filter(({ status }) => status < 300).length, 1, JSON.stringify(answers.map(code)))
      const { rows } = await hub.hub.pool.query(
        `select p.id from jackfield.person p join jackfield.person_role r on r.person_id = p.id
         where r.role = 'administrator' and p.state = 'active'`,
      )
      assert.equal(rows.length, 1)
    }
  })
})

test('Suspending, resetting and removing', async (t) => {
  const hub = await serveHub(t)
  const admin = await openByLink(hub)
  const ann = await newAccount(hub, 'ann@example.org', ['supervisor'])

  await t.test('a role that is changed counts at the next request', async () => {
    assert.equal((await ann.page.get('/status')).status, 200)
    assert.equal((await admin.ask('PATCH', `/people/${ann.id}`, { roles: ['agent'] })).status, 200)
    assert.equal((await ann.page.get('/status')).status, 403)
    assert.equal((await admin.ask('PATCH', `/people/${ann.id}`, { roles: ['no such role'] })).status, 400)
    const before = [...ann.page.cookies.values()]
    assert.equal((await admin.ask('PATCH', `/people/${ann.id}`, { roles: ['supervisor'] })).status, 200)
    assert.equal((await ann.page.get('/status')).status, 200)
    assert.notDeepEqual([...ann.page.cookies.values()], before, 'the session has its old token')
  })

  await t.test('a suspended person is out at once, and is told so only with the right password', async () => {
    const link = new URL(await hub.signInLink(ann.email)).hash.slice(1)
    assert.equal((await admin.post(`/people/${ann.id}/suspend`)).json.state, 'suspended')
    assert.equal((await ann.page.get('/me')).status, 401)
    assert.equal((await signIn(openPage(hub), ann.email, 'not the password of ann')).json.error.code, 'auth.rejected')
    assert.equal((await signIn(openPage(hub), ann.email, goodPassword)).json.error.code, 'auth.suspended')
    assert.equal((await openPage(hub).post('/session', { token: link })).json.error.code, 'auth.suspended')
    assert.equal((await admin.post(`/people/${ann.id}/activate`)).json.state, 'active')
    assert.equal((await signIn(ann.page, ann.email, goodPassword)).status, 200)
  })

  await t.test('a reset ends every way in but the link that it answers', async () => {
    const { status, json } = await admin.post(`/people/${ann.id}/reset`)
    assert.equal(status, 200)
    assert.equal((await ann.page.get('/me')).status, 401)
    assert.equal((await signIn(openPage(hub), ann.email, goodPassword)).status, 401)
    const page = openPage(hub)
    assert.equal((await page.post('/session', { token: json.token })).json.id, ann.id)
    assert.equal((await openPage(hub).post('/session', { token: json.token })).status, 401)
    assert.equal((await page.ask('PUT', '/me/password', { password: 'a new good password' })).status, 204)
    assert.equal((await signIn(ann.page, ann.email, 'a new good password')).status, 200)
  })

  await t.test('an administrator sees and ends the sessions of others', async () => {
    const { sessions } = (await admin.get(`/people/${ann.id}/sessions`)).json
    const own = (await ann.page.get('/me/sessions')).json.sessions.find((each: { current: boolean }) => each.current)
    assert.ok(sessions.some((each: { id: string }) => each.id === own.id))
    assert.equal((await admin.ask('DELETE', `/people/${ann.id}/sessions/${own.id}`)).status, 204)
    assert.equal((await ann.page.get('/me')).status, 401)
    const bob = await newAccount(hub, 'bob@example.org')
    const theirs = (await admin.get('/me/sessions')).json.sessions[0].id
    // Nobody ends what is another's.
    assert.equal((await bob.page.ask('DELETE', `/me/sessions/${theirs}`)).status, 404)
    assert.equal((await admin.ask('DELETE', `/people/${bob.id}/sessions/${theirs}`)).status, 404)
    assert.equal((await bob.page.get(`/people/${ann.id}`)).status, 403)
    assert.equal((await admin.get('/me')).status, 200)
  })

  await t.test('of a removed person nothing stays', async () => {
    await signIn(ann.page, ann.email, 'a new good password')
    assert.equal((await admin.ask('DELETE', `/people/${ann.id}`)).status, 204)
    assert.equal((await ann.page.get('/me')).status, 401)
    assert.equal((await admin.get(`/people/${ann.id}`)).status, 404)
    for (const table of [
      'session',
      'person_role',
      'totp',
      'passkey',
      'recovery_code',
      'known_device',
      'sign_in_link',
    ]) {
      const { rowCount } = await hub.hub.pool.query(`select from jackfield.${table} where person_id = $1`, [ann.id])
      assert.equal(rowCount, 0, table)
    }
    assert.ok(!hub.lines.join('').includes('ann@example.org'))
  })
})

const file = new URL('../../../shared/data/naughty-strings/blns.json', import.meta.url)

test('Strings that break software are names and passwords, or are refused with a reason', {
  skip: existsSync(file) ? false : 'the published test data is not here: ../shared/data/naughty-strings/blns.json',
}, async (t) => {
  const hub = await serveHub(t)
  const { page, email } = await newAccount(hub, 'ann@example.org')
  const strings = (JSON.parse(readFileSync(file, 'utf8')) as string[]).filter((text) => text !== '')
  let kept = 0
  for (const name of strings.filter((_, i) => i % 3 === 0)) {
    const { status, json } = await page.ask('PATCH', '/me', { name })
    if (status === 200) assert.equal(json.name, name.trim())
    else assert.equal(json.error.code, 'input.invalid', name)
    kept += status === 200 ? 1 : 0
  }
  assert.ok(kept > 130, `only ${kept} names were kept`)
  await page.ask('PATCH', '/me', { name: 'Ann' })

  const long = strings.filter((text) => [...text.normalize('NFC')].length >= 15)
  let set = 0
  // Each hash takes its time: some are tried to the end.
  for (const password of long.filter((_, i) => i % 24 === 0)) {
    const { status, json } = await page.ask('PUT', '/me/password', { password })
    if (status !== 204) {
      assert.ok(['password.refused', 'input.invalid'].includes(json.error.code), password)
      continue
    }
    set += 1
    assert.equal((await signIn(openPage(hub), email, password)).status, 200, password)
    assert.equal((await signIn(openPage(hub), email, `${password} `)).status, 401, password)
    await hub.hub.pool.query('delete from jackfield.sign_in_count')
  }
  assert.ok(set > 3, `${set} passwords were taken`)
  for (const odd of strings.filter((_, i) => i % 32 === 0)) {
    const { status } = await signIn(openPage(hub), odd, odd)
    assert.ok([400, 401, 429].includes(status), odd)
  }
})
