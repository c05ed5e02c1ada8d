import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { type Entity, type Row, raw, type Store } from './rows.ts'

/** What the API was started with; its first line. */
export type Head = { version: 1; seed: number; records: number; secret: string; port: number }

type RowLine = { e: Entity; r: Omit<Row, 'json'> }

/** The file's head, or null where there is no file yet. */
export function readHead(file: string): Head | null {
  if (!existsSync(file)) return null
  const text = readFileSync(file, 'utf8')
  const end = text.indexOf('\n')
  return end < 0 ? null : (JSON.parse(text.slice(0, end)) as Head)
}

export function startJournal(file: string, head: Head): void {
  appendFileSync(file, `${JSON.stringify(head)}\n`)
}

/** Does again what is in the file; a last line that was cut off by a kill is dropped. */
export function replay(store: Store, file: string): void {
  const text = readFileSync(file, 'utf8')
  const end = text.lastIndexOf('\n') + 1
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)))
  for (const line of text.slice(0, end).split('\n').slice(1)) {
    if (line === '') continue
    const { e, r } = JSON.parse(line, keepDigits) as RowLine
    const table = store.tables[e]
    table.rows.set(r.id, { ...r, json: null })
    table.order = null
    store.clock = Math.max(store.clock, r.updated)
    if (!/^[c\d]\d{5,8}$/.test(r.id) || r.id > '5000000') store.made++
  }
}

/** Writes every change behind the head. */
export function keepJournal(store: Store, file: string): void {
  store.listeners.push(({ table, row }) => {
    const { json: _json, ...kept } = row
    appendFileSync(file, `${JSON.stringify({ e: table.entity, r: kept } satisfies RowLine)}\n`)
  })
}

/** A number that would lose digits stays the text that it was. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && String(value) !== source ? raw(source) : value
}
