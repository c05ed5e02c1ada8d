import { exactDigits, parseExact } from '#core/exact-json.ts'
import { recordId } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import { recordNames } from './names.ts'
import type { SyncedTable } from './table.ts'
import { isMasked, ownerRole, type TableView, type View, wholeView } from './view.ts'

/** What stands in a column, from a few records. */
export interface ColumnSample {
  /** Of the records looked at, those in which it is filled in. */
  filled: number
  /** Characters of the longest text seen. */
  longest: number
  /** Distinct values, the first ones met. `name`: of the record that a reference points at, where the hub holds it. */
  values: { value: string | number | boolean; name?: string }[]
}

const recordsRead = 200
const valuesShown = 3
/** Longer values are cut: they are to be recognised, not read. */
const shownLength = 120

/** A few real values of each column that is copied and may be read. Ids are hashes, so the first rows are any rows. */
export async function sampleColumns(
  db: Queryable,
  table: SyncedTable,
  siblings: readonly SyncedTable[],
  view: View = wholeView,
): Promise<{ looked: number; columns: Record<string, ColumnSample> }> {
  const seen = view.of(table)
  const rows = await someRows(db, table, seen)
  const readable = new Set(table.source.fields.filter((field) => field.readable).map((field) => field.name))
  const names = table.columns.filter((name) => readable.has(name) && !(seen && isMasked(seen.masked, name)))
  const columns = Object.fromEntries(names.map((name) => [name, { filled: 0, longest: 0, values: [] } as ColumnSample]))
  for (const { source } of rows) {
    const values = parseExact(source)
    for (const name of names) addValue(columns[name]!, values[name])
  }
  await nameReferences(db, { table, siblings, columns, view })
  return { looked: rows.length, columns }
}

async function someRows(db: Queryable, table: SyncedTable, seen: TableView | null): Promise<{ source: string }[]> {
  if (seen?.reads === 'none') return []
  const owners = seen?.reads === 'own' ? [...seen.owners] : null
  const { rows } = await db.query<{ source: string }>({
    name: 'samples-read',
    text: `select source from jackfield.record where table_id = $1 and deleted_at is null and source is not null
        and ($2::text[] is null or id in (select record_id from jackfield.relation
          where target_source_id = any($2) and role = '${ownerRole}' and table_id = $1))
      order by id limit ${recordsRead}`,
    values: [table.id, owners],
  })
  return rows
}

function addValue(sample: ColumnSample, value: unknown): void {
  const plain = exactDigits(value) ?? value
  if (plain === null || plain === undefined || plain === '') return
  sample.filled += 1
  const shown = isPlain(plain) ? plain : JSON.stringify(plain)
  if (typeof shown === 'string') sample.longest = Math.max(sample.longest, shown.length)
  const cut = typeof shown === 'string' ? shown.slice(0, shownLength) : shown
  if (sample.values.length < valuesShown && !sample.values.some((seen) => seen.value === cut)) {
    sample.values.push({ value: cut })
  }
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

interface Sampled {
  table: SyncedTable
  siblings: readonly SyncedTable[]
  columns: Record<string, ColumnSample>
  view: View
}

/** Nobody knows an account by its id. */
async function nameReferences(db: Queryable, { table, siblings, columns, view }: Sampled): Promise<void> {
  const wanted = new Map<string, { value: string | number | boolean; name?: string }[]>()
  for (const [name, { values }] of Object.entries(columns)) {
    const field = table.source.fields.find((candidate) => candidate.name === name)
    if (field?.type !== 'lookup') continue
    const targets = siblings.filter((sibling) => field.targets?.includes(sibling.source.name))
    for (const value of values) {
      for (const { crm, organisation, entity } of targets) {
        const id = recordId({ crm, organisation, entity, sourceId: String(value.value).toLowerCase() })
        wanted.set(id, [...(wanted.get(id) ?? []), value])
      }
    }
  }
  if (wanted.size === 0) return
  for (const [id, name] of await recordNames(db, siblings, [...wanted.keys()], view)) {
    if (name !== null) for (const value of wanted.get(id) ?? []) value.name = name
  }
}
