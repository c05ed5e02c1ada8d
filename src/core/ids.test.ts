import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { canonicalSourceId, recordId, recordNamespace, uuidv7 } from './ids.ts'

const document = readFileSync(new URL('../../docs/record-ids.md', import.meta.url), 'utf8')
const vectors = [...document.matchAll(/^\| `(.+)` \| `(.+)` \| `(.+)` \| `(.+)` \| `([0-9a-f-]{36})` \|$/gm)]

test('record ids are those of the published vectors', () => {
  assert.ok(vectors.length >= 8)
  assert.ok(document.includes(recordNamespace))
  for (const [, crm = '', organisation = '', entity = '', sourceId = '', id] of vectors) {
    assert.equal(recordId({ crm, organisation, entity, sourceId }), id)
  }
})

test('parts that run into each other give different ids', () => {
  const id = (organisation: string, sourceId: string) =>
    recordId({ crm: 'x', organisation, entity: 'account', sourceId })
  const ids = [id('a', 'b'), id('a","account","b', ''), id('', 'a","account","b'), id('ab', ''), id('', 'ab')]
  assert.equal(new Set(ids).size, ids.length)
})

test('an id longer than any before is still hashed whole', () => {
  const id = (sourceId: string) => recordId({ crm: 'x', organisation: 'o', entity: 'account', sourceId })
  assert.notEqual(id(`${'数'.repeat(9000)}1`), id(`${'数'.repeat(9000)}2`))
  assert.equal(id('short'), id('short'))
})

test('only a whole GUID with hyphens is brought to one spelling', () => {
  const guid = 'a16b3f4b-1be7-e611-8101-e0071b6af231'
  assert.equal(canonicalSourceId(`{${guid.toUpperCase()}}`), guid)
  assert.equal(canonicalSourceId(guid.toUpperCase()), guid)
  for (const other of [
    `{${guid}`,
    `${guid}}`,
    `${guid}0`,
    guid.replaceAll('-', '').toUpperCase(),
    '0035e00000ABCde',
    '',
  ]) {
    assert.equal(canonicalSourceId(other), other)
  }
})

test('ids of our own rows sort by birth, also when the clock is set back', () => {
  const ids: string[] = []
  for (let i = 0; i < 20_000; i++) ids.push(uuidv7(i % 3 === 0 ? 1_700_000_000_000 : 1_700_000_000_000 - i))
  assert.deepEqual(ids.toSorted(), ids)
  assert.equal(new Set(ids).size, ids.length)
  assert.match(ids[0] ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
