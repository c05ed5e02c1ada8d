import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readToPanel, readToPhone, sealed, type ToPhone } from '../../web/client/messages.ts'
import { isListed } from '../../web/src/pages/desktop/listed-origin.ts'

const event = { interaction: 'c1', id: 'e1', type: 'offered' as const, at: '2026-11-22T10:00:00Z', data: { ani: '1' } }

test('the panel heeds well-formed events of softphones alone', () => {
  const good = sealed({ type: 'event', request: '1', event })
  assert.deepEqual(readToPanel(good), { type: 'event', request: '1', event })
  assert.deepEqual(readToPanel(sealed({ type: 'hello' })), { type: 'hello' })
  const bad: unknown[] = [
    ...[null, 'hello', 7, [], { type: 'hello' }, { jackfield: 2, type: 'hello' }, { jackfield: 1, type: 'dial' }],
    { ...good, request: 1 },
    { ...good, event: { ...event, type: 'exploded' } },
    { ...good, event: { ...event, interaction: '' } },
    { ...good, event: { ...event, id: 'x'.repeat(201) } },
    { ...good, event: { ...event, at: 'yesterday' } },
    { ...good, event: { ...event, data: 'x' } },
    { ...good, event: { ...event, scriptVariables: { a: 1 } } },
  ]
  for (const message of bad) assert.equal(readToPanel(message), null, JSON.stringify(message))
})

test('a softphone heeds well-formed words of the panel alone', () => {
  const name = { id: 'i', source: 's', interaction: 'c1' }
  const record = { id: 'r', entity: 'contact', name: null }
  const good: ToPhone[] = [
    { type: 'ready' },
    { type: 'taken', request: '1', interaction: 'i' },
    { type: 'refused', request: '1', code: 'input.invalid', message: '' },
    { type: 'dial', dial: { number: '+3225550100', record } },
    { type: 'screenPop', pop: { ...name, url: 'https://crm.example/1' } },
    { type: 'cardShown', card: { ...name, state: 'offered', record: null } },
  ]
  for (const message of good) assert.deepEqual(readToPhone(sealed(message)), { jackfield: 1, ...message })
  const bad = [
    { jackfield: 1, type: 'dial', dial: { number: '', record: null } },
    { jackfield: 1, type: 'screenPop', pop: { ...name, url: 'javascript:alert(1)' } },
    { jackfield: 1, type: 'cardShown', card: { ...name, state: 'offered' } },
    { jackfield: 1, type: 'toString' },
    { jackfield: 1, type: '__proto__' },
  ]
  for (const message of bad) assert.equal(readToPhone(message), null, JSON.stringify(message))
})

test('origins are listed as they stand, or as names below a star', () => {
  const list = ['https://phone.example.com', 'https://*.cloud.microsoft']
  for (const origin of ['https://phone.example.com', 'https://teams.cloud.microsoft', 'https://a.b.cloud.microsoft'])
    assert.ok(isListed(list, origin), origin)
  const foreign = [
    ...['https://evil.example', 'http://phone.example.com', 'https://phone.example.com:444', 'https://cloud.microsoft'],
    ...['https://xcloud.microsoft', 'http://teams.cloud.microsoft', 'https://a.cloud.microsoft.evil.example', 'null'],
  ]
  for (const origin of foreign) assert.ok(!isListed(list, origin), origin)
})
