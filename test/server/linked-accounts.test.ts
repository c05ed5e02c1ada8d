import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answered } from '../../simulators/exchange/sign-in-page.ts'
import { definitionOf } from '../../simulators/http/definition.ts'
import { startHttp } from '../../simulators/http/server.ts'
import { peopleOf } from '../../simulators/salesforce/authorize.ts'
import { startSalesforce } from '../../simulators/salesforce/server.ts'
import { newVisitor } from '../sign-on/visitor.ts'
import { readDump } from '../support/simulator-control.ts'
import { ended, link, modifierOf, path, people, signedIn, stage, userOf, write } from './linked-scene.ts'
import { connectBody, serveHub, startSimulator, until } from './served-hub.ts'

test('What a person writes carries their name in the CRM, and the hub reads as before', async (t) => {
  const scene = await stage(t)
  const { hub, simulator } = scene
  const ann = await signedIn(hub, 'ann@example.com')
  const [first] = people(scene)

  await t.test('unlinked, one is asked to link, and nothing is kept', async () => {
    const { status, json } = await write(ann, scene, 'Unlinked')
    assert.deepEqual([status, json.error.code], [409, 'linked_account.needed'])
    assert.equal(json.error.connections[0].id, scene.connection)
  })
  await t.test('linked, one is led back to where one was', async () => {
    const { url } = await link(scene, ann, first!.upn, { returnTo: '/records?name=x' })
    assert.equal(url.pathname + url.search, '/records?name=x&consent=done')
    const { json } = await ann.ask(hub, 'GET', '/me/linked-accounts')
    assert.match(json.connections[0].account.crmUser, /^[0-9a-f-]{36}$/)
  })
  await t.test('then it is the person who changed the record', async () => {
    const { status, json } = await write(ann, scene, 'By Ann')
    assert.equal(status, 202, JSON.stringify(json))
    assert.equal(json.as, 'person')
    const done = await ended(hub, json.id)
    assert.equal(done.state, 'done', JSON.stringify(done.problem))
    const { json: linked } = await ann.ask(hub, 'GET', '/me/linked-accounts')
    assert.equal(modifierOf(simulator, done.sourceId), linked.connections[0].account.crmUser)
  })
  await t.test('a key still writes as the hub', async () => {
    const json = { operation: 'update', record: scene.contact, fields: { jobtitle: 'By the hub' } }
    const kept = await hub.ask('/api/v1/writes', { json })
    const done = await ended(hub, kept.json.id)
    assert.equal(done.as, 'service')
    const { json: connection } = await hub.ask(path(scene.connection))
    assert.ok(connection)
    assert.notEqual(modifierOf(simulator, done.sourceId), userOf(await ann.ask(hub, 'GET', '/me/linked-accounts')))
  })
  await t.test('unlinked again, what waits is refused, and written once it is linked anew', async () => {
    await hub.ask(path(scene.connection), { method: 'PATCH', json: { state: 'paused' } })
    const { json: kept } = await write(ann, scene, 'Kept by Ann')
    assert.equal((await ann.ask(hub, 'DELETE', `/me/linked-accounts/${scene.connection}`)).status, 204)
    await hub.ask(path(scene.connection), { method: 'PATCH', json: { state: 'active' } })
    const failed = await ended(hub, kept.id)
    assert.deepEqual([failed.state, failed.problem.code], ['failed', 'linked_account.needed'])
    await link(scene, ann, first!.upn)
    const done = await until('the second attempt', async () => {
      const { json } = await hub.ask(`/api/v1/writes/${kept.id}`)
      return json.state === 'done' ? json : null
    })
    assert.equal(modifierOf(simulator, done.sourceId), userOf(await ann.ask(hub, 'GET', '/me/linked-accounts')))
  })
  await t.test('a consent that was taken back at the CRM is the person’s matter, not the connection’s', async () => {
    const ben = await signedIn(hub, 'ben@example.com')
    await link(scene, ben, people(scene)[1]!.upn)
    for (const given of simulator.simulator.directory.refreshTokens.values()) given.revoked = true
    await hub.hub.pool.query('update jackfield.authentication set token = null where person_id is not null')
    const { json: kept } = await write(ben, scene, 'By Ben')
    const failed = await ended(hub, kept.id)
    assert.equal(failed.problem.code, 'linked_account.needed')
    const { json } = await hub.ask(path(scene.connection))
    assert.equal(json.state, 'active')
    const again = await write(ben, scene, 'By Ben once more')
    assert.equal(again.json.error.code, 'linked_account.needed')
  })
  await t.test('what the CRM gave is nowhere to be read', async () => {
    const { rows } = await hub.hub.pool.query('select row_to_json(a)::text as text from jackfield.authentication a')
    const kept = rows.map(({ text }) => Buffer.from(text)).join('\n') + hub.lines.join('\n')
    const given = [...simulator.simulator.directory.refreshTokens.keys()]
    assert.ok(given.length >= 3)
    for (const token of given) {
      assert.ok(!kept.includes(token) && !kept.includes(Buffer.from(token).toString('hex')))
    }
  })
  await t.test('the log says who linked what, and by whose account was written', async () => {
    const { json } = await hub.ask('/api/v1/audit-log?act=linked_account.link')
    assert.equal(json.acts.length, 3)
    assert.equal(json.acts[0].subject.id, scene.connection)
    const { json: writes } = await hub.ask('/api/v1/audit-log?act=write.deliver&outcome=done')
    assert.ok(writes.acts.some((act: { details: object }) => 'ownAccountOf' in act.details))
  })
})

test('In Salesforce it is the person too, with no copy made beside the hub’s', async (t) => {
  const simulator = await startSalesforce({ records: 20, seed: 7, limits: { max: 1_000_000 } })
  t.after(() => simulator.close())
  const hub = await serveHub(t, {
    work: true,
    environment: { JACKFIELD_ALLOW_HOSTS: new URL(simulator.url).host },
  })
  const authentication = { settings: { clientId: simulator.clientId }, secret: simulator.clientSecret }
  const settings = { keyFields: true, writesAsPerson: true }
  const made = await hub.ask('/api/v1/connections', {
    json: { crm: 'salesforce', url: simulator.url, authentication, settings },
  })
  assert.equal(made.status, 201, made.text)
  const connection = made.json.id as string
  await until(
    'a copied contact',
    async () => (await hub.ask('/api/v1/records?entity=contact&limit=1')).json.records?.[0],
  )
  const person = peopleOf(simulator.simulator.org)[1]!
  const ann = await signedIn(hub, 'ann@example.com')
  assert.equal((await link({ hub, connection }, ann, person.username)).url.searchParams.get('consent'), 'done')
  const asked = { operation: 'create', connection, entity: 'contact', fields: { LastName: 'Made By Ann' } }
  const kept = await Promise.all([
    ann.ask(hub, 'POST', '/writes', asked),
    hub.ask('/api/v1/writes', { json: { ...asked, fields: { LastName: 'Made By The Hub' } } }),
  ])
  for (const { json } of kept) assert.equal((await ended(hub, json.id)).state, 'done')
  const rows = await readDump<{ fields: Record<string, unknown> }>(simulator.control, 'Contact')
  const creators = rows
    .filter(({ fields }) => String(fields.LastName).startsWith('Made By'))
    .map(({ fields }) => [fields.LastName, fields.CreatedById === person.id])
  assert.deepEqual(creators.sort(), [
    ['Made By Ann', true],
    ['Made By The Hub', false],
  ])
})

test('An app whose secret is a private key opens no window, until people have another', async (t) => {
  const simulator = await startSalesforce({ records: 5, seed: 7 })
  t.after(() => simulator.close())
  const { url, clientId, username, privateKey, clientSecret } = simulator
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: new URL(url).host } })
  const byKey = { settings: { flow: 'jwt_bearer', clientId, username }, secret: privateKey }
  const made = await hub.ask('/api/v1/connections', { json: { crm: 'salesforce', url, authentication: byKey } })
  assert.equal(made.status, 201, made.text)
  const address = () => hub.ask(`${path(made.json.id)}/callback-address`)
  assert.equal((await address()).json.error.field, 'peopleAuthenticationId')
  const settings = { flow: 'authorization_code', clientId }
  const asked = { name: 'For people', crm: 'salesforce', url, settings, secret: clientSecret }
  const { json: app } = await hub.ask('/api/v1/authentications', { json: asked })
  const change = { method: 'PATCH', json: { peopleAuthenticationId: app.id } }
  assert.equal((await hub.ask(path(made.json.id), change)).json.peopleAuthenticationId, app.id)
  assert.equal((await address()).json.callbackUrl, `${hub.url}/api/v1/consents/${new URL(url).host}/callback`)
})

test('Where nobody writes, nobody writes as themselves', async (t) => {
  const simulator = await startHttp({ records: 5, seed: 7 })
  t.after(() => simulator.close())
  const { origin, host } = new URL(simulator.url)
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: host } })
  const definition = definitionOf(origin, 'next', 'client_credentials')
  const authentication = { settings: { clientId: simulator.clientId }, secret: simulator.secret }
  const asked = { crm: 'generic-http', url: simulator.url, authentication }
  const refused = await hub.ask('/api/v1/connections', {
    json: { ...asked, settings: { definition, writesAsPerson: true } },
  })
  assert.equal(refused.json.error.code, 'consent.unfit', refused.text)
  const { json, text } = await hub.ask('/api/v1/connections', { json: { ...asked, settings: { definition } } })
  assert.ok(json.id, text)
  const change = await hub.ask(path(json.id), { method: 'PATCH', json: { settings: { writesAsPerson: true } } })
  assert.equal(change.json.error.code, 'consent.unfit')
  const { json: callback } = await hub.ask(`${path(json.id)}/callback-address`)
  assert.equal(callback.callbackUrl, null)
})

test('An answer of a window counts once, for whom it was meant, while they may', async (t) => {
  const scene = await stage(t)
  const { hub, connection } = scene
  const ann = await signedIn(hub, 'ann@example.com')
  const { upn } = people(scene)[0]!
  const accounts = async () =>
    Number(
      (await hub.hub.pool.query('select count(*) from jackfield.authentication where person_id is not null')).rows[0]!
        .count,
    )
  /** Up to the address that the window sends the browser back to. */
  const answer = async (visitor = ann) => {
    const { json } = await visitor.ask(hub, 'POST', '/consents', { connection })
    const window = new URL(json.url)
    window.searchParams.set(answered.person, upn)
    window.searchParams.set(answered.decision, 'accept')
    const { url } = await visitor.visit(window.href, {
      until: ({ pathname }) => pathname.startsWith('/api/v1/consents/'),
    })
    return url
  }
  const come = (url: URL, visitor = ann) =>
    visitor.visit(url.href, { from: 'http://crm.invalid', until: ({ pathname }) => !pathname.startsWith('/api/') })
  const outcome = ({ url }: { url: URL }) => url.searchParams.get('consent')

  await t.test('not in another browser, not at another host’s address, not twice', async () => {
    const first = await answer()
    assert.equal(outcome(await come(first, newVisitor())), 'consent.over')
    const elsewhere = new URL(first)
    elsewhere.pathname = '/api/v1/consents/login.example.com/callback'
    assert.equal(outcome(await come(elsewhere)), 'consent.over')
    assert.equal(await accounts(), 0)
    const second = await answer()
    const cookies = structuredClone(ann.jar)
    const [one, two] = await Promise.all([come(second), come(second, Object.assign(newVisitor(), { jar: cookies }))])
    assert.deepEqual([outcome(one!), outcome(two!)].sort(), ['consent.over', 'done'])
    assert.equal(await accounts(), 1)
  })
  await t.test('who declines is told so, and keeps what was linked', async () => {
    assert.equal(outcome(await link(scene, ann, upn, { decision: 'decline' })), 'consent.refused')
    assert.equal(await accounts(), 1)
  })
  await t.test('it leads to no other site, whatever was asked for', async () => {
    for (const returnTo of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
      const { url } = await link(scene, ann, upn, { returnTo })
      assert.equal(url.origin + url.pathname, `${hub.url}/`)
    }
  })
  await t.test('a session that has ended links nothing', async () => {
    const ben = await signedIn(hub, 'ben@example.com')
    const url = await answer(ben)
    await hub.hub.pool.query('update jackfield.session set ended_at = now()')
    assert.equal(outcome(await come(url, ben)), 'auth.required')
    assert.equal(await accounts(), 1)
  })
  await t.test('nor does one whose right to write is gone', async () => {
    const cem = await signedIn(hub, 'cem@example.com')
    const url = await answer(cem)
    await hub.hub.pool.query(`update jackfield.person_role set role = 'auditor'`)
    assert.equal(outcome(await come(url, cem)), 'auth.denied')
    const { json } = await hub.ask('/api/v1/audit-log?act=linked_account.link&outcome=refused')
    assert.ok(json.acts.some(({ details }: { details: { code: string } }) => details.code === 'auth.denied'))
  })
  await t.test('a key has no account of its own to link', async () => {
    const { status } = await hub.ask('/api/v1/consents', { json: { connection } })
    assert.equal(status, 403)
  })
})

test('The service signs in by a window where somebody prefers that to a secret, and again when it is over', async (t) => {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const admin = newVisitor()
  const token = new URL(await hub.signInLink()).hash.slice(1)
  await admin.ask(hub, 'POST', '/session', { token })
  const { authentication, url } = connectBody(simulator)
  const settings = { ...authentication.settings, flow: 'authorization_code' }
  const asked = { name: 'By a window', crm: 'dynamics', url, settings, secret: authentication.secret }
  const { json: made, status } = await admin.ask(hub, 'POST', '/authentications', asked)
  assert.deepEqual([status, made.consent], [201, 'waiting'], JSON.stringify(made))
  const byIt = { crm: 'dynamics', url, authentication: { id: made.id } }
  assert.equal((await hub.ask('/api/v1/connections', { json: byIt })).json.error.code, 'input.invalid')
  const { json: callback } = await admin.ask(hub, 'GET', `/authentications/${made.id}/callback-address`)
  assert.equal(callback.callbackUrl, `${hub.url}/api/v1/consents/${new URL(simulator.authority).host}/callback`)

  const another = { method: 'PUT', json: { secret: authentication.secret } }
  assert.equal((await hub.ask(`/api/v1/authentications/${made.id}/secret`, another)).status, 200)

  const { upn } = simulator.simulator.directory.people[0]!
  const signIn = async () => {
    const { json } = await admin.ask(hub, 'POST', '/consents', { authentication: made.id, return: '/authentications' })
    const window = new URL(json.url)
    window.searchParams.set(answered.person, upn)
    window.searchParams.set(answered.decision, 'accept')
    const until = ({ pathname }: URL) => pathname === '/authentications'
    return (await admin.visit(window.href, { from: window.href, until })).url.searchParams.get('consent')
  }
  assert.equal(await signIn(), 'done')
  const { json: connection, text } = await hub.ask('/api/v1/connections', { json: byIt })
  assert.equal(connection?.state, 'active', text)
  await until(
    'a copied contact',
    async () => (await hub.ask('/api/v1/records?entity=contact&limit=1')).json.records?.[0],
  )

  for (const given of simulator.simulator.directory.refreshTokens.values()) given.revoked = true
  const { json: check } = await hub.ask(`${path(connection.id)}/check`, { method: 'POST' })
  assert.equal(check.error.code, 'authentication.consent_over', JSON.stringify(check))
  assert.equal((await hub.ask(path(connection.id))).json.state, 'needs_attention')
  assert.equal(await signIn(), 'done')
  assert.equal((await hub.ask(path(connection.id))).json.state, 'active')
  assert.ok((await hub.ask(`${path(connection.id)}/check`, { method: 'POST' })).json.ok)
  const wrong = { method: 'PUT', json: { secret: 'not~the~secret~at~all' } }
  const refused = await hub.ask(`/api/v1/authentications/${made.id}/secret`, wrong)
  assert.equal(refused.json.error.code, 'authentication.secret_wrong')
  assert.ok((await hub.ask(`${path(connection.id)}/check`, { method: 'POST' })).json.ok)
})
