import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDefinition, type TableRequest } from './definition.ts'
import { beginning, guardPage, type Met, nothingMet, type Walked } from './guard.ts'

function tableOf(paging: Record<string, unknown>): TableRequest {
  return readDefinition({
    name: 'x',
    baseUrl: 'https://api.example.com',
    authentication: { kind: 'none' },
    tables: [{ entity: 'contact', list: { path: '/contacts' }, id: 'id', paging }],
  }).tables[0]!
}

const byCursor = tableOf({ kind: 'cursor', parameter: 'c', cursor: 'next' })
const byPage = tableOf({ kind: 'page', parameter: 'page' })

interface Shown {
  ids: (number | string)[]
  next?: string | null
  total?: number
}

/** Walks pages as a CRM shows them; `forgetful`: each page in another process. */
function walk(table: TableRequest, pages: Shown[], forgetful = false): Walked {
  let walked = beginning
  let met: Met = nothingMet()
  for (const [i, { ids, next = i + 1 < pages.length ? `p${i + 2}` : null, total = null }] of pages.entries()) {
    if (forgetful) met = nothingMet()
    const rows = ids.map((id) => Buffer.from(typeof id === 'number' ? JSON.stringify({ id }) : id))
    walked = guardPage({ table, number: i + 1, rows, next, total, walked, met })
  }
  return walked
}

test('pages that show each record once pass, also where rows were put in before them meanwhile', () => {
  assert.equal(walk(byCursor, [{ ids: [1, 2, 3] }, { ids: [4, 5, 6] }, { ids: [7] }]).rows, 7)
  assert.equal(walk(byPage, [{ ids: [1, 2, 3] }, { ids: [3, 4, 5] }, { ids: [5] }, { ids: [] }]).rows, 5)
  const changed = '{"id":1,"name":"new"}'
  assert.equal(walk(byCursor, [{ ids: [1, 2, 3] }, { ids: [4, 5, changed] }]).rows, 5)
})

test('pages that repeat, shrink or go in a circle are refused with page and reason', () => {
  const cases: [TableRequest, Shown[], RegExp][] = [
    [byCursor, [{ ids: [1, 2] }, { ids: [1, 2] }], /page 2: .*same records/],
    [byCursor, [{ ids: [1, 2] }, { ids: [3, 4] }, { ids: [5, 2] }], /page 3: .*page 1 showed/],
    [byCursor, [{ ids: [1, 1] }], /page 1: .*twice/],
    [byPage, [{ ids: [1, 2] }, { ids: [3] }, { ids: [4] }], /page 3: .*shorter/],
    [
      byPage,
      [
        { ids: [1, 2], total: 4 },
        { ids: [3], total: 3 },
      ],
      /page 2: .*shrank from 4 to 3/,
    ],
    [
      byCursor,
      [
        { ids: [1, 2], total: 4 },
        { ids: [3], total: 4 },
      ],
      /page 2: .*4 records, and its pages showed 3/,
    ],
    [byCursor, [{ ids: [1] }, ...Array.from({ length: 12 }, (_, i) => ({ ids: [], next: `e${i}` }))], /empty/],
  ]
  for (const [table, pages, reason] of cases) {
    assert.throws(() => walk(table, pages), { code: 'crm.pages_unsound', message: reason })
  }
})

test('a circle is seen by processes that each read one page, and remember nothing', () => {
  const round = ['a', 'b', 'c'].map((next, i) => ({ ids: [i * 2 + 1, i * 2 + 2], next }))
  const endless = Array.from({ length: 40 }, (_, i) => round[i % 3]!)
  assert.throws(() => walk(byCursor, endless, true), { code: 'crm.pages_unsound', message: /circle/ })
})

test('a record is the same wherever in its row its id stands', () => {
  const guid = '6D0B1C52-77E5-4B6F-9C1A-0F3A5E2B7C11'
  for (const [first, again] of [
    ['{"id":"x","n":1}', '{"n":2,"id":"x"}'],
    ['{"id":12,"n":1}', '{"n":2, "id":12}'],
    [`{"id":"${guid}","n":1}`, `{"n":2,"id":"${guid.toLowerCase()}"}`],
    ['{"n":1,"id":"x y"}', '{"id":"x y","n":2}'],
  ] as const) {
    assert.equal(walk(byCursor, [{ ids: [first, 7] }, { ids: [8, again] }]).rows, 3, first)
    assert.throws(() => walk(byCursor, [{ ids: [first, again] }]), { code: 'crm.pages_unsound' }, first)
  }
})
