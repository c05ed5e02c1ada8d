import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressBlock, codeLanes, passwordLanes } from './throttle.ts'

test('Addresses that one customer of a provider has are counted as one', () => {
  assert.equal(addressBlock('203.0.113.7'), '203.0.113.0/24')
  assert.equal(addressBlock('::ffff:203.0.113.7'), '203.0.113.0/24')
  assert.equal(addressBlock('2001:db8:aaaa:bbcc:1::1'), '2001:db8:aaaa:bb00::/56')
  assert.equal(addressBlock('2001:db8:aaaa:bb01::1'), addressBlock('2001:db8:aaaa:bbff::2'))
  assert.equal(addressBlock('somewhere'), 'somewhere')
})

test('A browser that is known shares its count with nobody', () => {
  const asked = { who: 'a@example.org', address: '203.0.113.7' }
  const known = [...passwordLanes({ ...asked, device: 'd' }), ...codeLanes({ ...asked, device: 'd' })]
  const strange = [...passwordLanes({ ...asked, device: null }), ...codeLanes({ ...asked, device: null })]
  const names = new Set(strange.map(({ name }) => name))
  assert.deepEqual(
    known.filter(({ name }) => names.has(name)),
    [],
  )
})
