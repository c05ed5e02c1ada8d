import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { PushedRequest } from '#connectors/push.ts'
import { longId } from './ids.ts'
import { outboundKey } from './outbound-message.ts'
import { acknowledge, isGenuine, mayBeGenuine, readEvents } from './pushes.ts'
import { parseXml } from './xml.ts'

const secret = Buffer.alloc(32, 9).toString('base64url')
const at = 1_800_000_000_000
const organisation = '00D000000000001EAA'
const ids = ['003000000000001AAA', '003000000000002AAA']
const told = { version: 1, organisation, event: 'a1b2c3d4e5f6a7b8', object: 'Contact', operation: 'AFTER_UPDATE', ids }

function push(body: unknown, change: { key?: string; at?: number; id?: string } = {}): PushedRequest {
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const id = change.id ?? told.event
  const seconds = String(Math.floor((change.at ?? at) / 1000))
  const mac = createHmac('sha256', Buffer.from(change.key ?? secret, 'base64url'))
  const signature = `v1,${mac.update(`${id}.${seconds}.`).update(text).digest('base64')}`
  const headers = { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature }
  return { headers, query: {}, path: [], settings: {}, at, body: text }
}

test('a push that is signed is believed; one that was forged, changed, or is of another time is not', () => {
  assert.equal(isGenuine(push(told), secret), true)
  assert.equal(isGenuine(push(told, { at: at - 299_000 }), secret), true)
  const right = push(told)
  const wrong = [
    push(told, { key: Buffer.alloc(32, 8).toString('base64url') }),
    push(told, { at: at - 301_000 }),
    push(told, { at: at + 301_000 }),
    { ...right, body: Buffer.from(right.body.toString().replace(ids[0]!, ids[1]!)) },
    { ...right, headers: { ...right.headers, 'webhook-id': 'ffffffffffffffff' } },
    { ...right, headers: { ...right.headers, 'webhook-signature': '' } },
    { ...right, headers: {} },
    { ...right, path: [secret] },
    { ...right, path: ['a', 'b'], headers: { ...right.headers, 'webhook-timestamp': '1e9' } },
  ]
  for (const request of wrong) assert.equal(isGenuine(request, secret), false, JSON.stringify(request.headers))
  assert.equal(mayBeGenuine({ ...right, headers: {} }, secret), false)
})

test('signatures are those of Standard Webhooks', (t) => {
  const file = new URL('../../../../shared/data/signatures/vectors.json', import.meta.url)
  let vectors: Record<string, string | number>[]
  try {
    vectors = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return t.skip('the published vectors are not here')
  }
  const [{ secret: key, id, timestamp, body, signature }] = vectors as [Record<string, string>]
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
  const request = { ...push(''), headers, body: Buffer.from(body!), at: Number(timestamp) * 1000 }
  const bytes = Buffer.from(key!.slice('whsec_'.length), 'base64').toString('base64url')
  assert.equal(isGenuine(request, bytes), true)
  assert.equal(isGenuine({ ...request, body: Buffer.from(`${body} `) }, bytes), false)
})

test('one event may tell of several records, each once and with a key that a repetition has too', () => {
  const events = readEvents(push({ ...told, ids: [...ids, ids[0]] }))
  assert.deepEqual(
    events.map(({ sourceId }) => sourceId),
    ids,
  )
  assert.equal(new Set(events.map(({ eventKey }) => eventKey)).size, 2)
  assert.deepEqual(readEvents(push({ ...told, attempt: 2 })), events)
  assert.deepEqual(events[0], {
    eventKey: `${organisation}/${told.event}/Contact/${ids[0]}`,
    organisation,
    table: 'Contact',
    sourceId: ids[0],
    operation: 'AFTER_UPDATE',
  })
})

test('a task may be copied as a task or as a phone call: both are told', () => {
  const events = readEvents(push({ ...told, object: 'Task', ids: ids.slice(0, 1) }))
  assert.deepEqual(
    events.map(({ table }) => table),
    ['Task', 'Task.Call'],
  )
  assert.equal(new Set(events.map(({ eventKey }) => eventKey)).size, 2)
})

test('a body that is no push of ours is refused', () => {
  const bad = [
    'no json',
    [],
    { ...told, version: 2 },
    { ...told, ids: ["003' OR Name != '"] },
    { ...told, ids: Array(2_001).fill(ids[0]) },
    { ...told, object: 'Con tact' },
    { ...told, organisation: 'x' },
    { ...told, event: 'another-event' },
  ]
  for (const body of bad) assert.throws(() => readEvents(push(body)), { code: 'input.invalid' }, JSON.stringify(body))
})

const message = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>${organisation}</OrganizationId><ActionId>04k000000000001AAA</ActionId><SessionId xsi:nil="true"/><EnterpriseUrl></EnterpriseUrl>${inner}</notifications></soapenv:Body></soapenv:Envelope>`
const notification = (n: number) =>
  `<Notification><Id>04l00000000000${n}</Id><sObject xsi:type="sf:Contact" xmlns:sf="urn:x"><sf:Id>00300000000000${n}</sf:Id><sf:LastName>A &amp; &#x42;</sf:LastName></sObject></Notification>`
const outbound = (body: string): PushedRequest => ({
  ...push(body),
  headers: {},
  path: [outboundKey(secret)],
})

test('an outbound message is believed by its address, each notification a hint, and acknowledged in SOAP', () => {
  const request = outbound(message(notification(1) + notification(2)))
  assert.equal(isGenuine(request, secret), true)
  assert.equal(isGenuine({ ...request, path: [outboundKey('another')] }, secret), false)
  const events = readEvents(request)
  assert.deepEqual(
    events.map(({ eventKey, table, sourceId }) => [eventKey, table, sourceId]),
    [1, 2].map((n) => [`${organisation}/04l00000000000${n}AAA/Contact`, 'Contact', `00300000000000${n}AAA`]),
  )
  assert.match(acknowledge(request).body, /<Ack>true<\/Ack>/)
})

test('of XML only the plain kind is read: no document type, entity, comment or CDATA, no depth without end', () => {
  const bad = [
    '',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    'text<a/>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    '<a>&x;</a>',
    '<a>&#x110000;</a>',
    '<a>& b</a>',
    '<a><!-- --></a>',
    '<a><![CDATA[x]]></a>',
    '<a><?php ?></a>',
    '<a b="<"/>',
    '<a>'.repeat(1_000) + '</a>'.repeat(1_000),
    `<a>${'<b/>'.repeat(100_001)}</a>`,
    message(''),
    message(notification(1).repeat(101)),
    message('<Notification><Id>x</Id></Notification>'),
  ]
  for (const body of bad) assert.throws(() => readEvents(outbound(body)), { code: 'input.invalid' }, body.slice(0, 60))
  assert.equal(parseXml('<x:a>&lt;&#65;&#x1F600;&apos;</x:a>').text, "<A😀'")
})

test('an id has one form', () => {
  assert.equal(longId('0015g00000abcDE'), '0015g00000abcDEAAY')
  assert.equal(longId('0015g00000abcDEAAY'), '0015g00000abcDEAAY')
  for (const text of ['', '0015g00000abcDEAA!', '0015g00000abcD', "0015g00000abc'E"]) assert.equal(longId(text), null)
})
