import { appendLines, type Head as KeptHead, replayLines } from '../exchange/journal.ts'
import { type Entity, type Row, raw, type Store } from './rows.ts'

export type Head = KeptHead & { secret: string }

type RowLine = { e: Entity; r: Omit<Row, 'json'> }

/** Does again what is in the file. */
export function replay(store: Store, file: string): void {
  replayLines(file, (line) => {
    const { e, r } = JSON.parse(line, keepDigits) as RowLine
    const table = store.tables[e]
    table.rows.set(r.id, { ...r, json: null })
    table.order = null
    store.clock = Math.max(store.clock, r.updated)
    if (!/^[c\d]\d{5,8}$/.test(r.id) || r.id > '5000000') store.made++
  })
}

/** Writes every change behind the head. */
export function keepJournal(store: Store, file: string): void {
  store.listeners.push(({ table, row }) => {
    const { json: _json, ...kept } = row
    appendLines(file, [{ e: table.entity, r: kept } satisfies RowLine])
  })
}

/** A number that would lose digits stays the text that it was. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && String(value) !== source ? raw(source) : value
}
