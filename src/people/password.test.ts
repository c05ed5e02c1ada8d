import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HubError, isHubError } from '#core/errors.ts'
import { createPasswords } from './password.ts'
import { refuseWeak } from './password-rule.ts'

const owner = { name: 'Ann Dupont', email: 'adupont@example.org', hasFactor: false }

function reason(password: string, over: Partial<typeof owner> = {}): string | null {
  try {
    refuseWeak(password, { ...owner, ...over })
    return null
  } catch (error) {
    assert.ok(isHubError(error, 'password.refused'))
    return error.message
  }
}

test('A password needs 15 characters alone and 8 beside a second factor, and no other form', () => {
  assert.match(reason('fourteen chars') ?? '', /14 characters; 15/)
  assert.equal(reason('fifteen or more'), null)
  assert.match(reason('sevenen', { hasFactor: true }) ?? '', /7 characters; 8/)
  assert.equal(reason('kq9wtz7p', { hasFactor: true }), null)
  assert.equal(reason('ⵣ𝒳 любой язык 日本語 🤷'), null)
  // A letter and its accent apart, or as one: the same length.
  assert.match(reason('e\u0301'.repeat(14)) ?? '', /14 characters/)
  assert.equal(reason('x1'.padEnd(200, 'abc def')), null)
  assert.match(reason('y'.repeat(201)) ?? '', /201 characters; 200/)
})

test('What is tried first is refused', () => {
  for (const password of ['password', 'Trustno1', '1QAZ2WSX', 'passwordpassword', 'aaaaaaaaaaaaaaa']) {
    assert.match(reason(password, { hasFactor: true }) ?? '', /tried first/, password)
  }
  for (const password of [
    '123456789012345',
    'abcdefghijklmnop',
    '987654321098765',
    'passwordpassword',
    'abcabcabcabcabc',
  ]) {
    assert.match(reason(password) ?? '', /tried first/, password)
  }
})

test('Names that anybody would try are refused, and letters that only happen to be in a name are not', () => {
  for (const password of [
    'my jackfield password',
    'what dupont keeps',
    'ADUPONT is the best one',
    'DuPont über alles',
  ]) {
    assert.match(reason(password) ?? '', /holds a name/, password)
  }
  assert.equal(reason('an angry antelope'), null)
})

test('A password is known again however a keyboard composes it, and no other is', async () => {
  const { hash, verify } = createPasswords()
  const stored = await hash('cafe\u0301 au lait demain')
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  assert.deepEqual(await verify('caf\u00e9 au lait demain', stored), { right: true, stale: false })
  assert.deepEqual(await verify('cafe au lait demain', stored), { right: false, stale: false })
  assert.deepEqual(await verify('cafe au lait demain', null), { right: false, stale: false })
  assert.notEqual(await hash('cafe\u0301 au lait demain'), stored)
})

test('A hash of older parameters, as another program wrote it, is right and asks to be made anew', async () => {
  // echo -n 'password' | argon2 somesalt -id -t 2 -m 16 -p 1, from the tests of the reference implementation
  const written = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.deepEqual(await createPasswords().verify('password', written), { right: true, stale: true })
})

test('Beyond those at work and those who wait, whoever comes is sent away at once', async () => {
  const { hash } = createPasswords({ atOnce: 1, mostWaiting: 2 })
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => hash('correct horse battery staple')))
  const refused = results.filter((result) => result.status === 'rejected').map(({ reason: error }) => error as HubError)
  assert.equal(refused.length, 5)
  for (const error of refused) {
    assert.equal(error.code, 'auth.throttled')
    assert.ok(error.detail.retryAt! > Date.now())
  }
  // The places are free again.
  await hash('correct horse battery staple')
})
