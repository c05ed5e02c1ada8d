import { randomUUID } from 'node:crypto'
import { COUNTRIES } from '../organisation/countries.ts'
import { JOBS, NOTES } from '../organisation/names.ts'
import { phone } from '../organisation/phones.ts'
import { pick, randomStream } from '../organisation/random.ts'
import { createRow, deleteRow, ownerFields, restoreRow, type Target, updateRow } from './change-rows.ts'
import { invented } from './invent.ts'
import type { Organization } from './organization.ts'
import type { Fields } from './schema.ts'
import { find, idOf, type Table } from './table.ts'

/** Random life in the organisation, for demos: `rate` changes a second, and ten times that in a burst now and then. */
export type Churn = {
  org: Organization
  rate: number
  random: () => number
  gone: { table: Table; id: string }[]
  timer: NodeJS.Timeout | null
  owed: number
  done: number
}

const TICK_MS = 100
/** One tick in so many starts a second of burst. */
const BURST_EVERY = 300

export const makeChurn = (org: Organization, seed: number): Churn => ({
  org,
  rate: 0,
  random: randomStream(seed),
  gone: [],
  timer: null,
  owed: 0,
  done: 0,
})

export function setChurn(churn: Churn, rate: number): void {
  if (churn.timer) clearInterval(churn.timer)
  churn.timer = null
  churn.rate = rate
  if (rate <= 0) return
  let ticks = 0
  churn.timer = setInterval(() => {
    ticks++
    const burst = ticks % BURST_EVERY < 1000 / TICK_MS && ticks >= BURST_EVERY
    churn.owed += (rate * TICK_MS * (burst ? 10 : 1)) / 1000
    for (; churn.owed >= 1; churn.owed--) changeOne(churn)
  }, TICK_MS)
}

/** Of ten changes: six edits, one new owner, one creation, one deletion, and a restore where something was deleted. */
function changeOne(churn: Churn): void {
  const { org, random } = churn
  const table = org.tables.get(random() < 0.25 ? 'account' : 'contact')!
  const userId = pick(org.seedData.users, Math.floor(random() * 1e6))
  const target: Target = { org, table, userId }
  const kind = random() * 10
  churn.done++
  if (kind < 1.2) {
    createRow(target, randomUUID(), invented(target))
    return
  }
  if (kind < 1.8 && churn.gone.length > 0) {
    restoreSome(churn, userId)
    return
  }
  const id = someRow(churn, table)
  if (id === null) return
  if (kind < 2.6) {
    deleteRow(target, id)
    churn.gone.push({ table, id })
    if (churn.gone.length > 500) churn.gone.shift()
  } else if (kind < 3.6) updateRow(target, id, ownerFields(org, ...newOwner(org, random())))
  else updateRow(target, id, edit(churn, table))
}

function restoreSome(churn: Churn, userId: string): void {
  const [{ table, id } = { table: null, id: '' }] = churn.gone.splice(Math.floor(churn.random() * churn.gone.length), 1)
  if (table && find(table, id) === undefined) restoreRow({ org: churn.org, table, userId }, id)
}

function newOwner(org: Organization, r: number): [string, string] {
  const { users, teams } = org.seedData
  return r < 0.15 ? [pick(teams, Math.floor(r * 1e6)), 'team'] : [pick(users, Math.floor(r * 1e6)), 'systemuser']
}

/** A random row that is there, or null when none was met. */
function someRow(churn: Churn, table: Table): string | null {
  const seeded = table.base?.count ?? 0
  const total = seeded + table.extras.length
  for (let tries = 0; tries < 20 && total > 0; tries++) {
    const n = Math.floor(churn.random() * total)
    const id = n < seeded ? table.base!.idOf(n) : table.extras[n - seeded]!
    const row = find(table, id)
    if (row !== undefined && (typeof row === 'number' || row.broken === undefined)) return idOf(table, row)
  }
  return null
}

function edit(churn: Churn, table: Table): Fields {
  const { random, org } = churn
  const n = Math.floor(random() * 1e9)
  const country = pick(COUNTRIES, n)
  if (n % 3 === 0) return { telephone1: phone(country, 'fixed', org.seed, n) }
  if (n % 3 === 1) return { description: pick(NOTES, n >>> 3) }
  if (table.definition.logical === 'contact')
    return { jobtitle: pick(JOBS, n >>> 3), mobilephone: phone(country, 'mobile', org.seed, n) }
  return { numberofemployees: n % 5000, revenue: `${n % 10_000_000}.5000` }
}
