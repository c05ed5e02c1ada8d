import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessTokenHash, claimOf, emailOf, groupsOf, nameOf } from './sign-on-claims.ts'

test('groups are read from a claim, from a path, and from a single text', () => {
  assert.deepEqual(groupsOf({ groups: ['a', 'b'] }, 'groups'), ['a', 'b'])
  assert.deepEqual(groupsOf({ groups: [] }, 'groups'), [])
  assert.deepEqual(groupsOf({ role: 'a' }, 'role'), ['a'])
  assert.deepEqual(groupsOf({ realm_access: { roles: ['a'] } }, 'realm_access.roles'), ['a'])
  assert.deepEqual(groupsOf({ 'https://example.org/roles': ['a'] }, 'https://example.org/roles'), ['a'])
})

test('groups that were not told are no empty list', () => {
  const missing = (claims: object) =>
    assert.throws(() => groupsOf({ ...claims }, 'groups'), { code: 'sign_on.groups_missing' })
  for (const claims of [{}, { groups: null }, { groups: 1 }, { groups: [1] }, { groups: { a: 1 } }]) missing(claims)
  assert.throws(() => groupsOf({ _claim_names: { groups: 'src1' }, _claim_sources: {} }, 'groups'), /too many/)
  assert.equal(claimOf({}, 'constructor'), undefined)
  assert.equal(claimOf({ a: {} }, 'a.__proto__'), undefined)
})

test('an address is believed only where the provider vouches for it', () => {
  const verified = (claims: object) => emailOf({ email: 'a@example.org', ...claims })?.verified
  assert.equal(verified({ email_verified: true }), true)
  assert.equal(verified({ xms_edov: '1' }), true)
  for (const said of [undefined, false, 'false', null, {}, 0]) assert.equal(verified({ email_verified: said }), false)
  for (const email of [undefined, 1, 'nobody', 'a@b\r\n', 'a b@c', `${'x'.repeat(300)}@y`]) {
    assert.equal(emailOf({ email, email_verified: true }), null)
  }
})

test('a name is one line', () => {
  assert.equal(nameOf({ name: ' Ann\r\nDubois ' }), 'Ann  Dubois')
  assert.equal(nameOf({ name: '', given_name: 'Ann', family_name: 'D' }), 'Ann D')
  assert.equal(nameOf({ preferred_username: 'ann' }), 'ann')
  assert.equal(nameOf({ name: 7 }), 'Somebody')
})

test('the digest of an access token is that of the specification', () => {
  // The example of OpenID Connect Core, appendix A.3.
  const token = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'
  assert.equal(accessTokenHash(token, 'RS256'), '77QmUPtjPfzWtF2AnpK9RQ')
})
