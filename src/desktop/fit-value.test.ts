import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldType, SourceField } from '#model/field.ts'
import { cutText, fitValue } from './fit-value.ts'

function field(type: FieldType, more: Partial<SourceField> = {}): SourceField {
  return { name: 'f', type, labels: {}, required: false, readable: true, creatable: true, updatable: true, ...more }
}

const value = (of: SourceField, given: unknown) => {
  const fitted = fitValue(of, given)
  return 'wrong' in fitted ? `wrong: ${fitted.wrong}` : fitted.value
}

test('A text that fits is kept whole; a longer one ends on a word, with a mark, within the limit', () => {
  assert.deepEqual(fitValue(field('text', { maxLength: 11 }), 'Hello world'), { value: 'Hello world', cut: false })
  assert.deepEqual(fitValue(field('text', { maxLength: 10 }), 'Hello world'), { value: 'Hello…', cut: true })
  assert.equal(cutText('Hello world', 6), 'Hello…', 'a word that ends where the mark comes is whole')
  assert.equal(cutText('x'.repeat(200), 100), `${'x'.repeat(99)}…`, 'what has no blanks is cut within')
  assert.equal(cutText(`a ${'x'.repeat(200)}`, 100), `a ${'x'.repeat(97)}…`)
  assert.equal(cutText('😀😀😀', 4), '😀…', 'no half of a character')
  assert.equal(cutText('ab', 1), '…')
  for (let limit = 0; limit < 40; limit++) {
    const cut = cutText('The quick brown 🦊 jumps over the lazy 🐕 dog, twice', limit)
    assert.ok(cut.length <= limit && cut.isWellFormed(), `${limit}: ${cut}`)
  }
})

test('A megabyte in one variable fits a write whatever the field would hold', () => {
  const fitted = fitValue(field('memo', { maxLength: 1_048_576 }), '"\n'.repeat(500_000))
  assert.ok('value' in fitted && fitted.cut)
  assert.ok(JSON.stringify(fitted.value).length < 900_000)
})

test('What no CRM keeps is taken out, and a field of one line has one', () => {
  assert.equal(value(field('memo'), ' one\r\ntwo\u0000\ud800 '), 'one\ntwo\ufffd')
  assert.equal(value(field('text'), 'one\r\n two'), 'one two')
  assert.equal(value(field('text'), ['vip', 'angry']), 'vip, angry')
  assert.equal(value(field('text'), 12), '12')
  assert.deepEqual(fitValue(field('text'), '  '), { value: null, cut: false })
  assert.deepEqual(fitValue(field('integer'), undefined), { value: null, cut: false })
})

test('Numbers are read from texts as people write them, and never guessed', () => {
  assert.equal(value(field('integer'), '12.7'), 13)
  assert.equal(value(field('integer'), 61), 61)
  assert.equal(value(field('bigint'), '9007199254740993'), '9007199254740993')
  assert.equal(value(field('decimal'), '12,5'), 12.5)
  assert.equal(value(field('money'), '1.234'), 1.234)
  assert.equal(value(field('money'), '1,234'), 'wrong: takes a number')
  assert.equal(value(field('integer'), 'twelve'), 'wrong: takes a whole number')
  assert.equal(value(field('integer'), 3e9), 'wrong: takes a whole number')
})

test('A record is pointed at by an id that its CRM takes', () => {
  const binds = { incident: { property: 'regardingobjectid_incident', setName: 'incidents' } }
  const addressed = field('lookup', { targets: ['incident'], binds })
  const id = '49b0be2e-d01c-ed11-b83e-000d3a572421'
  assert.deepEqual(value(addressed, id.toUpperCase()), { entity: 'incident', id })
  const other = { entity: 'Case', id: '500000000000001AAA' }
  const short = field('lookup', { targets: ['Case'] })
  assert.deepEqual(value(short, other.id), other)
  for (const [of, wrong] of [
    [addressed, 'CAS-01234'] as const,
    [addressed, other.id] as const,
    [short, '42'] as const,
  ]) {
    assert.equal(value(of, wrong), 'wrong: takes the id of a record')
  }
})

test('Times and days', () => {
  assert.equal(value(field('datetime'), '2026-02-28T09:30:00.250+02:00'), '2026-02-28T07:30:00Z')
  assert.equal(value(field('datetime'), '2026-02-28 09:30:00'), '2026-02-28T09:30:00Z')
  assert.equal(value(field('datetime'), new Date(0)), '1970-01-01T00:00:00Z')
  assert.equal(value(field('date'), '2026-02-28T23:30:00-05:00'), '2026-02-28')
  assert.match(String(value(field('date'), '2026-02-30')), /^wrong/)
  assert.match(String(value(field('datetime'), '2026-02-30T10:00:00Z')), /^wrong/)
  assert.match(String(value(field('datetime'), 'yesterday')), /^wrong/)
})

test('A choice by its value or by its label in any language', () => {
  const options = [
    { value: 1, labels: { en: 'Phone', nl: 'Telefoon' } },
    { value: 2, labels: { en: 'E-mail', fr: 'Courriel' } },
  ]
  assert.equal(value(field('choice', { options }), 'telefoon '), 1)
  assert.equal(value(field('choice', { options }), '2'), 2)
  assert.match(String(value(field('choice', { options }), 'Fax')), /^wrong: takes the number of an option/)
  assert.match(String(value(field('choice', { options }), 7)), /^wrong: has no option 7/)
  assert.deepEqual(value(field('choices', { options }), 'Courriel; Phone'), [1, 2])
  const named = [{ value: 'web', labels: { en: 'Web' } }]
  assert.equal(value(field('choice', { options: named }), 'WEB'), 'web')
})

test('Yes and no', () => {
  const options = [
    { value: 1, labels: { en: 'Outgoing' } },
    { value: 0, labels: { en: 'Incoming' } },
  ]
  assert.equal(value(field('boolean', { options }), 'incoming'), false)
  assert.equal(value(field('boolean'), 'Oui'), true)
  assert.equal(value(field('boolean'), false), false)
  assert.match(String(value(field('boolean'), 'perhaps')), /^wrong/)
})

test('Lookups and ids pass as the outbox takes them; a type that cannot be written is told', () => {
  const id = '49b0be2e-d01c-ed11-b83e-000d3a572421'
  assert.deepEqual(value(field('lookup', { targets: ['account'] }), id), { entity: 'account', id })
  assert.equal(value(field('guid'), id.toUpperCase()), id)
  assert.match(String(value(field('other'), 'x')), /^wrong/)
})

test('A field for addresses takes whole ones alone', () => {
  assert.equal(value(field('text', { format: 'email' }), 'ann@example.com'), 'ann@example.com')
  assert.match(String(value(field('text', { format: 'email' }), '+3225551234')), /^wrong: takes an e-mail address/)
  assert.match(String(value(field('text', { format: 'email', maxLength: 9 }), 'ann@example.com')), /^wrong/)
  const link = 'https://recordings.example/1?of=call'
  assert.equal(value(field('text', { format: 'url' }), link), link)
  assert.match(String(value(field('text', { format: 'url', maxLength: 30 }), link)), /^wrong: takes a link/)
  assert.match(String(value(field('text', { format: 'url' }), 'javascript:alert(1)')), /^wrong/)
  assert.equal(value(field('text', { format: 'phone' }), '+3225551234'), '+3225551234')
})
