import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { createKeyring, parseMasterKey, toMasterKey } from './keyring.ts'
import type { SecretPlace } from './seal.ts'
import { open, openBytes, seal, sealedBy } from './seal.ts'

const ring = createKeyring([toMasterKey(randomBytes(32))])
const place: SecretPlace = { organisation: 'o1', table: 'authentication', row: 'a1', column: 'client_secret' }
const secret = 'canary-client-secret é 数'

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    assert.ok(error instanceof HubError, String(error))
    assert.ok(!error.message.includes(secret))
    return error.code
  }
  return 'opened'
}

test('a secret comes back as it was, from an envelope that does not hold it', () => {
  for (const text of [secret, '', 'x'.repeat(100_000)]) {
    const envelope = seal(ring, place, text)
    assert.equal(open(ring, place, envelope), text)
    if (text) assert.equal(envelope.indexOf(text), -1)
  }
  const bytes = randomBytes(300)
  assert.deepEqual(openBytes(ring, place, seal(ring, place, bytes)), bytes)
})

test('the same secret is sealed differently each time, so that equal secrets do not show', () => {
  const envelopes = Array.from({ length: 50 }, () => seal(ring, place, secret))
  // Beyond version and key id nothing is shared: neither data keys nor nonces are used twice.
  const parts = envelopes.flatMap((envelope) => [
    envelope.subarray(9, 21),
    envelope.subarray(21, 53),
    envelope.subarray(69, 81),
  ])
  assert.equal(new Set(parts.map((part) => part.toString('hex'))).size, 150)
})

test('an envelope with any single bit flipped, any byte cut off or added, does not open', () => {
  const envelope = seal(ring, place, secret)
  for (let bit = 0; bit < envelope.length * 8; bit++) {
    const altered = Buffer.from(envelope)
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    // Bytes 1 to 8 name the master key: altered, they name one that is not given.
    const expected = bit >> 3 >= 1 && bit >> 3 <= 8 ? 'secret.key_wrong' : 'secret.unreadable'
    assert.equal(
      codeOf(() => open(ring, place, altered)),
      expected,
      `bit ${bit}`,
    )
  }
  for (let length = 0; length < envelope.length; length++) {
    assert.notEqual(
      codeOf(() => open(ring, place, envelope.subarray(0, length))),
      'opened',
      `length ${length}`,
    )
  }
  assert.equal(
    codeOf(() => open(ring, place, Buffer.concat([envelope, Buffer.of(0)]))),
    'secret.unreadable',
  )
})

test('an envelope moved to another organisation, table, row or column does not open there', () => {
  const envelope = seal(ring, place, secret)
  for (const part of ['organisation', 'table', 'row', 'column'] as const) {
    assert.equal(
      codeOf(() => open(ring, { ...place, [part]: `${place[part]}x` }, envelope)),
      'secret.unreadable',
      part,
    )
  }
  // The same letters, parted elsewhere.
  const tight = seal(ring, { organisation: 'ab', table: 'c', row: 'd","e', column: 'f' }, secret)
  for (const [organisation, table, row, column] of [
    ['a', 'bc', 'd","e', 'f'],
    ['ab', 'c', 'd', 'e","f'],
    ['ab', 'c","d', 'e', 'f'],
  ]) {
    const moved = { organisation, table, row, column } as SecretPlace
    assert.equal(
      codeOf(() => open(ring, moved, tight)),
      'secret.unreadable',
    )
  }
})

test('parts of two envelopes cannot be put together', () => {
  const [one, two] = [seal(ring, place, secret), seal(ring, place, 'another secret of the same length')]
  const spliced = Buffer.concat([one.subarray(0, 69), two.subarray(69)])
  assert.equal(
    codeOf(() => open(ring, place, spliced)),
    'secret.unreadable',
  )
})

test('keys are replaced without stopping: the first seals, all open, and what needs sealing anew is known', () => {
  const [old, young] = [toMasterKey(randomBytes(32)), toMasterKey(randomBytes(32))]
  const before = seal(createKeyring([old]), place, secret)
  const both = createKeyring([young, old])
  assert.equal(open(both, place, before), secret)
  assert.equal(sealedBy(before), old.id)
  const after = seal(both, place, secret)
  assert.equal(sealedBy(after), young.id)
  assert.equal(open(createKeyring([young]), place, after), secret)
  assert.equal(
    codeOf(() => open(createKeyring([young]), place, before)),
    'secret.key_wrong',
  )
})

test('what was opened is blanked in every log from then on', () => {
  const text = `opened-${randomBytes(8).toString('hex')}`
  const envelope = seal(ring, place, text)
  open(ring, place, envelope)
  assert.equal(redactor.clean(`refused: ${text}`), 'refused: [redacted]')
})

test('a master key is read in hex and both kinds of base64, and nothing else passes for one', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index))
  const texts = [
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]
  for (const text of texts) assert.deepEqual(parseMasterKey(` ${text}\n`)?.bytes, bytes)
  for (const text of [
    '',
    'x',
    'ab'.repeat(31),
    'ab'.repeat(33),
    randomBytes(31).toString('base64'),
    `${'a'.repeat(42)}!`,
  ]) {
    assert.equal(parseMasterKey(text), undefined, text)
  }
})

test('the id of a key tells nothing of it', () => {
  const key = toMasterKey(Buffer.alloc(32, 7))
  assert.match(key.id, /^[0-9a-f]{16}$/)
  assert.ok(!key.bytes.toString('hex').includes(key.id))
  assert.throws(() => toMasterKey(randomBytes(31)), RangeError)
})
