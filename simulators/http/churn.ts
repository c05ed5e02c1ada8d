import { randomStream } from '../organisation/random.ts'
import { change, type Entity, idsOf, type Store } from './rows.ts'

/** Random life in the API's records: `rate` changes a second. */
export type Churn = {
  store: Store
  rate: number
  random: () => number
  timer: NodeJS.Timeout | null
  owed: number
  done: number
}

const TICK_MS = 100

export const makeChurn = (store: Store, seed: number): Churn => ({
  ...{ store, rate: 0, random: randomStream(seed), timer: null, owed: 0, done: 0 },
})

export function setChurn(churn: Churn, rate: number): void {
  if (churn.timer) clearInterval(churn.timer)
  churn.timer = null
  churn.rate = rate
  if (rate <= 0) return
  churn.timer = setInterval(() => {
    for (churn.owed += (rate * TICK_MS) / 1000; churn.owed >= 1; churn.owed--) changeOne(churn)
  }, TICK_MS)
}

/** Of ten changes: eight edits, one creation, one deletion. */
function changeOne({ store, random, ...churn }: Churn): void {
  const entity: Entity = random() < 0.25 ? 'account' : 'contact'
  const ids = idsOf(store.tables[entity])
  const id = ids[Math.floor(random() * ids.length)]
  const kind = random() * 10
  const n = Math.floor(random() * 1e8)
  const name = entity === 'account' ? { name: `Company ${n}` } : { first_name: 'Ann', last_name: `Churn ${n}` }
  churn.done++
  if (kind < 1 || id === undefined)
    change(store, entity, { operation: 'create', fields: { ...name, email: `p${n}@example.com` } })
  else if (kind < 2) change(store, entity, { operation: 'delete', id })
  else change(store, entity, { operation: 'change', id, fields: { email: `p${n}@example.com` } })
}
