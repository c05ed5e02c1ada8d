import { setImmediate as nextTurn } from 'node:timers/promises'
import { HubError, isHubError } from '#core/errors.ts'
import { recordIds } from '#core/ids.ts'
import type { RawRow, SourceRow } from '#model/reading.ts'
import { longestRow, type RowChecker, rowChecker } from './check-row.ts'
import { contentHash } from './content.ts'
import { decide, type Reading } from './decide.ts'
import { type Derived, derive } from './derive.ts'
import type { SyncedTable } from './table.ts'

/** How a table's rows are read: given by who knows the connector. */
export interface RowReader {
  /** Throws record.invalid. */
  read(raw: RawRow): SourceRow
  /** The id of a row that `read` refuses; null when it has none. */
  readId(raw: RawRow): string | null
  /** Whether the row passes the table's filter. */
  inScope(values: Record<string, unknown>): boolean
}

/** What storing needs of a table, made once per run. */
export interface StoreTarget {
  table: SyncedTable
  /** The record's id of a row's. */
  idOf: (sourceId: string) => string
  reader: RowReader
  check: RowChecker
  /** Reads when all that was handed in before is read. */
  inTurn: InTurn
}

type InTurn = <T>(read: () => Promise<T>) => Promise<T>

/** A row that could be read, ready to be stored. */
export interface Incoming {
  id: string
  row: Omit<SourceRow, 'values'>
  /** Made when it is asked for: a row that is held already in this version needs none. */
  derived(): Derived
  inScope: boolean
}

export interface BrokenRow {
  raw: RawRow
  sourceId: string | null
  error: HubError
}

export function storeTarget(table: SyncedTable, reader: RowReader): StoreTarget {
  return {
    table,
    idOf: recordIds(table),
    reader,
    check: rowChecker(table.source, table.columns),
    inTurn: turns(),
  }
}

/**
 * Pages that are stored at once would be read by turns and all be ready together, while Postgres waits for the first of
 * them: one after the other, it stores the first while the second is read.
 */
function turns(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (read) => {
    const mine = last.then(read)
    // Without the rows that were read, which would stay in memory until the next are.
    last = mine.then(
      () => undefined,
      () => undefined,
    )
    return mine
  }
}

// Reading a row takes some 40 µs: hints, leases and the page on its way, which share the thread, wait for no more than this many.
const rowsPerTurn = 50

/**
 * Reads rows' JSON text; a row that breaks the model is set aside alone. Sorted by id: one order for all transactions.
 * With `toBeWritten` what is derived of them is made here, in turns with other work.
 */
export async function readRows(target: StoreTarget, raws: readonly RawRow[], toBeWritten = false): Promise<ReadRows> {
  return await target.inTurn(() => readAll(target, raws, toBeWritten))
}

export interface ReadRows {
  rows: Incoming[]
  broken: BrokenRow[]
}

async function readAll(target: StoreTarget, raws: readonly RawRow[], toBeWritten: boolean): Promise<ReadRows> {
  const rows: Incoming[] = []
  const broken: BrokenRow[] = []
  for (const [i, raw] of raws.entries()) {
    if (i > 0 && i % rowsPerTurn === 0) await nextTurn()
    const read = readOne(target, raw)
    if ('error' in read) {
      broken.push(read)
      continue
    }
    if (toBeWritten) read.derived()
    rows.push(read)
  }
  return { rows: sortedById(rows), broken }
}

// Beside the first 32 bits of an id a double has room for so many places.
const places = 2 ** 20

/**
 * By the numbers that the ids begin with, and by the ids where those are the same: texts that lie about in memory cost
 * about twice as much to compare. A page that changes while it is walked may show a row twice: the later version counts.
 */
function sortedById(rows: readonly Incoming[]): Incoming[] {
  const order = Float64Array.from(rows, ({ id }, place) => Number.parseInt(id.slice(0, 8), 16) * places + place)
  const sorted: Incoming[] = []
  for (const key of order.sort()) {
    const row = rows[key % places]!
    let at = sorted.length
    while (at > 0 && sorted[at - 1]!.id > row.id) at -= 1
    const before = sorted[at - 1]
    if (before?.id === row.id) sorted[at - 1] = laterOf(before, row)
    else if (at === sorted.length) sorted.push(row)
    else sorted.splice(at, 0, row)
  }
  return sorted
}

function readOne({ table, idOf, reader, check }: StoreTarget, raw: RawRow): Incoming | BrokenRow {
  let sourceId: string | null = null
  try {
    refuseLong(raw)
    const read = reader.read(raw)
    const { values, mark } = read
    sourceId = read.sourceId
    check(values)
    return {
      id: idOf(sourceId),
      row: { sourceId, mark, raw: read.raw },
      derived: onDemand(values, table),
      inScope: reader.inScope(values),
    }
  } catch (error) {
    if (!isHubError(error, 'record.invalid')) throw error
    return { raw, sourceId: sourceId ?? reader.readId(raw), error }
  }
}

/** Counted in characters, of which no text has more than bytes. */
function refuseLong(raw: RawRow): void {
  if (raw.length <= longestRow) return
  const { length } = raw.toString()
  if (length > longestRow)
    throw new HubError('record.invalid', `The row is ${length} characters long; ${longestRow} is the most`)
}

/** The values are let go as soon as they are used: a page's rows wait to be stored. */
function onDemand(values: Record<string, unknown>, table: SyncedTable): () => Derived {
  let from: Record<string, unknown> | undefined = values
  let made: Derived | undefined
  return () => {
    made ??= derive(from!, table)
    from = undefined
    return made
  }
}

/** The row with another text; what is derived of it is made of that. */
export function withText(incoming: Incoming, raw: RawRow, table: SyncedTable): Incoming {
  if (raw === incoming.row.raw) return incoming
  const derived = onDemand(JSON.parse(raw.toString()) as Record<string, unknown>, table)
  return { ...incoming, row: { ...incoming.row, raw }, derived }
}

function laterOf(first: Incoming, second: Incoming): Incoming {
  const held = {
    mark: first.row.mark,
    contentHash: contentHash(first.row.raw),
    ticket: 0n,
    deleted: false,
    outOfScope: !first.inScope,
  }
  return decide(held, asReading(second, { ticket: 1n, byId: false })) === 'keep' ? first : second
}

/** Its hash is made when it is asked for, which is seldom: only where the marks do not tell. */
export function asReading({ row, inScope }: Incoming, asked: { ticket: bigint; byId: boolean }): Reading {
  return {
    ...asked,
    mark: row.mark,
    inScope,
    get contentHash() {
      return contentHash(row.raw)
    },
  }
}
