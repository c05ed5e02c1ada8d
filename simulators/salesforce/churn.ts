import { COUNTRIES } from '../organisation/countries.ts'
import { JOBS, NOTES } from '../organisation/names.ts'
import { phone } from '../organisation/phones.ts'
import { pick, randomStream } from '../organisation/random.ts'
import { createRow, deleteRow, type Target, undeleteRow, updateRow } from './change-rows.ts'
import { invented } from './invent.ts'
import { type Organisation, tableOf } from './organisation.ts'
import type { Fields } from './schema.ts'
import { find, isDeleted, type Table } from './table.ts'

/** Random life in the organisation, for demos: `rate` changes a second, and ten times that in a burst now and then. */
export type Churn = {
  org: Organisation
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

export const makeChurn = (org: Organisation, seed: number): Churn => ({
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

/** Of ten changes: seven edits, a new owner among them, one creation, one deletion, and an undeletion now and then. */
function changeOne(churn: Churn): void {
  const { org, random } = churn
  const table = tableOf(org, random() < 0.25 ? 'Account' : 'Contact')!
  const userId = pick(org.seedData.users, Math.floor(random() * 1e6))
  const target: Target = { org, table, userId, origin: 'com/salesforce/api/lightning;client=Browser', raw: true }
  const kind = random() * 10
  churn.done++
  if (kind < 1.2) {
    createRow(target, invented(table, org.counter))
    return
  }
  if (kind < 1.8 && churn.gone.length > 0) {
    const [{ table: from, id } = churn.gone[0]!] = churn.gone.splice(Math.floor(random() * churn.gone.length), 1)
    const row = find(from, id)
    if (row !== undefined && isDeleted(row)) undeleteRow({ ...target, table: from }, id)
    return
  }
  const id = someRow(churn, table)
  if (id === null) return
  if (kind < 2.6) {
    deleteRow(target, id)
    churn.gone.push({ table, id })
    if (churn.gone.length > 500) churn.gone.shift()
  } else if (kind < 3.6) updateRow(target, id, { OwnerId: pick(org.seedData.users, Math.floor(random() * 1e6)) })
  else updateRow(target, id, edit(churn, table))
}

/** A random row that is there, or null when none was met. */
function someRow(churn: Churn, table: Table): string | null {
  const seeded = table.base?.count ?? 0
  const total = seeded + table.extras.length
  for (let tries = 0; tries < 20 && total > 0; tries++) {
    const n = Math.floor(churn.random() * total)
    const id = n < seeded ? table.base!.idOf(n) : table.extras[n - seeded]!
    const row = find(table, id)
    if (row !== undefined && !isDeleted(row) && (typeof row === 'number' || row.broken === undefined)) return id
  }
  return null
}

function edit({ random, org }: Churn, table: Table): Fields {
  const n = Math.floor(random() * 1e9)
  const country = pick(COUNTRIES, n)
  if (n % 3 === 0) return { Phone: phone(country, 'fixed', org.seed, n) }
  if (n % 3 === 1) return { Description: pick(NOTES, n >>> 3) }
  if (table.definition.name === 'Contact')
    return { Title: pick(JOBS, n >>> 3), MobilePhone: phone(country, 'mobile', org.seed, n) }
  return { NumberOfEmployees: n % 5000, AnnualRevenue: n % 10_000_000 }
}
