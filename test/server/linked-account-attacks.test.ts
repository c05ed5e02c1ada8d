import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { addFault } from '../../simulators/exchange/faults.ts'
import { resetLog } from '../../simulators/exchange/request-log.ts'
import { answered } from '../../simulators/exchange/sign-in-page.ts'
import { newVisitor, type Visitor } from '../sign-on/visitor.ts'
import { ended, link, path, people, type Scene, signedIn, stage, userOf, write } from './linked-scene.ts'
import { connectBody, until } from './served-hub.ts'

async function linked(scene: Scene, name: string, at: number): Promise<Visitor> {
  const visitor = await signedIn(scene.hub, `${name}@example.com`)
  const { url } = await link(scene, visitor, people(scene)[at]!.upn)
  assert.equal(url.searchParams.get('consent'), 'done')
  return visitor
}

/** The same with another record. */
async function elsewhere(scene: Scene): Promise<Scene> {
  const { json } = await scene.hub.ask('/api/v1/records?entity=contact&limit=2')
  const other = json.records.map(({ id }: { id: string }) => id).find((id: string) => id !== scene.contact)
  return { ...scene, contact: other }
}

const accounts = async ({ hub }: Scene): Promise<{ refresh: Buffer | null; problem: { code: string } | null }[]> =>
  (await hub.hub.pool.query('select refresh, problem from jackfield.authentication where person_id is not null')).rows

/** A window that the latest session opened, up to the answer that comes back, which nobody has handled yet. */
async function answerOf({ hub, connection }: Scene, visitor: Visitor, who: string) {
  const { rows } = await hub.hub.pool.query('select id from jackfield.session order by created_at desc limit 1')
  const asked = {
    target: { connectionId: connection },
    sessionId: rows[0]!.id,
    ownAddress: hub.url,
    returnTo: null,
    browserToken: null,
  }
  const { url, browserToken } = await hub.hub.connections.consents.begin(asked)
  const window = new URL(url)
  window.searchParams.set(answered.person, who)
  window.searchParams.set(answered.decision, 'accept')
  const { url: back } = await visitor.visit(window.href, {
    until: ({ pathname }) => pathname.startsWith('/api/v1/consents/'),
  })
  return { host: back.pathname.split('/')[4]!, parameters: back.searchParams, browserToken }
}

test('One person’s trouble at the CRM stops nobody else’s writes', async (t) => {
  const scene = await stage(t)
  const { hub, simulator } = scene
  const [ann, ben] = [await linked(scene, 'ann', 0), await linked(scene, 'ben', 1)]
  const other = await elsewhere(scene)

  await t.test('one whom the CRM protects itself from waits alone', async () => {
    addFault(simulator.simulator.faults, { kind: '429', retryAfter: 3_600, match: 'PATCH', times: 1 })
    const { json: first } = await write(ann, scene, 'Too much')
    await until('the refusal', async () => (await hub.ask(`/api/v1/writes/${first.id}`)).json.problem)
    const { json: second } = await write(ben, other, 'By Ben')
    assert.equal((await ended(hub, second.id)).state, 'done')
    await hub.ask(`/api/v1/writes/${first.id}/cancel`, { method: 'POST' })
  })
  await t.test('one who was shut out there is told so, in its words', async () => {
    await hub.hub.pool.query('delete from jackfield.quota')
    const user = userOf(await ann.ask(hub, 'GET', '/me/linked-accounts'))
    simulator.simulator.org.tables.get('systemuser')!.entries.get(user)!.fields.isdisabled = true
    const { json: first } = await write(ann, scene, 'Shut out')
    const { json: second } = await write(ben, other, 'By Ben again')
    assert.equal((await ended(hub, second.id)).state, 'done')
    const failed = await ended(hub, first.id)
    assert.deepEqual([failed.state, failed.problem.code], ['failed', 'write.refused'])
    assert.match(failed.problem.message, /not a member/)
    assert.equal((await hub.ask(path(scene.connection))).json.state, 'active')
  })
})

test('What waited for an account is written though the hub died just after it was linked', async (t) => {
  const scene = await stage(t)
  const { hub } = scene
  const ann = await linked(scene, 'ann', 0)
  await hub.ask(path(scene.connection), { method: 'PATCH', json: { state: 'paused' } })
  const { json: kept } = await write(ann, scene, 'Kept')
  await ann.ask(hub, 'DELETE', `/me/linked-accounts/${scene.connection}`)
  await hub.ask(path(scene.connection), { method: 'PATCH', json: { state: 'active' } })
  assert.equal((await ended(hub, kept.id)).problem.code, 'linked_account.needed')
  const { failure } = await hub.hub.connections.consents.finish(await answerOf(scene, ann, people(scene)[0]!.upn))
  assert.equal(failure, null)
  await until('the write', async () => (await hub.ask(`/api/v1/writes/${kept.id}`)).json.state === 'done')
})

test('An account is linked to the connection that its person was sent from, or to none', async (t) => {
  const scene = await stage(t)
  const { hub, simulator, connection } = scene
  const ann = await signedIn(hub, 'ann@example.com')
  const { upn } = people(scene)[0]!

  await t.test('not with another app than the one whose window was opened', async () => {
    const came = await answerOf(scene, ann, upn)
    await hub.hub.pool.query(
      `update jackfield.pending_consent set redirect_uri = replace(redirect_uri, '/consents/', '/consents/other.')`,
    )
    const { failure } = await hub.hub.connections.consents.finish(came)
    assert.equal((failure as { code?: string } | null)?.code, 'consent.over')
    assert.deepEqual(await accounts(scene), [])
  })
  await t.test('not to one that is removed while the CRM gives its tokens', async () => {
    const came = await answerOf(scene, ann, upn)
    const slow = addFault(simulator.simulator.faults, { kind: 'latency', ms: 2_000, on: 'token' })
    const finishing = hub.hub.connections.consents.finish(came)
    await until('the request', () => slow.hits > 0)
    assert.equal((await hub.ask(path(connection), { method: 'DELETE' })).status, 204)
    await finishing
    assert.deepEqual(await accounts(scene), [])
  })
})

test('People sign in by another app: nothing of the former one’s reaches it', async (t) => {
  const scene = await stage(t)
  const { hub, simulator, connection } = scene
  const ann = await linked(scene, 'ann', 0)
  const { authentication, url } = connectBody(simulator)
  const settings = { ...authentication.settings, flow: 'authorization_code' }
  const asked = { name: 'For people', crm: 'dynamics', url, settings, secret: authentication.secret }
  const { json: app, text } = await hub.ask('/api/v1/authentications', { json: asked })
  const peopleAuthenticationId = app?.id
  assert.ok(peopleAuthenticationId, text)

  await t.test('it is chosen at the connection', async () => {
    const chosen = await hub.ask(path(connection), { method: 'PATCH', json: { peopleAuthenticationId } })
    assert.equal(chosen.json.peopleAuthenticationId, peopleAuthenticationId, chosen.text)
  })
  await t.test('what the former app was given is not sent by the other', async () => {
    assert.deepEqual(await accounts(scene), [])
    assert.equal((await write(ann, scene, 'By Ann')).json.error.code, 'linked_account.needed')
  })
  await t.test('chosen once more it changes nothing', async () => {
    await link(scene, ann, people(scene)[0]!.upn)
    await hub.ask(path(connection), { method: 'PATCH', json: { peopleAuthenticationId } })
    assert.equal((await accounts(scene)).length, 1)
  })
  await t.test('its secret can be replaced, though nobody signs in by it for the service', async () => {
    const json = { secret: authentication.secret }
    const { status, text: said } = await hub.ask(`/api/v1/authentications/${peopleAuthenticationId}/secret`, {
      method: 'PUT',
      json,
    })
    assert.equal(status, 200, said)
  })
})

test('A secret is replaced though the consent of the service is over, beside a renewal under way', async (t) => {
  const scene = await stage(t)
  const { hub, simulator } = scene
  const { directory, faults } = simulator.simulator
  const admin = newVisitor()
  await admin.ask(hub, 'POST', '/session', { token: new URL(await hub.signInLink()).hash.slice(1) })
  const { authentication, url } = connectBody(simulator)
  const { secret } = authentication
  const settings = { ...authentication.settings, flow: 'authorization_code' }
  const asked = { name: 'By a window', crm: 'dynamics', url, settings, secret }
  const { json: made } = await hub.ask('/api/v1/authentications', { json: asked })
  const { json: begun } = await admin.ask(hub, 'POST', '/consents', { authentication: made.id })
  const window = new URL(begun.url)
  window.searchParams.set(answered.person, people(scene)[0]!.upn)
  window.searchParams.set(answered.decision, 'accept')
  const { url: back } = await admin.visit(window.href, { from: window.href, until: ({ pathname }) => pathname === '/' })
  assert.equal(back.searchParams.get('consent'), 'done')
  const replace = (json: { secret: string }) =>
    hub.ask(`/api/v1/authentications/${made.id}/secret`, { method: 'PUT', json })

  await t.test('what renews the token is sent by one at a time', async () => {
    const { pool } = hub.hub
    const hold = (until: string) =>
      pool.query(
        `insert into jackfield.lease (name, owner, holder, epoch, until) values ($1, gen_random_uuid(), 'x', 1, $2)
         on conflict (name) do update set until = $2`,
        [`token:${made.id}`, until],
      )
    await hold('infinity')
    resetLog(simulator.simulator.log)
    const replacing = replace({ secret })
    await until('a look of the replacement at what is held', async () => {
      const { json } = await hub.ask('/api/v1/audit-log?act=authentication.replace_secret&outcome=begun')
      return json.acts.length > 0
    })
    await wait(500)
    assert.equal(simulator.simulator.log.counts.token ?? 0, 0)
    await hold('-infinity')
    assert.equal((await replacing).status, 200)
  })
  await t.test('a wrong one is still refused, and a right one taken when the consent is over', async () => {
    assert.equal(faults.list.length, 0)
    assert.equal((await replace({ secret: 'wrong' })).json.error.code, 'authentication.secret_wrong')
    for (const given of directory.refreshTokens.values()) given.revoked = true
    assert.equal((await replace({ secret: 'wrong' })).json.error.code, 'authentication.secret_wrong')
    const { status, text } = await replace({ secret })
    assert.equal(status, 200, text)
  })
})

test('Somebody with several windows open comes back from each', async (t) => {
  const scene = await stage(t)
  const { hub, connection } = scene
  const ann = await signedIn(hub, 'ann@example.com')
  const windows = []
  for (const returnTo of ['/records', '/account/crm']) {
    const { json } = await ann.ask(hub, 'POST', '/consents', { connection, return: returnTo })
    const window = new URL(json.url)
    window.searchParams.set(answered.person, people(scene)[0]!.upn)
    window.searchParams.set(answered.decision, 'accept')
    windows.push(window)
  }
  const until = ({ pathname }: URL) => pathname === '/records' || pathname === '/account/crm'
  for (const [at, window] of windows.entries()) {
    const { url } = await ann.visit(window.href, { from: window.href, until })
    assert.equal(url.pathname + url.search, ['/records?consent=done', '/account/crm?consent=done'][at])
  }
  const back = windows[0]!
  assert.equal((await accounts(scene)).length, 1)
  const again = await ann.visit(back.href, { from: back.href, until })
  assert.equal(again.url.searchParams.get('consent'), 'consent.over', 'and from none of them twice')
})
