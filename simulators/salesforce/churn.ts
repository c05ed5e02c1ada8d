import { type Churn, someId } from '../exchange/churn.ts'
import { COUNTRIES } from '../organisation/countries.ts'
import { JOBS, NOTES } from '../organisation/names.ts'
import { phone } from '../organisation/phones.ts'
import { pick } from '../organisation/random.ts'
import { createRow, deleteRow, type Target, undeleteRow, updateRow } from './change-rows.ts'
import { invented } from './invent.ts'
import { type Organisation, tableOf } from './organisation.ts'
import type { Fields } from './schema.ts'
import { find, isDeleted, type Table } from './table.ts'

type Gone = { table: Table; id: string }[]

/** How the organisation's records change of themselves. */
export function churnOf(org: Organisation): Churn['changeOne'] {
  const gone: Gone = []
  return (random) => changeOne(org, random, gone)
}

/** Of ten changes: seven edits, a new owner among them, one creation, one deletion, and an undeletion now and then. */
function changeOne(org: Organisation, random: () => number, gone: Gone): void {
  const table = tableOf(org, random() < 0.25 ? 'Account' : 'Contact')!
  const userId = pick(org.seedData.users, Math.floor(random() * 1e6))
  const target: Target = { org, table, userId, origin: 'com/salesforce/api/lightning;client=Browser', raw: true }
  const kind = random() * 10
  if (kind < 1.2) {
    createRow(target, invented(table, org.counter))
    return
  }
  if (kind < 1.8 && gone.length > 0) {
    const [{ table: from, id } = gone[0]!] = gone.splice(Math.floor(random() * gone.length), 1)
    const row = find(from, id)
    if (row !== undefined && isDeleted(row)) undeleteRow({ ...target, table: from }, id)
    return
  }
  const id = someRow(table, random)
  if (id === null) return
  if (kind < 2.6) {
    deleteRow(target, id)
    gone.push({ table, id })
    if (gone.length > 500) gone.shift()
  } else if (kind < 3.6) updateRow(target, id, { OwnerId: pick(org.seedData.users, Math.floor(random() * 1e6)) })
  else updateRow(target, id, edit(target, random))
}

const someRow = (table: Table, random: () => number): string | null =>
  someId(table, random, (id) => {
    const row = find(table, id)
    return row !== undefined && !isDeleted(row) && (typeof row === 'number' || row.broken === undefined)
  })

function edit({ org, table }: Target, random: () => number): Fields {
  const n = Math.floor(random() * 1e9)
  const country = pick(COUNTRIES, n)
  if (n % 3 === 0) return { Phone: phone(country, 'fixed', org.seed, n) }
  if (n % 3 === 1) return { Description: pick(NOTES, n >>> 3) }
  if (table.definition.name === 'Contact')
    return { Title: pick(JOBS, n >>> 3), MobilePhone: phone(country, 'mobile', org.seed, n) }
  return { NumberOfEmployees: n % 5000, AnnualRevenue: n % 10_000_000 }
}
