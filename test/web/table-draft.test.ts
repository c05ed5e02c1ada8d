import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Filter } from '../../src/server/contract/tables.ts'
import type { TableDetail } from '../../web/src/api/tables.ts'
import { changeOf, draftOf, rebase, withChange } from '../../web/src/pages/table-editor/draft.ts'
import { filterSentence } from '../../web/src/pages/table-editor/filter-sentence.ts'
import { newCondition, newGroup, readTree, replacePart, treeOf } from '../../web/src/pages/table-editor/filter-tree.ts'
import { takeStep } from '../../web/src/pages/table-editor/history.ts'
import { en } from '../../web/src/text/en.ts'
import { fr } from '../../web/src/text/fr.ts'
import { nl } from '../../web/src/text/nl.ts'

const field = (name: string, type: string) => ({
  ...{ name, type, labels: { en: name }, required: false, readable: true, creatable: true, updatable: true },
})
const mapping: TableDetail['mapping'] = {
  fields: { city: { from: 'city', type: 'text' }, title: { from: 'title', type: 'text' } },
  name: [['name']],
  alsoSearched: [],
  phones: ['phone'],
  emails: [],
  country: [],
  active: null,
  modifiedAt: null,
  relations: [],
}
const table = {
  enabled: true,
  scheduleSeconds: 300,
  columns: ['id', 'name', 'city', 'title', 'phone', 'state', 'changed'],
  filter: null,
  mapping,
  fields: [
    ...['id', 'name', 'city', 'title', 'phone', 'mobile'].map((name) => field(name, 'text')),
    field('state', 'choice'),
    field('changed', 'datetime'),
    field('revenue', 'money'),
    field('vip', 'boolean'),
  ],
} as unknown as TableDetail

const filter: Filter = {
  all: [
    { field: 'state', is: 'in', value: [0, 1] },
    { any: [{ field: 'city', is: 'eq', value: 'Gent' }, { not: { field: 'changed', is: 'within_days', value: 30 } }] },
    {
      not: {
        all: [
          { field: 'revenue', is: 'gt', value: 10.5 },
          { field: 'vip', is: 'eq', value: false },
        ],
      },
    },
    { field: 'phone', is: 'not_null' },
  ],
}

test('A filter that is opened and left alone stays the very same filter', () => {
  assert.deepEqual(readTree(treeOf(filter), table.fields), { filter, faults: new Map() })
  assert.deepEqual(readTree(treeOf(null), table.fields).filter, null)
  const open = { ...table, filter } as TableDetail
  assert.deepEqual(changeOf(draftOf(open), open).change, {})
  const single = { ...table, filter: { field: 'city', is: 'eq', value: 'Gent' } } as TableDetail
  assert.deepEqual(changeOf(draftOf(single), single).change, {})
})

test('What is not finished is named where it stands, and nothing half is sent', () => {
  const parts = [
    newCondition(),
    newCondition('city', 'eq', [' ']),
    newCondition('revenue', 'gt', ['much']),
    newCondition('changed', 'ge', ['yesterday']),
    newCondition('vanished', 'null'),
    newCondition('revenue', 'le', ['10,5']),
    newGroup('any'),
  ]
  const { filter: read, faults } = readTree(newGroup('all', parts), table.fields)
  assert.equal(read, null)
  assert.deepEqual(
    parts.map(({ id }) => faults.get(id)),
    ['field', 'value', 'number', 'date', 'gone', undefined, 'empty'],
  )
  const tree = newGroup('all', [parts[1]!, newGroup('any', [parts[0]!])])
  assert.deepEqual(replacePart(tree, parts[0]!.id, null).parts[1], { ...tree.parts[1], parts: [] })
})

test('The filter is said in one sentence, in each language', () => {
  const said = { label: (name: string) => name, value: (_: string, value: string | number | boolean) => String(value) }
  const say = (text: typeof en) => filterSentence(filter, text.editor.sentence, said).replaceAll('\u00a0', ' ')
  assert.equal(
    say(en),
    'Only rows where state is 0 or 1 and (city is Gent or not (changed is in the last 30 days)) and not (revenue is more than 10.5 and vip is false) and phone is filled in are copied.',
  )
  assert.equal(
    say(fr),
    'Seules les lignes où « state » est 0 ou 1 et (« city » est Gent ou non (« changed » date des 30 derniers jours)) et non (« revenue » dépasse 10.5 et « vip » est false) et « phone » est rempli sont copiées.',
  )
  assert.equal(
    say(nl),
    'Alleen rijen waarvoor geldt: state is 0 of 1 en (city is Gent of niet (changed ligt in de laatste 30 dagen)) en niet (revenue is meer dan 10.5 en vip is false) en phone is ingevuld.',
  )
  assert.equal(filterSentence(null, en.editor.sentence, said), 'Every row is copied.')
  const either: Filter = { not: { any: [filter.all[0]!, filter.all[3]!] } }
  assert.equal(
    filterSentence(either, en.editor.sentence, said),
    'Only rows where not (state is 0 or 1 or phone is filled in) are copied.',
  )
})

test('Each step can be taken back, and what is used is copied without asking', () => {
  const start = { past: [], now: draftOf(table) }
  const mapped = { ...mapping, phones: ['mobile', 'phone'] }
  const edited = takeStep(start, { put: (now) => withChange(now, { mapping: mapped }) })
  assert.deepEqual(changeOf(edited.now, table).change, { mapping: mapped, columns: [...table.columns, 'mobile'] })
  assert.deepEqual(takeStep(edited, { undo: true }), start)
  assert.deepEqual(takeStep(start, { undo: true }), start)
})

test('Of two who change the same table, each keeps what only they changed', () => {
  const theirs = {
    ...table,
    scheduleSeconds: 900,
    mapping: { ...mapping, fields: { ...mapping.fields, city: { from: 'title', type: 'text' } } },
  } as TableDetail
  const { title: _gone, ...fields } = mapping.fields
  const mine = { ...draftOf(table), enabled: false, mapping: { ...mapping, fields, phones: ['mobile'] } }
  const both = rebase(mine, table, theirs)
  assert.equal(both.scheduleSeconds, 900)
  assert.equal(both.enabled, false)
  assert.deepEqual(both.mapping.fields, { city: { from: 'title', type: 'text' } })
  assert.deepEqual(both.mapping.phones, ['mobile'])
  assert.ok(both.columns.includes('mobile'))
  assert.equal(both.tree, null)
})
