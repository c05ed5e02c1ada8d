import { appendLines, type Head as KeptHead, replayLines } from '../exchange/journal.ts'
import { type Change, type Organisation, schemaChanged, tableOf } from './organisation.ts'
import type { Field } from './schema.ts'
import { type Entry, put } from './table.ts'

export type Head = KeptHead & { others: number; clientSecret: string; publicKey: string; privateKey: string }

type RowLine = { o: string; e: Entry }
type SchemaLine = { m: string; fields: Field[] }

/** Does again what is in the file. */
export function replay(org: Organisation, file: string): void {
  replayLines(file, (line) => {
    const item = JSON.parse(line) as RowLine | SchemaLine
    const table = tableOf(org, 'm' in item ? item.m : item.o)
    if (!table) return
    if ('m' in item) {
      table.definition.fields = item.fields
      schemaChanged(org, table)
    } else {
      put(table, item.e)
      org.counter = Math.max(org.counter, item.e.version)
    }
  })
}

/** Writes every change of rows and fields behind the head. */
export function keepJournal(org: Organisation, file: string): void {
  const line = ({ table, after }: Change): RowLine => ({ o: table.definition.name, e: after })
  org.listeners.push((changes) => appendLines(file, changes.map(line)))
  org.schemaListeners.push(({ definition: { name, fields } }) =>
    appendLines(file, [{ m: name, fields } satisfies SchemaLine]),
  )
}
