import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HubError } from '#core/errors.ts'
import { concernsAll, decideLost, failureOf, isForGood } from './decide.ts'
import type { Base } from './write.ts'

const create: Base = { operation: 'create', mark: null }
const update: Base = { operation: 'update', mark: [100n] }
const remove: Base = { operation: 'delete', mark: [100n] }
const lost = (base: Base, own = true, seen: 'content' | 'deleted' | null = null) => ({ base, ownId: own, seen })

test('a create whose answer was lost is repeated only while its record is absent', () => {
  assert.equal(decideLost(lost(create), null), 'not yet')
  assert.equal(decideLost(lost(create), { mark: [101n], holds: true }), 'written')
  assert.equal(decideLost(lost(create), { mark: [101n], holds: false }), 'written', 'a plug-in changed a value')
})

test('a record that the hub created and has seen is not made anew after someone deleted it', () => {
  assert.equal(decideLost(lost(create, true, 'content'), null), 'written')
  assert.equal(decideLost(lost(create, true, 'deleted'), null), 'unknown', 'told of by a push or a list of changes')
})

test('a record with an id that the caller chose may be someone else’s', () => {
  assert.equal(decideLost(lost(create, false), { mark: [101n], holds: true }), 'written')
  assert.equal(decideLost(lost(create, false), { mark: [101n], holds: false }), 'unknown')
  assert.equal(decideLost(lost(create, false, 'content'), null), 'not yet', 'it may have been there before')
})

test('an update whose answer was lost is repeated only against the version that it was bound to', () => {
  assert.equal(decideLost(lost(update), { mark: [100n], holds: false }), 'not yet')
  assert.equal(decideLost(lost(update), { mark: [100n], holds: true }), 'not yet', 'the value stood there before')
  assert.equal(decideLost(lost(update), { mark: [101n], holds: true }), 'written')
  assert.equal(decideLost(lost(update), { mark: [101n], holds: false }), 'unknown', 'someone else’s work stands there')
  assert.equal(decideLost(lost(update), null), 'unknown')
})

test('a delete whose answer was lost is never repeated on a restored or changed record', () => {
  assert.equal(decideLost(lost(remove), null), 'written')
  assert.equal(decideLost(lost(remove), { mark: [100n], holds: true }), 'not yet')
  assert.equal(decideLost(lost(remove), { mark: [101n], holds: true }), 'unknown')
})

test('where the CRM has no versions nothing is repeated after a lost answer', () => {
  const blind: Base = { operation: 'update', mark: null }
  assert.equal(decideLost(lost(blind), { mark: null, holds: true }), 'written')
  assert.equal(decideLost(lost(blind), { mark: null, holds: false }), 'unknown')
  assert.equal(decideLost(lost({ operation: 'delete', mark: null }), { mark: null, holds: true }), 'unknown')
})

test('only what the CRM surely refused counts as refused', () => {
  assert.equal(failureOf(new HubError('write.refused', 'x', { vendorStatus: 400 })), 'refused')
  assert.equal(failureOf(new HubError('crm.privilege_missing', 'x', { vendorStatus: 403 })), 'refused')
  assert.equal(failureOf(new HubError('crm.refused', 'x', { vendorStatus: 413 })), 'refused')
  assert.equal(failureOf(new HubError('write.refused', 'a duplicate', { vendorStatus: 500 })), 'refused')
})

test('what surely had no effect is asked again without looking', () => {
  assert.equal(failureOf(new HubError('crm.unreachable', 'x', { sent: false })), 'not applied')
  assert.equal(failureOf(new HubError('crm.throttled', 'x', { vendorStatus: 429 })), 'not applied')
  assert.equal(failureOf(new HubError('authentication.rejected', 'x', { vendorStatus: 401 })), 'not applied')
  assert.equal(failureOf(new HubError('connection.not_ready', 'x')), 'not applied')
})

test('whatever else goes wrong may have been written', () => {
  const lostOnes = [
    new HubError('crm.timeout', 'x', { sent: true }),
    new HubError('crm.unreachable', 'x', { sent: true }),
    new HubError('crm.unreachable', 'x', { vendorStatus: 500 }),
    new HubError('crm.throttled', 'x', { vendorStatus: 503 }),
    new HubError('crm.refused', 'x', { vendorStatus: 408 }),
    new HubError('write.refused', 'a gateway gave up', { vendorStatus: 408 }),
    new HubError('write.refused', 'it leads elsewhere', { vendorStatus: 302 }),
    new HubError('crm.body_invalid', 'x', { vendorStatus: 200 }),
    new TypeError('a fault of ours'),
  ]
  for (const error of lostOnes) assert.equal(failureOf(error), 'lost', String(error))
})

test('a trouble of the whole connection is told from that of one record', () => {
  assert.ok(concernsAll(new HubError('authentication.secret_expired', 'x')))
  assert.ok(concernsAll(new HubError('crm.throttled', 'x', { vendorStatus: 429 })))
  assert.ok(concernsAll(new HubError('crm.unreachable', 'x', { sent: true })))
  assert.ok(!concernsAll(new HubError('crm.unreachable', 'a plug-in', { vendorStatus: 500 })))
  assert.ok(!concernsAll(new HubError('write.refused', 'x', { vendorStatus: 400 })))
})

test('a reading that asks for a column that is gone is worth another try', () => {
  assert.ok(isForGood(new HubError('crm.privilege_missing', 'x', { vendorStatus: 403 })))
  assert.ok(!isForGood(new HubError('field.unknown', 'x', { vendorStatus: 400 })))
})
