import { randomUUID } from 'node:crypto'
import { type Churn, someId } from '../exchange/churn.ts'
import { COUNTRIES } from '../organisation/countries.ts'
import { JOBS, NOTES } from '../organisation/names.ts'
import { phone } from '../organisation/phones.ts'
import { pick } from '../organisation/random.ts'
import { createRow, deleteRow, ownerFields, restoreRow, type Target, updateRow } from './change-rows.ts'
import { invented } from './invent.ts'
import type { Organization } from './organization.ts'
import type { Fields } from './schema.ts'
import { find, type Table } from './table.ts'

type Gone = { table: Table; id: string }[]

/** How the organisation's rows change of themselves. */
export function churnOf(org: Organization): Churn['changeOne'] {
  const gone: Gone = []
  return (random) => changeOne(org, random, gone)
}

/** Of ten changes: six edits, one new owner, one creation, one deletion, and a restore where something was deleted. */
function changeOne(org: Organization, random: () => number, gone: Gone): void {
  const table = org.tables.get(random() < 0.25 ? 'account' : 'contact')!
  const userId = pick(org.seedData.users, Math.floor(random() * 1e6))
  const target: Target = { org, table, userId }
  const kind = random() * 10
  if (kind < 1.2) {
    createRow(target, randomUUID(), invented(target))
    return
  }
  if (kind < 1.8 && gone.length > 0) {
    restoreSome(target, random, gone)
    return
  }
  const id = someRow(table, random)
  if (id === null) return
  if (kind < 2.6) {
    deleteRow(target, id)
    gone.push({ table, id })
    if (gone.length > 500) gone.shift()
  } else if (kind < 3.6) updateRow(target, id, ownerFields(org, ...newOwner(org, random())))
  else updateRow(target, id, edit(target, random))
}

function restoreSome(target: Target, random: () => number, gone: Gone): void {
  const [{ table, id } = { table: null, id: '' }] = gone.splice(Math.floor(random() * gone.length), 1)
  if (table && find(table, id) === undefined) restoreRow({ ...target, table }, id)
}

function newOwner(org: Organization, r: number): [string, string] {
  const { users, teams } = org.seedData
  return r < 0.15 ? [pick(teams, Math.floor(r * 1e6)), 'team'] : [pick(users, Math.floor(r * 1e6)), 'systemuser']
}

const someRow = (table: Table, random: () => number): string | null =>
  someId(table, random, (id) => {
    const row = find(table, id)
    return row !== undefined && (typeof row === 'number' || row.broken === undefined)
  })

function edit({ org, table }: Target, random: () => number): Fields {
  const n = Math.floor(random() * 1e9)
  const country = pick(COUNTRIES, n)
  if (n % 3 === 0) return { telephone1: phone(country, 'fixed', org.seed, n) }
  if (n % 3 === 1) return { description: pick(NOTES, n >>> 3) }
  if (table.definition.logical === 'contact')
    return { jobtitle: pick(JOBS, n >>> 3), mobilephone: phone(country, 'mobile', org.seed, n) }
  return { numberofemployees: n % 5000, revenue: `${n % 10_000_000}.5000` }
}
