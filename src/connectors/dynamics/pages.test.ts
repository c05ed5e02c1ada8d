import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TableScope } from '#connectors/connector.ts'
import type { SourceField } from '#model/field.ts'
import { firstMarkLink } from './marks.ts'
import { firstLink, lastLink } from './pages.ts'

const field = (name: string, type: SourceField['type'] = 'text'): SourceField => ({
  name,
  type,
  labels: {},
  required: false,
  readable: true,
  creatable: true,
  updatable: true,
})
const scope: TableScope = {
  table: {
    name: 'contact',
    setName: 'contacts',
    idField: 'contactid',
    nameField: 'fullname',
    labels: {},
    changeTracking: true,
    fields: [
      field('contactid', 'guid'),
      field('fullname'),
      field('modifiedon', 'datetime'),
      field('statecode', 'choice'),
    ],
  },
  columns: ['contactid', 'fullname'],
  filter: { field: 'statecode', is: 'eq', value: 0 },
}
const select = '$select=contactid,fullname,versionnumber,modifiedon'

test('a walk by query is ordered by the id, so that a changing page loses nothing', () => {
  assert.equal(
    firstLink(scope, { kind: 'query' }),
    `/api/data/v9.2/contacts?${select}&$filter=statecode%20eq%200&$orderby=contactid%20asc`,
  )
})

test('a walk since a time meets what changes meanwhile once more at its end', () => {
  assert.equal(
    firstLink(scope, { kind: 'since', since: new Date('2024-02-29T23:59:59.999Z') }),
    `/api/data/v9.2/contacts?${select}&$filter=modifiedon%20ge%202024-02-29T23:59:59Z%20and%20statecode%20eq%200&$orderby=modifiedon%20asc,contactid%20asc`,
  )
})

test('a tracked walk sends nothing that change tracking refuses', () => {
  assert.equal(firstLink(scope, { kind: 'tracked' }), `/api/data/v9.2/contacts?${select}`)
  assert.equal(firstLink(scope, { kind: 'delta', link: 'https://x/y' }), 'https://x/y')
})

test('a table without a time of change is read whole', () => {
  const joining = { ...scope, filter: null, table: { ...scope.table, fields: [field('contactid', 'guid')] } }
  assert.equal(
    firstLink(joining, { kind: 'since', since: new Date(0) }),
    '/api/data/v9.2/contacts?$select=contactid,fullname,versionnumber&$orderby=contactid%20asc',
  )
})

test('versions are listed for just the rows that are copied', () => {
  assert.equal(
    firstMarkLink(scope),
    '/api/data/v9.2/contacts?$select=contactid,versionnumber&$filter=statecode%20eq%200&$orderby=contactid%20asc',
  )
})

test('where the next page is, is seen at the end of the reply alone', () => {
  const link = 'https://org.example/api/data/v9.2/contacts?$skiptoken=%3Ccookie%22%3E'
  const seen = (text: string) => lastLink(Buffer.from(text))
  assert.equal(seen(`{"value":[{"a":"b"}],"@odata.nextLink":"${link}"}`), link)
  assert.equal(seen(`{"value":[] , "@odata.nextLink" : "https:\\/\\/x\\u002f1" }\n`), 'https://x/1')
  assert.equal(seen(`{"value":[{"a":"${'é'.repeat(9000)}"}],"@odata.nextLink":"${link}"}`), link)
  for (const text of [
    `{"@odata.nextLink":"${link}","value":[]}`,
    `{"value":[{"a":"],\\"@odata.nextLink\\":\\"${link}\\"}"}]}`,
    `{"value":[{"a":",\\"@odata.nextLink\\":\\"x\\"}`,
    '{"value":[],"@odata.nextLink":"https://x/é"}',
    '{"value":[],"@odata.nextLink":null}',
    `{"value":[],"@odata.nextLink":"${link}`,
    '',
  ]) {
    assert.equal(seen(text), undefined, text)
  }
})
