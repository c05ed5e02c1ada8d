import { parseExact } from '#core/exact-json.ts'
import type { Transaction } from '#database/pool.ts'
import type { RawRow } from '#model/reading.ts'
import { type Incoming, withText } from './read-rows.ts'
import type { SyncedTable } from './table.ts'

type Columns = Pick<SyncedTable, 'columns' | 'source'>

/** Chosen columns that the CRM no longer shows: not asked for, and the last values of them are kept. */
export function goneColumns({ columns, source }: Columns): string[] {
  return source.fields.filter(({ name, gone }) => gone !== undefined && columns.includes(name)).map(({ name }) => name)
}

/** The columns that the CRM is asked for. */
export function askedColumns(table: Columns): string[] {
  const gone = goneColumns(table)
  return gone.length === 0 ? table.columns : table.columns.filter((name) => !gone.includes(name))
}

/** The row's text with the values that are held of columns that the CRM no longer shows. */
export function keepGone(raw: RawRow, held: string, gone: readonly string[]): RawRow {
  const text = raw.toString()
  const shown = parseExact(text)
  const isKept = (name: string) => gone.some((column) => name === column || name.startsWith(`${column}@`))
  const kept = Object.entries(parseExact(held)).filter(([name]) => isKept(name) && !Object.hasOwn(shown, name))
  if (kept.length === 0) return raw
  const more = kept.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')
  const open = text.slice(0, text.lastIndexOf('}')).trimEnd()
  return Buffer.from(`${open}${open.endsWith('{') ? '' : ','}${more}}`)
}

const HELD = {
  name: 'record-held-texts',
  text: 'select id, source from jackfield.record where table_id = $1 and id = any($2::uuid[]) and source is not null',
}

/** Before rows are compared with what is held: what the CRM no longer shows of them stays as it was last read. */
export async function keepGoneValues(tx: Transaction, table: SyncedTable, rows: Incoming[]): Promise<Incoming[]> {
  const gone = goneColumns(table)
  if (gone.length === 0 || rows.length === 0) return rows
  const ids = rows.map(({ id }) => id)
  const found = await tx.query<{ id: string; source: string }>({ ...HELD, values: [table.id, ids] })
  const held = new Map(found.rows.map(({ id, source }) => [id, source]))
  return rows.map((incoming) => {
    const source = held.get(incoming.id)
    return source === undefined ? incoming : withText(incoming, keepGone(incoming.row.raw, source, gone), table)
  })
}
