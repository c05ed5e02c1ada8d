import { noProperty, odata } from './errors.ts'
import { compileFilter } from './evaluate.ts'
import type { ListRequest } from './list-request.ts'
import { partiesIn, partiesName } from './parties.ts'
import { type Expand, resolver, selected } from './query.ts'
import { type RowOptions, rowWriter, targetReader } from './row-json.ts'
import type { Column } from './schema.ts'
import { entryOf, find, type Row, reader, rowsById, type Table } from './table.ts'

/** Collections that can be expanded: the relationship's name, the other table, how its rows are found. */
const COLLECTIONS: Record<string, { on: string; table: string; by: string }> = {
  contact_customer_accounts: { on: 'account', table: 'contact', by: '_parentcustomerid_value' },
  account_parent_account: { on: 'account', table: 'account', by: '_parentaccountid_value' },
  incident_customer_accounts: { on: 'account', table: 'incident', by: '_customerid_value' },
  incident_customer_contacts: { on: 'contact', table: 'incident', by: '_customerid_value' },
}

/** Writes rows with one level of expanded navigation properties. */
export function expander(
  r: ListRequest,
  columns: Column[],
  annotations: RowOptions['annotations'],
): (row: Row) => string {
  const write = rowWriter(r.org, r.table, columns, { annotations })
  const parts = r.query.expand.map((expand) => expandPart(r, expand, annotations))
  return (row) => `${write(row).slice(0, -1)}${parts.map((part) => part(row)).join('')}}`
}

function expandPart(r: ListRequest, expand: Expand, annotations: RowOptions['annotations']): (row: Row) => string {
  if (expand.options.expand.length > 0) throw odata('Only one level of $expand is supported here.')
  const name = `,${JSON.stringify(expand.nav)}:`
  const single = lookupOf(r.table, expand.nav)
  if (single) {
    const read = reader(r.table, single.column.wire)
    const target = targetReader(r.table, single.column)
    return (row) => {
      const id = read(row)
      const logical = target(row)
      const table = r.org.tables.get(logical)
      const found = id === null || !table || !single.targets.has(logical) ? undefined : find(table, String(id))
      if (!table || found === undefined) return `${name}null`
      return name + rowWriter(r.org, table, selected(table, expand.options.select), { annotations })(found)
    }
  }
  if (expand.nav === 'teammembership_association') return members(r, expand, annotations)
  if (expand.nav === partiesName(r.table)) return parties(r, expand)
  const many = COLLECTIONS[expand.nav]
  if (!many || many.on !== r.table.definition.logical) throw noProperty(expand.nav, r.table.definition.logical)
  const table = r.org.tables.get(many.table)!
  const by = reader(table, many.by)
  const id = reader(r.table, r.table.definition.pk)
  const passes = expand.options.filter ? compileFilter(expand.options.filter, resolver(table)) : () => true
  const write = rowWriter(r.org, table, selected(table, expand.options.select), { annotations })
  return (row) => {
    const wanted = id(row)
    const rows = [...rowsById(table, null)].filter((other) => by(other) === wanted && passes(other))
    return `${name}[${rows.map(write).join(',')}]`
  }
}

function parties({ table }: ListRequest, { nav, options }: Expand): (row: Row) => string {
  const wanted = options.select ?? ['participationtypemask', '_partyid_value']
  return (row) => {
    const rows = partiesIn(table, entryOf(table, row).fields).map((party) =>
      Object.fromEntries(Object.entries(party).filter(([name]) => wanted.includes(name))),
    )
    return `,${JSON.stringify(nav)}:${JSON.stringify(rows)}`
  }
}

function members(r: ListRequest, expand: Expand, annotations: RowOptions['annotations']): (row: Row) => string {
  const here = r.table.definition.logical
  if (here !== 'team' && here !== 'systemuser') throw noProperty(expand.nav, here)
  const there = r.org.tables.get(here === 'team' ? 'systemuser' : 'team')!
  const links = r.org.tables.get('teammembership')!
  const write = rowWriter(r.org, there, selected(there, expand.options.select), { annotations })
  return (row) => {
    const id = reader(r.table, r.table.definition.pk)(row)
    const rows = [...links.entries.values()]
      .filter((link) => !link.deleted && link.fields[`${here}id`] === id)
      .map((link) => find(there, String(link.fields[there.definition.pk])))
      .filter((found) => found !== undefined)
    return `,${JSON.stringify(expand.nav)}:[${rows.map(write).join(',')}]`
  }
}

export function lookupOf(table: Table, nav: string): { column: Column; targets: Set<string> } | null {
  for (const column of table.columns.values()) {
    const targets = Object.entries(column.navs ?? {}).filter(([, n]) => n === nav)
    if (targets.length > 0) return { column, targets: new Set(targets.map(([t]) => t)) }
  }
  return null
}
