import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TableScope } from '#connectors/connector.ts'
import { readRow as readBytes } from './read-row.ts'

const id = '49b0be2e-d01c-ed11-b83e-000d3a572421'
const scope: TableScope = {
  table: {
    name: 'contact',
    setName: 'contacts',
    idField: 'contactid',
    nameField: 'fullname',
    labels: {},
    changeTracking: true,
    fields: [],
  },
  columns: ['contactid'],
  filter: null,
}
const row = (members: string) => `{"contactid":"${id}","versionnumber":7,${members}}`

const readRow = (of: TableScope, raw: string) => readBytes(of, Buffer.from(raw))

const refused = (raw: string, field?: string) =>
  assert.throws(() => readRow(scope, raw), { code: 'record.invalid', detail: field === undefined ? {} : { field } })

test('reads id, version and values, and keeps the text', () => {
  const raw = row('"fullname":"Ána","revenue":10.10')
  const read = readRow(scope, raw)
  assert.equal(read.sourceId, id)
  assert.deepEqual(read.mark, [7n])
  assert.equal(read.values.fullname, 'Ána')
  assert.equal(read.raw.toString(), raw)
})

test('writes every id in lower case', () => {
  assert.equal(readRow(scope, `{"contactid":"${id.toUpperCase()}","versionnumber":7}`).sourceId, id)
})

test('keeps the version exact in every form', () => {
  const markOf = (version: string) => readRow(scope, `{"contactid":"${id}", "versionnumber" : ${version}}`).mark
  assert.deepEqual(markOf('9007199254740991'), [9007199254740991n])
  assert.deepEqual(markOf('9007199254740993'), [9007199254740993n])
  assert.deepEqual(markOf('"9223372036854775807"'), [9223372036854775807n])
})

test('refuses a row without an id, naming the column', () => {
  refused('{"versionnumber":7}', 'contactid')
  refused('{"contactid":null,"versionnumber":7}', 'contactid')
  refused('{"contactid":5,"versionnumber":7}', 'contactid')
  refused('{"contactid":"not a guid","versionnumber":7}', 'contactid')
})

test('refuses a row without a version', () => {
  for (const version of ['null', '-1', '1.5', '"x"', '99999999999999999999']) {
    refused(`{"contactid":"${id}","versionnumber":${version}}`, 'versionnumber')
  }
  refused(`{"contactid":"${id}"}`, 'versionnumber')
})

test('refuses what is no object', () => {
  for (const raw of ['null', '1', '"x"', '[]', '{']) refused(raw)
})

test('refuses what the store cannot keep, naming the column', () => {
  refused(row('"fullname":"a\\u0000b"'), 'fullname')
  refused(row('"fullname":"\\ud83d"'), 'fullname')
  refused(row('"fullname":"\\uDE00\\uD83D"'), 'fullname')
  refused(row('"nested":{"x":["\\u0000"]}'), 'nested')
  refused(row('"a\\u0000":1'), 'a\ufffd')
})

test('takes what only looks like it', () => {
  readRow(scope, row('"fullname":"\\ud83d\\ude00"'))
  readRow(scope, row('"fullname":"the text \\\\u0000 and \\\\ud83d"'))
})
