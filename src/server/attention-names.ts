import { recordId } from '#core/ids.ts'
import type { Pool, Queryable } from '#database/pool.ts'
import type { SyncedTable } from '#records/table.ts'
import type { View } from '#records/view.ts'
import type { AttentionItem } from './contract/attention.ts'
import { masksOf, seenAmong, untold } from './seen.ts'

/** So much of a refused row is searched for its name, in characters: the rest of a monster is not read. */
const searched = 20_000
const longestName = 200

/**
 * Names what waits: as the hub holds the record, else as the refused row or the write itself says. Of a record that may
 * not be seen it is told only that something waits.
 */
export async function nameItems(
  db: Pool,
  tables: readonly SyncedTable[],
  items: readonly AttentionItem[],
  view: View,
): Promise<AttentionItem[]> {
  const tableOf = (item: AttentionItem) =>
    tables.find((table) => table.connectionId === item.connectionId && table.entity === item.entity)
  const asked = items.map((item) => {
    return { item, connectionId: item.connectionId, entity: item.entity ?? '', recordId: idOf(item, tableOf(item)) }
  })
  const [seen, told] = await Promise.all([seenAmong(db, tables, asked, view), toldRows(db, items)])
  return seen.map(({ one: { item, recordId }, table, held, name, visible }) => {
    if (!ofRecords.has(item.kind)) return item
    if (!visible) return withoutRecord(item)
    const row = told.get(item.id)
    const masks = masksOf(view, table)
    const known = name ?? (row && table && !masks?.hides.name ? nameIn(row, table) : null)
    const shown = { ...item, recordId: held ? recordId : item.recordId, name: known }
    return masks ? withoutReason(shown) : shown
  })
}

const ofRecords: ReadonlySet<AttentionItem['kind']> = new Set(['unknown_write', 'failed_write', 'parked'])

/** The sentence may quote a value; which field it is of is not sure. */
const withoutReason = (item: AttentionItem): AttentionItem => ({
  ...item,
  field: null,
  reason: null,
  problem: { ...item.problem, message: untold, vendor: null },
})

const withoutRecord = (item: AttentionItem): AttentionItem => ({
  ...withoutReason(item),
  recordId: null,
  sourceId: null,
  name: null,
})

function idOf(item: AttentionItem, table: SyncedTable | undefined): string | null {
  if (item.recordId !== null) return item.recordId
  if (item.kind !== 'parked' || item.sourceId === null || !table) return null
  const { crm, organisation, entity } = table
  return recordId({ crm, organisation, entity, sourceId: item.sourceId })
}

/** What the refused rows and the writes say, as JSON text by the item's id. */
async function toldRows(db: Queryable, items: readonly AttentionItem[]): Promise<Map<string, string>> {
  const idsOf = (...kinds: AttentionItem['kind'][]) =>
    items.filter((item) => kinds.includes(item.kind)).map((item) => item.id)
  const { rows } = await db.query<{ id: string; text: string | null }>({
    name: 'attention-told',
    text: `select id, left(body, ${searched}) as text from jackfield.parked where id = any($1::uuid[])
      union all select id, left(fields::text, ${searched}) from jackfield.outbox where id = any($2::uuid[])`,
    values: [idsOf('parked'), idsOf('unknown_write', 'failed_write')],
  })
  return new Map(rows.map(({ id, text }) => [id, text ?? '']))
}

/** The first name that the text tells; the text may be cut off or broken, so it is searched, not parsed. */
function nameIn(text: string, { mapping }: SyncedTable): string | null {
  for (const fields of mapping.name) {
    const parts = fields.map((field) => textIn(text, field)).filter((part) => part !== '')
    if (parts.length > 0) return parts.join(' ').slice(0, longestName)
  }
  return null
}

function textIn(text: string, field: string): string {
  const match = new RegExp(`"${field.replace(/\W/g, '\\$&')}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(text)
  if (!match) return ''
  try {
    const value: unknown = JSON.parse(match[1] ?? '""')
    return String(value)
      .toWellFormed()
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
  } catch {
    return ''
  }
}
