import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDefinition } from './definition.ts'
import { sourceTable } from './fields.ts'
import { nextOf } from './paging.ts'
import { fill, valueAt, withValueAt } from './paths.ts'
import { readRow } from './read-row.ts'
import { below, listRequest } from './request.ts'
import { readTime, writeTime } from './times.ts'

const good = {
  name: 'Acme',
  baseUrl: 'https://api.example.com/v2',
  authentication: { kind: 'bearer' },
  tables: [{ entity: 'contact', list: { path: '/contacts' }, id: 'id' }],
}

test('a definition that is wrong is refused at its place', () => {
  assert.equal(readDefinition(good).tables[0]!.paging.kind, 'none')
  const table = good.tables[0]!
  for (const [bad, place] of [
    [{ ...good, authentication: { kind: 'digest' } }, 'definition.authentication.kind'],
    [{ ...good, tables: [] }, 'definition.tables'],
    [{ ...good, tables: [table, table] }, 'definition.tables.1.entity'],
    [{ ...good, tables: [{ ...table, item: { path: '/contacts' } }] }, 'definition.tables.0.item.path'],
    [{ ...good, tables: [{ ...table, list: { path: '//other.example/x' } }] }, 'definition.tables.0.list.path'],
    [
      { ...good, tables: [{ ...table, list: { path: '/x', headers: { 'X\r\nY': '1' } } }] },
      'definition.tables.0.list.headers.X\r\nY',
    ],
    [{ ...good, secret: 'x' }, 'definition'],
  ] as const) {
    assert.throws(
      () => readDefinition(bad),
      (error: { code: string; detail: { field: string } }) => {
        assert.equal(error.code, 'input.invalid')
        assert.equal(error.detail.field, place)
        return true
      },
    )
  }
})

test('paths lead into objects and lists, and a member named like the path comes first', () => {
  const record = { a: { b: [{ c: 1 }, { c: 2 }] }, 'x.y': 3, x: { y: 4 } }
  assert.equal(valueAt(record, 'a.b[1].c'), 2)
  assert.equal(valueAt(record, 'x.y'), 3)
  assert.equal(valueAt(record, 'a.b[7].c'), undefined)
  assert.equal(valueAt(record, '__proto__.x'), undefined)
  assert.deepEqual(withValueAt({ q: { size: 1 } }, 'q.cursor', 'z'), { q: { size: 1, cursor: 'z' } })
})

test('what fills an address can be no other part of it', () => {
  assert.equal(fill('/contacts/{id}', { id: 'a/../b?c=d#e' }), '/contacts/a%2F..%2Fb%3Fc%3Dd%23e')
  const definition = readDefinition(good)
  assert.equal(below(definition, '/contacts').pathname, '/v2/contacts')
  const request = listRequest(definition, definition.tables[0]!, { parameters: [{ query: { cursor: 'a&b=c' } }] })
  assert.equal(request.path, '/v2/contacts?cursor=a%26b%3Dc')
})

test('the next link of a Link header is found among others', () => {
  assert.equal(nextOf('<https://a/1>; rel="first", <https://a/3>; title="x, y"; rel="next last"'), 'https://a/3')
  assert.equal(nextOf('</x?page=2>; rel=next'), '/x?page=2')
  assert.equal(nextOf('<https://a/1>; rel="prev"'), null)
})

test('times are read and asked for in each form', () => {
  assert.equal(readTime('2026-01-31 10:11:12', 'iso'), '2026-01-31T10:11:12Z')
  assert.equal(readTime('2026-01-31T10:11:12.5+0200', 'iso'), '2026-01-31T10:11:12.5+02:00')
  assert.equal(readTime(1_700_000_000, 'epoch_seconds'), '2023-11-14T22:13:20.000Z')
  assert.equal(readTime('soon', 'iso'), null)
  const time = new Date('2026-01-31T10:11:12.999Z')
  assert.equal(writeTime(time, 'iso'), '2026-01-31T10:11:12Z')
  assert.equal(writeTime(time, 'date'), '2026-01-31')
  assert.equal(writeTime(time, 'epoch_seconds'), '1769854272')
})

test('a row is flattened to its columns, digits and all, whatever it is wrapped in', () => {
  const table = readDefinition({
    ...good,
    tables: [
      {
        ...good.tables[0],
        version: { path: 'updated' },
        fields: [
          { path: 'amount', type: 'money' },
          { path: 'phones[0]', type: 'text' },
          { path: 'vip', type: 'boolean' },
        ],
      },
    ],
  }).tables[0]!
  const source = sourceTable(table, [])
  const scope = { table: source, columns: source.fields.map((field) => field.name), filter: null }
  const text =
    '{"updated":"2026-01-01T00:00:00Z","phones":[32123],"id":12345678901234567890,"amount":1.50,"vip":1,"more":{}}'
  const row = readRow(scope, Buffer.from(text))
  assert.equal(row.sourceId, '12345678901234567890')
  assert.deepEqual(row.mark, [1767225600000n])
  assert.equal(row.raw.toString(), '{"amount":1.50,"id":"12345678901234567890","phones[0]":"32123","vip":true}')
  // What is stored reads as itself.
  assert.deepEqual(
    readRow({ ...scope, table: { ...source, request: { ...table, version: undefined } } }, row.raw).raw,
    row.raw,
  )
  assert.throws(() => readRow(scope, Buffer.from('{"id":".."}')), { code: 'record.invalid' })
})
