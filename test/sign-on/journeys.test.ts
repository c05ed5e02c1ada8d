import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goodPassword, newAccount } from '../people/page.ts'
import { type ServedHub, serveHub } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { client, type RealProvider, startProvider } from './provider.ts'
import { newVisitor, problemOf, type Visitor } from './visitor.ts'

async function open(t: TestScope): Promise<{ hub: ServedHub; provider: RealProvider }> {
  const urls: string[] = []
  const provider = await startProvider(t, () => urls)
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: provider.host } })
  urls.push(hub.url, hub.url.replace('127.0.0.1', 'localhost'))
  const added = await hub.ask('/api/v1/identity-providers', {
    json: {
      ...{ id: 'own', name: 'Own provider', issuer: provider.issuer, clientId: client.id, clientSecret: client.secret },
      ...{ scopes: ['openid', 'profile', 'email', 'groups'], createsAccounts: true, groupClaim: 'groups' },
      groups: [
        { group: 'desk', role: 'agent' },
        { group: 'leads', role: 'supervisor' },
        { group: 'admins', role: 'administrator' },
      ],
    },
  })
  assert.equal(added.status, 201, added.text)
  assert.equal(added.json.callbackUrl, `${hub.url}/api/v1/sign-on/own/callback`)
  return { hub, provider }
}

/** From the button of the sign-in page to the page of the console that was wanted. */
const signOn = (hub: ServedHub, visitor: Visitor, wanted = '/records') =>
  visitor.visit(`${hub.url}/api/v1/sign-on/own/start?return=${encodeURIComponent(wanted)}`, {
    until: (url) => url.origin === hub.url && !url.pathname.startsWith('/api/'),
  })

const rolesOf = async (hub: ServedHub, id: string) => (await hub.ask(`/api/v1/people/${id}`)).json.roles

test('Signing in by a provider', async (t) => {
  const { hub, provider } = await open(t)
  const change = (json: object) => hub.ask('/api/v1/identity-providers/own', { method: 'PATCH', json })
  const ann = newVisitor()
  let annId = ''

  await t.test('the sign-in page learns of it, and nothing more than its name', async () => {
    const { json } = await hub.ask('/api/v1/sign-on/providers', { key: null })
    assert.deepEqual(json, { providers: [{ id: 'own', name: 'Own provider' }] })
  })

  await t.test('who comes for the first time gets an account with the roles of their groups', async () => {
    provider.person = { sub: 'ann', name: 'Ann', email: 'ann@example.org', email_verified: true, groups: ['desk', 'x'] }
    const end = await signOn(hub, ann, '/records?q=1#top')
    assert.equal(end.url.href, `${hub.url}/records?q=1#top`)
    const me = await ann.ask(hub, 'GET', '/me')
    assert.equal(me.status, 200)
    assert.equal(me.json.email, 'ann@example.org')
    annId = me.json.id
    assert.deepEqual(await rolesOf(hub, annId), ['agent'])
    const { json } = await ann.ask(hub, 'GET', '/me/sessions')
    assert.equal(json.sessions[0].method, 'sign_on')
  })

  await t.test('it is written who came, by which provider, and that an account was made', async () => {
    const { json } = await hub.ask('/api/v1/audit-log?limit=50')
    const acts = json.acts as {
      act: string
      outcome: string
      actor: { id: string }
      details: Record<string, unknown>
    }[]
    const came = acts.find(({ act }) => act === 'person.sign_in')!
    assert.equal(came.outcome, 'done')
    assert.equal(came.actor.id, annId)
    assert.equal(came.details.provider, 'own')
    assert.ok(acts.some(({ act, details }) => act === 'person.create' && details.provider === 'own'))
    assert.ok(acts.some(({ act }) => act === 'provider.create'))
  })

  await t.test('who comes again is the same person, with the roles of today', async () => {
    provider.person = { ...provider.person, groups: ['leads'] }
    const again = newVisitor()
    await signOn(hub, again)
    assert.equal((await again.ask(hub, 'GET', '/me')).json.id, annId)
    assert.deepEqual(await rolesOf(hub, annId), ['supervisor'])
    const { json } = await hub.ask('/api/v1/audit-log?act=person.change')
    assert.deepEqual(json.acts[0].details, {
      cause: 'groups',
      provider: 'own',
      given: ['supervisor'],
      taken: ['agent'],
    })
  })

  await t.test('roles that people gave stay, those of groups go, and who is left without any is refused', async () => {
    await hub.ask(`/api/v1/people/${annId}`, { method: 'PATCH', json: { roles: ['supervisor', 'auditor'] } })
    provider.person = { ...provider.person, groups: [] }
    assert.equal((await signOn(hub, newVisitor())).url.pathname, '/records')
    assert.deepEqual(await rolesOf(hub, annId), ['auditor'])
    provider.person = { sub: 'stranger', name: 'Stranger', groups: ['nothing'] }
    assert.equal(problemOf(await signOn(hub, newVisitor())), 'sign_on.no_role')
    const { json } = await hub.ask('/api/v1/people')
    assert.ok(!json.people.some(({ name }: { name: string }) => name === 'Stranger'))
  })

  await t.test('a group claim that vanished lets nobody in, and takes nothing', async () => {
    provider.person = { sub: 'ann', name: 'Ann' }
    assert.equal(problemOf(await signOn(hub, newVisitor())), 'sign_on.groups_missing')
    provider.person = { ...provider.person, _claim_names: { groups: 'src1' } }
    assert.equal(problemOf(await signOn(hub, newVisitor())), 'sign_on.groups_missing')
    assert.deepEqual(await rolesOf(hub, annId), ['auditor'])
  })

  await t.test('the last administrator stays one, whatever the groups say', async () => {
    await hub.hub.pool.query('delete from jackfield.person_role where role = $1', ['administrator'])
    provider.person = { sub: 'root', name: 'Root', email: 'root@example.org', email_verified: true, groups: ['admins'] }
    const root = newVisitor()
    await signOn(hub, root)
    const { id } = (await root.ask(hub, 'GET', '/me')).json
    provider.person = { ...provider.person, groups: ['desk'] }
    assert.equal(problemOf(await signOn(hub, newVisitor())), 'people.last_administrator')
    assert.deepEqual(await rolesOf(hub, id), ['administrator'])
    assert.equal((await hub.ask('/api/v1/identity-providers/own', { method: 'DELETE' })).status, 409)
  })

  await t.test('a suspended person is kept out', async () => {
    provider.person = { sub: 'ann', name: 'Ann', groups: [] }
    await hub.ask(`/api/v1/people/${annId}/suspend`, { json: {} })
    assert.equal(problemOf(await signOn(hub, newVisitor())), 'auth.suspended')
    await hub.ask(`/api/v1/people/${annId}/activate`, { json: {} })
  })

  await t.test('signing out ends the session here, and leads to the provider to end it there', async () => {
    const out = newVisitor()
    await signOn(hub, out)
    const { status, json } = await out.ask(hub, 'POST', '/sign-on/sign-out', {})
    assert.equal(status, 200)
    const there = new URL(json.url)
    assert.equal(there.origin, provider.issuer)
    assert.equal(there.searchParams.get('post_logout_redirect_uri'), `${hub.url}/sign-in`)
    assert.equal((await out.ask(hub, 'GET', '/me')).status, 401)
    assert.equal((await out.visit(json.url)).status, 200)
    const local = await newAccount(hub, 'local@example.org')
    assert.deepEqual((await local.page.post('/sign-on/sign-out', {})).json, { url: null })
  })

  await t.test('where no account is made, only who is invited comes in', async () => {
    assert.equal((await change({ createsAccounts: false, groupClaim: null })).status, 200)
    provider.person = { sub: 'bob', name: 'Bob', email: 'bob@example.org', email_verified: true }
    assert.equal(problemOf(await signOn(hub, newVisitor())), 'sign_on.no_account')
    const invitation = { email: 'Bob@example.org', name: 'Robert', roles: ['agent'], provider: 'own' }
    const invited = await hub.ask('/api/v1/invitations', { json: invitation })
    assert.equal(invited.status, 201, invited.text)
    assert.equal(invited.json.token, null)
    provider.person = { ...provider.person, email_verified: false }
    assert.equal(problemOf(await signOn(hub, newVisitor())), 'sign_on.no_account')
    provider.person = { ...provider.person, email_verified: true }
    const bob = newVisitor()
    assert.equal((await signOn(hub, bob)).url.pathname, '/records')
    const me = (await bob.ask(hub, 'GET', '/me')).json
    assert.equal(me.name, 'Robert')
    assert.deepEqual(await rolesOf(hub, me.id), ['agent'])
  })

  await t.test('an account with a password is never taken over by an address', async () => {
    await change({ createsAccounts: true })
    const eve = await newAccount(hub, 'eve@example.org')
    provider.person = { sub: 'eve-there', name: 'Eve', email: 'EVE@example.org', email_verified: true }
    assert.equal(problemOf(await signOn(hub, newVisitor())), 'sign_on.account_exists')
    assert.equal((await hub.ask(`/api/v1/people/${eve.id}/identities`)).json.identities.length, 0)
  })

  await t.test('who is signed in links an account, and then signs in by it', async () => {
    const page = newVisitor()
    await page.ask(hub, 'POST', '/session/password', { email: 'eve@example.org', password: goodPassword })
    const started = await page.ask(hub, 'POST', '/me/identities', { provider: 'own', return: '/account' })
    assert.equal(started.status, 200, started.text)
    const end = await page.visit(started.json.url, {
      from: hub.url,
      until: (url) => url.origin === hub.url && !url.pathname.startsWith('/api/'),
    })
    assert.equal(end.url.href, `${hub.url}/account`)
    const { json } = await page.ask(hub, 'GET', '/me/identities')
    assert.equal(json.identities[0].origin, 'linked')
    const by = newVisitor()
    await signOn(hub, by)
    assert.equal((await by.ask(hub, 'GET', '/me')).json.email, 'eve@example.org')
    assert.equal((await page.ask(hub, 'DELETE', `/me/identities/${json.identities[0].id}`)).status, 204)
    assert.equal((await by.ask(hub, 'GET', '/me')).status, 401, 'its sessions end with it')
  })

  await t.test('nobody links an account that is another’s, and nobody unlinks their only way in', async () => {
    provider.person = { sub: 'ann', name: 'Ann' }
    const page = newVisitor()
    await page.ask(hub, 'POST', '/session/password', { email: 'eve@example.org', password: goodPassword })
    const started = await page.ask(hub, 'POST', '/me/identities', { provider: 'own', return: '/account?x=1' })
    const until = (url: URL) => url.origin === hub.url && !url.pathname.startsWith('/api/')
    const end = await page.visit(started.json.url, { from: hub.url, until })
    assert.equal(end.url.pathname, '/account')
    assert.equal(problemOf(end), 'sign_on.identity_taken')
    const annPage = newVisitor()
    await signOn(hub, annPage)
    const { json } = await annPage.ask(hub, 'GET', '/me/identities')
    const refused = await annPage.ask(hub, 'DELETE', `/me/identities/${json.identities[0].id}`)
    assert.equal(refused.json.error.code, 'factor.needed')
  })

  await t.test('a provider that is removed takes its roles and sessions with it, and leaves the accounts', async () => {
    await newAccount(hub, 'other-root@example.org', ['administrator'])
    const page = newVisitor()
    await signOn(hub, page)
    const gone = await hub.ask('/api/v1/identity-providers/own', { method: 'DELETE' })
    assert.equal(gone.status, 204, gone.text)
    assert.equal((await page.ask(hub, 'GET', '/me')).status, 401)
    assert.deepEqual(await rolesOf(hub, annId), ['auditor'])
  })
})
