import { accountName } from '../organisation/base-accounts.ts'
import { contactName } from '../organisation/base-contacts.ts'
import type { Organization } from './organization.ts'
import { type Column, LANGUAGES, type Value } from './schema.ts'
import { find, type Row, reader, type Table, versionOf } from './table.ts'

const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
const LOOKUP_TABLE = 'Microsoft.Dynamics.CRM.lookuplogicalname'
const NAVIGATION = 'Microsoft.Dynamics.CRM.associatednavigationproperty'

/** Which annotations `Prefer: odata.include-annotations` asks for. */
export function annotationTest(preference: string | undefined): ((name: string) => boolean) | null {
  if (preference === undefined) return null
  const items = preference.split(',').map((s) => s.trim())
  const matches = (item: string, name: string) =>
    item === '*' || item === name || (item.endsWith('.*') && name.startsWith(item.slice(0, -1)))
  return (name) =>
    items.some((i) => matches(i, name)) && !items.some((i) => i.startsWith('-') && matches(i.slice(1), name))
}

export type RowOptions = {
  annotations: ((name: string) => boolean) | null
  /** Leaves `@odata.etag` out, for the copies in `dump`. */
  bare?: boolean
}

type Part = (row: Row) => string

/** Turns rows to JSON; everything that does not depend on the row is done once, here. */
export function rowWriter(
  org: Organization,
  table: Table,
  columns: Column[],
  options: RowOptions,
): (row: Row) => string {
  const parts: Part[] = columns.map((column) => columnPart(org, table, column, options.annotations))
  const { pk } = table.definition
  return (row) => {
    let out = options.bare ? '' : `,"@odata.etag":"W/\\"${versionOf(table, row)}\\""`
    for (let i = 0; i < parts.length; i++) {
      if (typeof row !== 'number' && row.broken === 'no-id' && columns[i]!.name === pk) continue
      out += parts[i]!(row)
    }
    return `{${out.slice(1)}}`
  }
}

function columnPart(org: Organization, table: Table, column: Column, annotations: RowOptions['annotations']): Part {
  const read = reader(table, column.wire)
  const write = valueWriter(column)
  const name = `,${JSON.stringify(column.wire)}:`
  const formatted = annotations?.(FORMATTED) ? formatter(org, table, column) : null
  const ofTable = annotations?.(LOOKUP_TABLE) && column.targets ? targetReader(table, column) : null
  const ofNav = annotations?.(NAVIGATION) && column.targets ? targetReader(table, column) : null
  if (!formatted && !ofTable && !ofNav) return (row) => name + write(read(row))
  const prefix = (annotation: string) => `,"${column.wire}@${annotation}":`
  return (row) => {
    const value = read(row)
    if (value === null) return `${name}null`
    let out = ''
    const shown = formatted?.(value, row)
    if (ofNav) out += `${prefix(NAVIGATION)}"${column.navs?.[ofNav(row)] ?? column.name}"`
    if (ofTable) out += `${prefix(LOOKUP_TABLE)}"${ofTable(row)}"`
    if (shown !== undefined && shown !== null) out += prefix(FORMATTED) + JSON.stringify(shown)
    return out + name + write(value)
  }
}

const NUMERIC = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

function valueWriter(column: Column): (value: Value) => string {
  switch (column.type) {
    case 'Money':
    case 'Decimal':
    case 'BigInt':
      // Kept as text, so that every digit is answered as it was written.
      return (v) => (typeof v === 'string' ? (NUMERIC.test(v) ? v : JSON.stringify(v)) : String(v))
    case 'Uniqueidentifier':
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      return (v) => (v === null ? 'null' : typeof v === 'string' && v.length === 36 ? `"${v}"` : JSON.stringify(v))
    default:
      return (v) => JSON.stringify(v)
  }
}

export function targetReader(table: Table, column: Column): (row: Row) => string {
  const first = column.targets![0]!
  if (column.targets!.length === 1) return () => first
  const read = reader(table, `${column.wire}@type`)
  return (row) => (read(row) as string | null) ?? first
}

const CURRENCY_SIGN = '€'
const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

function formatter(
  org: Organization,
  table: Table,
  column: Column,
): ((value: Value, row: Row) => string | null) | null {
  const language = Math.max(0, LANGUAGES.indexOf(org.settings.language as 1033))
  if (column.options) {
    const labels = new Map(column.options.map((o) => [o.value, o.label[language]!]))
    const one = (value: Value) => labels.get(Number(value)) ?? String(value)
    if (column.type !== 'MultiSelectPicklist') return one
    return (value) => String(value).split(',').map(one).join('; ')
  }
  if (column.targets) {
    const target = targetReader(table, column)
    return (value, row) => displayName(org, target(row), String(value))
  }
  switch (column.type) {
    case 'Money':
      return (value) => {
        const [whole = '', part = ''] = String(value).split('.')
        return `${CURRENCY_SIGN}${grouped(whole)}.${part.slice(0, 2).padEnd(2, '0')}`
      }
    case 'DateTime':
      return (value) => shownDate(String(value), true)
    case 'DateOnly':
      return (value) => shownDate(String(value), false)
    case 'Integer':
    case 'BigInt':
    case 'Double':
    case 'Decimal':
      return (value) => String(value).replace(/^-?\d+/, grouped)
    default:
      return null
  }
}

function shownDate(text: string, time: boolean): string {
  const [, year, month, day, hour = '0', minute = '00'] = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?/.exec(text) ?? []
  if (year === undefined) return text
  const date = `${Number(month)}/${Number(day)}/${year}`
  const h = Number(hour)
  return time ? `${date} ${h % 12 === 0 ? 12 : h % 12}:${minute} ${h < 12 ? 'AM' : 'PM'}` : date
}

/** What a lookup shows: the primary name of the row it points to. */
function displayName(org: Organization, logical: string, id: string): string | null {
  const table = org.tables.get(logical)
  const row = table ? find(table, id) : undefined
  if (!table || row === undefined) return null
  if (typeof row === 'number')
    return logical === 'account' ? accountName(org.seedData, row) : contactName(org.seedData, row)
  const name = row.fields[table.definition.nameColumn]
  return name === undefined || name === null ? null : String(name)
}
