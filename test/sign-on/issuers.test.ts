import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveHub } from '../server/served-hub.ts'
import { startIssuer } from './invented-issuer.ts'
import { begin, clientId, comeBack, provider, seconds } from './journey.ts'
import { problemOf } from './visitor.ts'

test('Issuers that are not what they should be', async (t) => {
  const [issuer, internal] = [await startIssuer(t), await startIssuer(t)]
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: issuer.host } })
  const add = (over: object = {}) => hub.ask('/api/v1/identity-providers', { json: provider('own', issuer, over) })
  const check = async (over: object = {}) => {
    const { json } = await hub.ask('/api/v1/identity-providers/check', { json: { issuer: issuer.url, ...over } })
    const { stage, code, message } = json.steps.find(({ state }: { state: string }) => state === 'failed') ?? {}
    return { stage, code, message }
  }

  await t.test('each fault is named by its stage', async () => {
    const faults: [Record<string, unknown>, string][] = [
      [{ issuer: 7 }, 'document'],
      [{ issuer: 'https://evil.example' }, 'issuer'],
      [{ issuer: `${issuer.url}/{tenantid}/v2.0` }, 'issuer'],
      [{ token_endpoint: undefined }, 'endpoints'],
      [{ authorization_endpoint: 'javascript:alert(1)' }, 'endpoints'],
      [{ end_session_endpoint: 'data:text/html,x' }, 'endpoints'],
      [{ response_types_supported: ['id_token'] }, 'code_flow'],
      [{ code_challenge_methods_supported: ['plain'] }, 'code_flow'],
      [{ id_token_signing_alg_values_supported: ['HS256', 'none'] }, 'signatures'],
      [{ jwks_uri: `${issuer.url}/nothing` }, 'keys'],
    ]
    for (const [document, stage] of faults) {
      issuer.document = document
      assert.equal((await check()).stage, stage, JSON.stringify(document))
      const { status } = await add()
      assert.ok(status >= 400 && status < 500, 'and it is not added')
    }
    issuer.document = {}
    assert.deepEqual(await check(), { stage: undefined, code: undefined, message: undefined })
    const { stage } = await check({ issuer: `${issuer.url}/wrong` })
    assert.equal(stage, 'document')
  })

  await t.test('an issuer for all tenants lets in the one that is named', async () => {
    issuer.document = { issuer: `${issuer.url}/{tenantid}/v2.0` }
    const tenant = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
    assert.equal((await add({ tenant })).status, 201)
    const signIn = async (tid: string) => {
      const begun = await begin(hub)
      const claims = { sub: 'ann', aud: clientId, iat: seconds(), exp: seconds() + 60, nonce: begun.nonce, tid }
      const body = { access_token: 'x', token_type: 'Bearer' }
      const idToken = await issuer.sign({ ...claims, iss: `${issuer.url}/${tid}/v2.0` })
      issuer.answer = async () => ({ body: { ...body, id_token: idToken } })
      return problemOf(await comeBack(begun))
    }
    assert.equal(await signIn(tenant), null)
    assert.equal(await signIn('11111111-2222-3333-4444-555555555555'), 'sign_on.rejected')
    await hub.ask('/api/v1/identity-providers/own', { method: 'DELETE' })
    issuer.document = {}
  })

  await t.test('an address inside, a redirect to one, and an answer without end are refused', async () => {
    assert.equal((await check({ issuer: internal.url })).code, 'crm.blocked_address')
    issuer.document = { jwks_uri: `${internal.url}/keys` }
    assert.equal((await check()).code, 'crm.blocked_address')
    issuer.document = {}
    issuer.instead = (_request, reply) => reply.writeHead(302, { location: `${internal.url}/` }).end()
    assert.equal((await check()).code, 'crm.foreign_link')
    issuer.instead = (_request, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json' })
      const chunk = Buffer.alloc(64 * 1024, 0x20)
      const more = () => {
        while (!reply.destroyed && reply.write(chunk));
      }
      reply.on('drain', more)
      more()
    }
    assert.equal((await check()).code, 'crm.body_too_large')
    issuer.instead = (_request, reply) => reply.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello')
    assert.equal((await check()).stage, 'document')
    issuer.instead = null
    assert.deepEqual(internal.asked, [])
  })

  await t.test('a kept secret is not sent to another issuer', async () => {
    assert.equal((await add()).status, 201)
    issuer.document = { issuer: `${issuer.url}/{tenantid}` }
    const change = (json: object) => hub.ask('/api/v1/identity-providers/own', { method: 'PATCH', json })
    const refused = await change({ tenant: 'x' })
    issuer.document = {}
    assert.equal(refused.json.error.code, 'input.invalid')
    const { json } = await hub.ask('/api/v1/identity-providers')
    assert.equal(json.providers[0].hasSecret, true)
    assert.ok(!JSON.stringify(json).includes('a secret of the tests'))
    assert.equal(
      (await change({ name: 'x', version: json.providers[0].version + 5 })).json.error.code,
      'settings.changed',
    )
  })

  await t.test('nobody gives by a provider what they could not give themselves', async () => {
    const key = await hub.newKey('manage:people', 'read:records')
    const groups = [{ group: 'all', role: 'administrator' }]
    const asKey = (json: object, init: object = {}) => hub.ask('/api/v1/identity-providers', { key, json, ...init })
    assert.equal((await asKey(provider('evil', issuer, { groups, groupClaim: 'g' }))).json.error.code, 'auth.denied')
    assert.equal((await asKey(provider('evil', issuer, { defaultRoles: ['integrator'] }))).status, 403)
    await hub.ask('/api/v1/identity-providers/own', { method: 'PATCH', json: { groups, groupClaim: 'g' } })
    const own = (method: string, json?: object) => hub.ask('/api/v1/identity-providers/own', { key, method, json })
    assert.equal((await own('PATCH', { groups: [] })).status, 403)
    assert.equal((await own('DELETE')).status, 403)
  })
})
