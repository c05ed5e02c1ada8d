import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide, decideAbsent, type Reading, type Stored } from './decide.ts'

const stored = (change: Partial<Stored> = {}): Stored => ({
  mark: [10n],
  contentHash: 1n,
  ticket: 100n,
  deleted: false,
  outOfScope: false,
  ...change,
})
const reading = (change: Partial<Reading> = {}): Reading => ({
  mark: [10n],
  contentHash: 1n,
  ticket: 101n,
  inScope: true,
  byId: false,
  ...change,
})

test('the higher version wins, whatever the order of arrival', () => {
  assert.equal(decide(stored(), reading({ mark: [11n], ticket: 50n })), 'write')
  assert.equal(decide(stored(), reading({ mark: [9n], contentHash: 2n, ticket: 999n })), 'keep')
})

test('a version of several parts is compared from left to right', () => {
  assert.equal(decide(stored({ mark: [5n, 9n] }), reading({ mark: [6n, 0n] })), 'write')
  assert.equal(decide(stored({ mark: [5n, 9n] }), reading({ mark: [5n, 8n], contentHash: 2n })), 'keep')
})

test('versions beyond 2^53 are told apart', () => {
  assert.equal(
    decide(stored({ mark: [9007199254740993n] }), reading({ mark: [9007199254740992n], contentHash: 2n })),
    'keep',
  )
})

test('the same row again is kept without a write', () => {
  assert.equal(decide(stored(), reading({ ticket: 1n })), 'keep')
})

test('same version, other content: a reading that began after the stored one ended replaces it', () => {
  assert.equal(decide(stored(), reading({ contentHash: 2n, ticket: 101n })), 'write')
})

test('same version, other content, overlapping readings: nobody can tell, so it is read again', () => {
  assert.equal(decide(stored(), reading({ contentHash: 2n, ticket: 99n })), 'read again')
})

test('without versions the reading tickets decide', () => {
  assert.equal(decide(stored({ mark: null }), reading({ mark: null, contentHash: 2n })), 'write')
  assert.equal(decide(stored({ mark: null }), reading({ mark: null, contentHash: 2n, ticket: 100n })), 'read again')
})

test('a page never revives a deleted record by itself', () => {
  const tombstone = stored({ deleted: true })
  assert.equal(decide(tombstone, reading({ mark: [12n], ticket: 90n })), 'read again')
  assert.equal(decide(tombstone, reading({ mark: [12n], ticket: 110n })), 'read again')
})

test('a page asked for before the delete that shows the row as it was is dropped', () => {
  assert.equal(decide(stored({ deleted: true }), reading({ mark: [10n], ticket: 90n })), 'keep')
})

test('a record read by id after the delete was settled is restored, even with its old version', () => {
  assert.equal(decide(stored({ deleted: true }), reading({ byId: true, ticket: 101n })), 'write')
})

test('a record read by id while the delete was being settled is read again', () => {
  assert.equal(decide(stored({ deleted: true }), reading({ byId: true, mark: [11n], ticket: 99n })), 'read again')
})

test('a row that leaves the filter is written once, and again when it comes back', () => {
  assert.equal(decide(stored(), reading({ inScope: false })), 'write')
  assert.equal(decide(stored({ outOfScope: true }), reading({ inScope: false })), 'keep')
  assert.equal(decide(stored({ outOfScope: true }), reading({ inScope: true })), 'write')
})

test('absence makes a tombstone only when asked for after what is held was stored', () => {
  assert.equal(decideAbsent(null, { ticket: 1n }), 'write')
  assert.equal(decideAbsent(stored(), { ticket: 101n }), 'write')
  assert.equal(decideAbsent(stored(), { ticket: 99n }), 'read again')
  assert.equal(decideAbsent(stored({ deleted: true }), { ticket: 101n }), 'keep')
})
