import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { type Change, type Organisation, schemaChanged, tableOf } from './organisation.ts'
import type { Field } from './schema.ts'
import { type Entry, put, type Table } from './table.ts'

/** What an organisation was started with; its first line. */
export type Head = {
  version: 1
  seed: number
  records: number
  others: number
  clientSecret: string
  publicKey: string
  privateKey: string
  port: number
}

type RowLine = { o: string; e: Entry }
type SchemaLine = { m: string; fields: Field[] }

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
export function replay(org: Organisation, file: string): void {
  const text = readFileSync(file, 'utf8')
  const end = text.lastIndexOf('\n') + 1
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)))
  for (const line of text.slice(0, end).split('\n').slice(1)) {
    if (line === '') continue
    const item = JSON.parse(line) as RowLine | SchemaLine
    const table = tableOf(org, 'm' in item ? item.m : item.o)
    if (!table) continue
    if ('m' in item) {
      table.definition.fields = item.fields
      schemaChanged(org, table)
    } else {
      put(table, item.e)
      org.counter = Math.max(org.counter, item.e.version)
    }
  }
}

/** Writes every change of rows and fields behind the head. */
export function keepJournal(org: Organisation, file: string): void {
  const line = (change: Change) =>
    `${JSON.stringify({ o: change.table.definition.name, e: change.after } satisfies RowLine)}\n`
  org.listeners.push((changes) => appendFileSync(file, changes.map(line).join('')))
  org.schemaListeners.push((table: Table) => {
    const { name, fields } = table.definition
    appendFileSync(file, `${JSON.stringify({ m: name, fields } satisfies SchemaLine)}\n`)
  })
}
