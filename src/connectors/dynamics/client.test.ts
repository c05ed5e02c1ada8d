import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { askJson, refusal } from './client.ts'
import { whoAmI } from './wire.ts'

function reply(status: number, body: unknown, headers: CrmReply['headers'] = {}): CrmReply {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers, body: Buffer.from(text), text }
}
const error = (status: number, code: string, message: string, headers: CrmReply['headers'] = {}) =>
  refusal(reply(status, { error: { code, message } }, headers), 'to read contact')

test('an expired or void delta link says so, whatever its status', () => {
  const text = 'Version stamp associated with the client has expired. Please perform a full sync.'
  assert.equal(error(400, '0x80044352', text).code, 'crm.delta_expired')
  assert.equal(error(500, '0x80044352', text).code, 'crm.delta_expired')
  assert.equal(error(400, '0x80044183', 'Invalid version stamp').code, 'crm.delta_expired')
})

test('an unknown column is named', () => {
  const read = error(
    400,
    '0x80060888',
    "Could not find a property named 'nickname' on type 'Microsoft.Dynamics.CRM.contact'.",
  )
  assert.equal(read.code, 'field.unknown')
  assert.equal(read.detail.field, 'nickname')
  assert.match(read.detail.mend ?? '', /nickname/)
  const written = error(
    400,
    '0x80048d19',
    "Error identified in Payload provided by the user for Entity :'contacts' … An undeclared property 'parentcustomerid' which only has property annotations in the payload",
  )
  assert.equal(written.code, 'field.unknown')
  assert.equal(written.detail.field, 'parentcustomerid')
})

test('the same code for another mistake is no unknown column', () => {
  const other = error(400, '0x80060888', 'Skip Clause is not supported in CRM')
  assert.equal(other.code, 'crm.refused')
  assert.match(other.message, /Skip Clause/)
  assert.equal(other.detail.vendorCode, '0x80060888')
})

test('a missing privilege is named with its table', () => {
  const missing = error(
    403,
    '0x80040220',
    "Principal user (Id=1, type=8, roleCount=5, privilegeCount=465, accessMode=0), is missing prvReadincident privilege (Id=2) on OTC=112 for entity 'incident'. context.Caller=1",
  )
  assert.equal(missing.code, 'crm.privilege_missing')
  assert.match(missing.message, /lacks prvReadincident on incident/)
  assert.equal(missing.detail.field, 'prvReadincident')
  assert.match(missing.detail.mend ?? '', /prvReadincident/)
  assert.equal(error(403, '0x80048306', 'no access to the record').code, 'crm.privilege_missing')
  assert.equal(error(403, '0x8004f507', 'Caller user … secured field').code, 'crm.privilege_missing')
})

test('a stranger to the organisation is told what to add', () => {
  const stranger = error(403, '0x80072560', 'The user is not a member of the organization.')
  assert.equal(stranger.code, 'crm.no_user')
  assert.match(stranger.detail.mend ?? '', /application user/)
})

test('throttling tells when to come back, with and without a hint', () => {
  const before = Date.now()
  const hinted = error(429, '0x80072322', 'Number of requests exceeded the limit of 6000', { 'retry-after': '30' })
  assert.equal(hinted.code, 'crm.throttled')
  assert.ok((hinted.detail.retryAt ?? 0) >= before + 30_000)
  const bare = refusal(reply(429, 'Too many requests'), 'to read contact')
  assert.equal(bare.code, 'crm.throttled')
  assert.ok((bare.detail.retryAt ?? 0) > before)
  const dated = error(429, '0x80072326', 'x', {
    'retry-after': 'Thu, 29 Feb 2024 12:00:10 GMT',
    date: 'Thu, 29 Feb 2024 12:00:00 GMT',
  })
  assert.ok((dated.detail.retryAt ?? 0) >= before + 10_000)
})

test('a failing server keeps its own words', () => {
  const failing = error(503, '0x80040216', 'An unexpected error occurred.', { 'retry-after': '7' })
  assert.equal(failing.code, 'crm.unreachable')
  assert.equal(failing.detail.vendorStatus, 503)
  assert.equal(failing.detail.vendorText, 'An unexpected error occurred.')
  assert.ok((failing.detail.retryAt ?? 0) > Date.now())
  assert.match(refusal(reply(500, { Message: 'An error has occurred.' }), 'to read contact').message, /An error has/)
  assert.doesNotMatch(refusal(reply(502, '<html>gateway</html>'), 'to read contact').message, /html/)
})

test('a token that stays rejected is an authentication fault', () => {
  assert.equal(refusal(reply(401, ''), 'to read contact').code, 'authentication.rejected')
})

test('what a vendor repeats of a token is blanked', () => {
  const leaking = error(400, '0x1', 'bad header Authorization: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOi.eyJhdWQiOiJ4.sig')
  assert.doesNotMatch(JSON.stringify([leaking.message, leaking.detail]), /eyJ0/)
})

function answering(replies: CrmReply[]): CrmSession & { asked: number } {
  const session = {
    url: 'https://contoso.crm4.dynamics.com',
    settings: {},
    asked: 0,
    call: () => {
      session.asked += 1
      return Promise.resolve(replies.length > 1 ? replies.shift()! : replies[0]!)
    },
  }
  return session
}
const asked = { what: 'to say who the hub signs in as', lane: 'person' } as const
const good = reply(200, {
  OrganizationId: '49b0be2e-d01c-ed11-b83e-000d3a572421',
  UserId: '49b0be2e-d01c-ed11-b83e-000d3a572422',
})

test('a body that is no answer is asked for again, and then given up with its reason', async () => {
  const passing = answering([reply(200, '{"Organ'), reply(200, '<html>'), good])
  assert.ok(await askJson(passing, '/x', asked, whoAmI))
  for (const [bad, reason] of [
    [reply(200, '<!DOCTYPE html><title>Sign in</title>'), /web page/],
    [reply(200, { error: { code: '0x1', message: 'broken inside' } }), /broken inside/],
    [reply(200, '{"OrganizationId":'), /not valid JSON/],
    [reply(200, { OrganizationId: 5 }), /expected form at OrganizationId/],
  ] as const) {
    const session = answering([bad])
    await assert.rejects(askJson(session, '/x', asked, whoAmI), (caught) => {
      assert.ok(caught instanceof HubError && isHubError(caught, 'crm.body_invalid'))
      assert.match(caught.message, reason)
      return true
    })
    assert.equal(session.asked, 3)
  }
})

test('a refusal is not asked for again here: that is the door’s', async () => {
  const session = answering([reply(400, { error: { code: '0x1', message: 'no' } })])
  await assert.rejects(askJson(session, '/x', asked, whoAmI), { code: 'crm.refused' })
  assert.equal(session.asked, 1)
})
