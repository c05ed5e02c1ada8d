/** What holds rows, and whom it tells of their changes; inside a transaction, at its end. */
type Holder<C> = {
  listeners: ((changes: C[]) => void)[]
  transaction: { changes: C[]; undo: (() => void)[]; at: number } | null
}

/** Announces a change that was made, at once or with the others of its transaction. */
export function record<C>(holder: Holder<C>, change: C, undo: () => void): void {
  if (holder.transaction) {
    holder.transaction.undo.push(undo)
    holder.transaction.changes.push(change)
  } else announce(holder, [change])
}

function announce<C>({ listeners }: Holder<C>, changes: C[]): void {
  for (const listener of listeners) listener(changes)
}

/** All of it or nothing, in one moment. What was drawn from counters stays drawn, as in a database. */
export function inTransaction<C, T>(holder: Holder<C>, at: number, work: () => T): T {
  if (holder.transaction) return work()
  const transaction: NonNullable<Holder<C>['transaction']> = { changes: [], undo: [], at }
  holder.transaction = transaction
  try {
    const result = work()
    holder.transaction = null
    if (transaction.changes.length > 0) announce(holder, transaction.changes)
    return result
  } catch (error) {
    holder.transaction = null
    for (const undo of transaction.undo.reverse()) undo()
    throw error
  }
}
