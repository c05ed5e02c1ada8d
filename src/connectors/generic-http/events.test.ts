import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { PushedRequest } from '#connectors/push.ts'
import { isGenuine, mayBeGenuine, readEvents } from './events.ts'

const secret = 'a push secret of some length'
const at = Date.parse('2026-01-31T10:00:00Z')

function pushed(
  body: string,
  over: Partial<PushedRequest> & { proof?: string; signedAt?: number } = {},
): PushedRequest {
  const { proof = 'signature', signedAt = at, ...rest } = over
  const timestamp = String(signedAt)
  const signature = createHmac('sha256', secret)
    .update(timestamp + body)
    .digest('hex')
  const definition = {
    name: 'Acme',
    baseUrl: 'https://api.example.com',
    authentication: { kind: 'bearer' },
    push: { proof, id: 'record.id' },
    tables: [{ entity: 'contact', list: { path: '/contacts' }, id: 'id' }],
  }
  const headers = { 'x-jackfield-timestamp': timestamp, 'x-jackfield-signature': `sha256=${signature}` }
  return { headers, query: {}, path: [], settings: { definition }, at, body: Buffer.from(body), ...rest }
}
const body = '{"entity":"contact","operation":"update","id":7,"eventId":"e1"}'
const trusted = (request: PushedRequest) => mayBeGenuine(request, secret) && isGenuine(request, secret)

test('a signature counts over the raw body, within five minutes', () => {
  assert.ok(trusted(pushed(body)))
  assert.ok(!trusted({ ...pushed(body), body: Buffer.from(`${body} `) }))
  assert.ok(!trusted(pushed(body, { signedAt: at - 301_000 })))
  assert.ok(!trusted(pushed(body, { signedAt: at + 301_000 })))
  assert.ok(!isGenuine(pushed(body), 'another secret'))
  assert.ok(!trusted(pushed(body, { headers: {} })))
})

test('the secret alone counts only where the definition says so', () => {
  const headers = { 'x-jackfield-secret': secret }
  assert.ok(!trusted(pushed(body, { headers })))
  assert.ok(trusted(pushed(body, { headers, proof: 'secret' })))
  assert.ok(trusted(pushed(body, { headers: { authorization: `Bearer ${secret}` }, proof: 'secret' })))
  assert.ok(!trusted(pushed(body, { headers: { 'x-jackfield-secret': 'no' }, proof: 'secret' })))
})

test('one address takes one change or many, and the addresses of an entity whatever the CRM posts', () => {
  const [event] = readEvents(pushed(body))
  assert.deepEqual(
    { ...event, eventKey: '' },
    { eventKey: '', organisation: null, table: 'contact', sourceId: '7', operation: 'update' },
  )
  assert.equal(readEvents(pushed(body, { signedAt: at + 1000 }))[0]!.eventKey, event!.eventKey, 'delivered again')
  const many = JSON.stringify({ events: [JSON.parse(body), { entity: 'account', operation: 'delete', id: 'x' }] })
  assert.deepEqual(
    readEvents(pushed(many)).map((one) => one.table),
    ['contact', 'account'],
  )
  const own = readEvents(pushed('{"record":{"id":12345678901234567890}}', { path: ['contact', 'create'] }))
  assert.deepEqual([own[0]!.operation, own[0]!.sourceId], ['create', '12345678901234567890'])
  for (const [bad, path] of [
    ['{"record":{}}', ['contact', 'create']],
    ['{"record":{"id":1}}', ['contact', 'burn']],
    ['{"record":{"id":1}}', ['contact', 'create', 'x']],
    ['{"entity":"contact"}', []],
    ['{"entity":"contact","operation":"update","id":".."}', []],
    ['not json', []],
  ] as const) {
    assert.throws(() => readEvents(pushed(bad, { path: [...path] })), { code: 'input.invalid' })
  }
})
