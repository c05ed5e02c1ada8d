import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { defaultMapping } from '#destination/mapping.ts'

const file = join(import.meta.dirname, '../../../shared/data/crm-mappings/predefined-column-mappings.json')
const skip = existsSync(file) ? false : 'the vendor’s tables are not here'

type Table = { rows: [string, string][] }

test('every row of the vendor’s predefined mappings is a default, but for ids and sources, which are written for all', {
  skip,
}, () => {
  const { pages } = JSON.parse(readFileSync(file, 'utf8')) as { pages: Record<string, Record<string, Table>> }
  const implied = /^(contactid|accountid|msdyn_source_crm|msdyn_source_crm_id|msdyn_source_crm_url)$/
  let seen = 0
  for (const [page, tables] of Object.entries(pages)) {
    const crm = /configure-(\w+)-connector/.exec(page)![1]!
    for (const entity of ['account', 'contact'] as const) {
      const lines = defaultMapping[entity][crm]!
      for (const [from, to] of tables[entity === 'account' ? 'Account' : 'Contact']!.rows) {
        const column = to.toLowerCase()
        if (implied.test(column)) continue
        const line = lines.find((one) => one.to === column)
        assert.ok(line && 'field' in line, `${crm} ${entity} ${to}`)
        assert.equal(line.field.toLowerCase(), from.toLowerCase())
        seen += 1
      }
    }
  }
  assert.ok(seen > 30)
})
