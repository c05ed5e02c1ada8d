import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JWTPayload } from 'jose'
import { type ServedHub, serveHub } from '../server/served-hub.ts'
import { startIssuer, unsigned } from './invented-issuer.ts'
import { begin, clientId, comeBack, seconds, provider as settingsOf } from './journey.ts'
import { client, startProvider } from './provider.ts'
import { newVisitor, type Visitor } from './visitor.ts'

const statusOf = async (hub: ServedHub, visitor: Visitor) => (await visitor.ask(hub, 'GET', '/me')).status

test('Signing out at a real provider ends the session here, and no other', async (t) => {
  const urls: string[] = []
  const provider = await startProvider(t, () => urls)
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: provider.host } })
  urls.push(hub.url)
  const credentials = { clientId: client.id, clientSecret: client.secret, scopes: ['openid', 'profile'] }
  const own = { id: 'own', name: 'Own', issuer: provider.issuer, createsAccounts: true, defaultRoles: ['agent'] }
  const added = await hub.ask('/api/v1/identity-providers', { json: { ...own, ...credentials } })
  assert.equal(added.json.backChannelUrl, `${hub.url}/api/v1/sign-on/own/backchannel-logout`)
  const signOn = async () => {
    const visitor = newVisitor()
    await visitor.visit(`${hub.url}/api/v1/sign-on/own/start`, { until: ({ pathname }) => pathname === '/' })
    assert.equal(await statusOf(hub, visitor), 200)
    return visitor
  }
  provider.person = { sub: 'ann', name: 'Ann' }
  const [here, elsewhere] = [await signOn(), await signOn()]
  const jar = here.jar.get(provider.host)!
  const cookie = () => [...jar].map(([name, { value }]) => `${name}=${value}`).join('; ')
  const asked = await here.visit(`${provider.issuer}/session/end`)
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.text)![1]!
  await fetch(`${provider.issuer}/session/end/confirm`, {
    ...{ method: 'POST', redirect: 'manual', headers: { cookie: cookie() } },
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  })
  assert.equal(await statusOf(hub, here), 401)
  assert.equal(await statusOf(hub, elsewhere), 200, 'another session at the provider is another one here')
  const [act] = (await hub.ask('/api/v1/audit-log?act=session.end')).json.acts
  assert.equal(act.outcome, 'done')
  assert.equal(act.subject.name, 'Ann')
  assert.deepEqual(act.details, { method: 'back_channel', provider: 'own', sessions: 1 })
})

test('A logout token is believed for what it is, once', async (t) => {
  const [issuer, other] = [await startIssuer(t), await startIssuer(t)]
  const environment = { JACKFIELD_ALLOW_HOSTS: `${issuer.host},${other.host}` }
  const hub = await serveHub(t, { environment })
  for (const [id, at] of [['own', issuer] as const, ['other', other] as const]) {
    assert.equal((await hub.ask('/api/v1/identity-providers', { json: settingsOf(id, at) })).status, 201)
  }
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  let count = 0
  const claims = (over: Record<string, unknown> = {}): JWTPayload => {
    count += 1
    return { iss: issuer.url, aud: clientId, iat: seconds(), jti: `token ${count}`, sub: 'ann', events, ...over }
  }
  const send = (token: string, id = 'own', at = hub) =>
    fetch(`${at.url}/api/v1/sign-on/${id}/backchannel-logout`, {
      ...{ method: 'POST', body: new URLSearchParams({ logout_token: token }) },
    })
  const signOn = async (sub: string, sid: string) => {
    const begun = await begin(hub)
    const { nonce } = begun
    const own = { iss: issuer.url, sub, sid, aud: clientId, iat: seconds(), exp: seconds() + 300, nonce, name: sub }
    const id_token = await issuer.sign(own)
    issuer.answer = async () => ({ body: { access_token: 'a token', token_type: 'Bearer', id_token } })
    await comeBack(begun)
    assert.equal(await statusOf(hub, begun.visitor), 200)
    return begun.visitor
  }
  const ann = await signOn('ann', 'first')
  const bea = await signOn('bea', 'second')

  await t.test('none that is forged, of another, too old, too new, or no logout token', async () => {
    const bad: [string, string | Promise<string>][] = [
      ['unsigned', unsigned(claims())],
      ['signed by the public key', issuer.signByPublicKey(claims())],
      ['of another’s key', other.sign(claims())],
      ['of an unknown key', issuer.sign(claims(), { kid: 'nobody' })],
      ['another audience', issuer.sign(claims({ aud: 'another' }))],
      ['another issuer', issuer.sign(claims({ iss: other.url }))],
      ['a nonce', issuer.sign(claims({ nonce: 'x' }))],
      ['no event', issuer.sign(claims({ events: {} }))],
      ['an event of another kind', issuer.sign(claims({ events: { [Object.keys(events)[0]!]: 'yes' } }))],
      ['no id', issuer.sign(claims({ jti: undefined }))],
      ['nobody', issuer.sign(claims({ sub: undefined }))],
      ['a person of another form', issuer.sign(claims({ sid: 7 }))],
      ['no time', issuer.sign(claims({ iat: undefined }))],
      ['too old', issuer.sign(claims({ iat: seconds() - 1_200 }))],
      ['of the future', issuer.sign(claims({ iat: seconds() + 600 }))],
      ['over', issuer.sign(claims({ exp: seconds() - 300 }))],
      ['an access token', issuer.sign(claims(), { typ: 'at+jwt' })],
      ['no token', 'no token at all'],
      ['nothing', ''],
    ]
    for (const [what, token] of bad) {
      const answer = await send(await token)
      assert.equal(answer.status, 400, what)
      assert.equal(answer.headers.get('cache-control'), 'no-store', what)
      assert.equal(((await answer.json()) as { error: string }).error, 'invalid_request', what)
    }
    // One provider’s token at the address of another, and at that of none.
    assert.equal((await send(await issuer.sign(claims()), 'other')).status, 400)
    assert.equal((await send(await issuer.sign(claims()), 'nobody')).status, 400)
    assert.equal(await statusOf(hub, ann), 200)
    const [act] = (await hub.ask('/api/v1/audit-log?act=session.end&limit=1')).json.acts
    assert.equal(act.outcome, 'refused')
  })

  await t.test('a session that is named ends alone, and a token is used once', async () => {
    const again = await signOn('ann', 'third')
    const token = await issuer.sign(claims({ sid: 'first' }), { typ: 'logout+jwt' })
    const answers = await Promise.all([send(token), send(token)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400])
    assert.equal(answers.find(({ status }) => status === 200)!.headers.get('cache-control'), 'no-store')
    assert.deepEqual([await statusOf(hub, ann), await statusOf(hub, again)], [401, 200])
    assert.equal((await send(token)).status, 400)
  })

  await t.test('without one all of the person’s that came from this provider end, and nobody else’s', async () => {
    const again = await signOn('ann', 'fourth')
    assert.equal((await send(await issuer.sign(claims({ sub: 'nobody' })))).status, 200)
    assert.equal((await send(await issuer.sign(claims()))).status, 200)
    assert.deepEqual([await statusOf(hub, again), await statusOf(hub, bea)], [401, 200])
    const mixed = await issuer.sign(claims({ sub: 'ann', sid: 'second' }))
    assert.equal((await send(mixed)).status, 200)
    assert.equal(await statusOf(hub, bea), 200, 'a session is ended only for whose it is')
  })

  await t.test('keys that were changed meanwhile are read once more', async () => {
    // As if the last reading for an unknown key were long ago.
    const key = { JACKFIELD_MASTER_KEY: hub.hub.people.keyring.sealing.bytes.toString('hex') }
    const restarted = await serveHub(t, { databaseUrl: hub.databaseUrl, environment: { ...environment, ...key } })
    const sendThere = async () => (await send(await issuer.sign(claims({ sub: 'nobody' })), 'own', restarted)).status
    assert.equal(await sendThere(), 200)
    await issuer.rotate()
    assert.equal(await sendThere(), 200)
    assert.equal((await send(await issuer.sign(claims({ sub: 'bea' })), 'own', restarted)).status, 200)
    assert.equal(await statusOf(restarted, bea), 401)
  })
})
