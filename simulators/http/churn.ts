import type { Churn } from '../exchange/churn.ts'
import { change, type Entity, idsOf, type Store } from './rows.ts'

/** How the API's records change of themselves. */
export const churnOf =
  (store: Store): Churn['changeOne'] =>
  (random) =>
    changeOne(store, random)

/** Of ten changes: eight edits, one creation, one deletion. */
function changeOne(store: Store, random: () => number): void {
  const entity: Entity = random() < 0.25 ? 'account' : 'contact'
  const ids = idsOf(store.tables[entity])
  const id = ids[Math.floor(random() * ids.length)]
  const kind = random() * 10
  const n = Math.floor(random() * 1e8)
  const name = entity === 'account' ? { name: `Company ${n}` } : { first_name: 'Ann', last_name: `Churn ${n}` }
  if (kind < 1 || id === undefined)
    change(store, entity, { operation: 'create', fields: { ...name, email: `p${n}@example.com` } })
  else if (kind < 2) change(store, entity, { operation: 'delete', id })
  else change(store, entity, { operation: 'change', id, fields: { email: `p${n}@example.com` } })
}
