import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { defaultMapping } from '#destination/mapping.ts'

const file = join(import.meta.dirname, '../../../shared/data/crm-mappings/predefined-column-mappings.json')
const skip = existsSync(file) ? false : 'the vendor’s tables are not here'

type Table = { rows: [string, string][] }

const implied = /^(contactid|accountid|msdyn_source_crm|msdyn_source_crm_id|msdyn_source_crm_url)$/

test('every row of the vendor’s predefined mappings is a default, but for ids and sources, which are written for all', {
  skip,
}, () => {
  const { pages } = JSON.parse(readFileSync(file, 'utf8')) as { pages: Record<string, Record<string, Table>> }
  const rows = Object.entries(pages).flatMap(([page, tables]) => {
    const crm = /configure-(\w+)-connector/.exec(page)![1]!
    return (['account', 'contact'] as const).flatMap((entity) => {
      const table = tables[entity === 'account' ? 'Account' : 'Contact']!
      return table.rows.map(([from, to]) => ({ crm, entity, from, to: to.toLowerCase() }))
    })
  })
  const asked = rows.filter(({ to }) => !implied.test(to))
  for (const { crm, entity, from, to } of asked) {
    const line = defaultMapping[entity][crm]!.find((one) => one.to === to)
    assert.ok(line && 'field' in line, `${crm} ${entity} ${to}`)
    assert.equal(line.field.toLowerCase(), from.toLowerCase())
  }
  assert.ok(asked.length > 30)
})
