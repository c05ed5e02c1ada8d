import type { Page, TableScope } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { parseExact } from '#core/exact-json.ts'
import { inTransaction, type Transaction } from '#database/pool.ts'
import { proveLease } from '#jobs/lease.ts'
import type { Mark } from '#model/mark.ts'
import type { RawRow } from '#model/reading.ts'
import { markText } from '#records/find.ts'
import { askedColumns } from '#records/gone-columns.ts'
import type { StoreTarget } from '#records/read-rows.ts'
import { type Cause, drawTicket, storeAbsent } from '#records/store.ts'
import { storeCarefully } from '#records/store-carefully.ts'
import { type Comparison, compareWritten } from './compare.ts'
import { isOwn, type OwnChange } from './own-writes.ts'
import { choosesIds, isPending, keyOf } from './source-id.ts'
import type { Delivery, Held } from './step.ts'
import type { OutboxRow, WriteResult } from './write.ts'

/** What the CRM holds of the record. */
export interface Reading {
  /** Drawn before the request went out. */
  ticket: bigint
  /** The row's text as the CRM wrote it; null when it holds no such record. */
  raw: RawRow | null
  mark: Mark | null
  /** Null where there is no record. */
  held: Held | null
  comparison: Comparison
  /** Only the columns that the hub copies were asked for, so that the row may be stored. */
  storable: boolean
  /** Of a row that was found by its key. */
  ids?: { sourceId: string; recordId: string }
}

const nothing: Comparison = { differences: [], unseen: [] }

/** Reads the record by its id, as the hub copies it. */
export const readCopied = (delivery: Delivery, row: OutboxRow): Promise<Reading> =>
  readColumns(delivery, row, askedColumns(delivery.table))

/** Reads the record by its id, with the columns that were written. */
export async function readRecord(delivery: Delivery, row: OutboxRow): Promise<Reading> {
  const { table } = delivery
  const written = table.source.fields.filter(
    ({ name, readable, gone }) => readable && gone === undefined && Object.hasOwn(row.fields, name),
  )
  const columns = askedColumns(table)
  const extra = written.map(({ name }) => name).filter((name) => !columns.includes(name))
  return readColumns(delivery, row, [...columns, ...extra])
}

async function readColumns(delivery: Delivery, row: OutboxRow, columns: string[]): Promise<Reading> {
  const { connector, channel, session, table, pool } = delivery
  const scope: TableScope = { table: table.source, columns, filter: null }
  const storable = columns.length === askedColumns(table).length
  const ticket = await drawTicket(pool)
  const page = isPending(row)
    ? await readByKey(delivery, row, scope)
    : await channel.read(session, { scope, sourceId: row.sourceId, orMore: !storable })
  const [raw = null] = page.rows
  if (raw === null) return { ticket, raw, mark: null, held: null, comparison: nothing, storable }
  const { mark, values, sourceId } = connector.readRow(scope, raw)
  // With all their digits; parties only as the connector reads them.
  const parties = table.source.fields.filter(({ type }) => type === 'parties').map(({ name }) => [name, values[name]])
  const held = { ...values, ...parseExact(raw.toString()), ...Object.fromEntries(parties) }
  const comparison = compareWritten(table.source, row.fields, held)
  const ids = isPending(row) ? { ids: idsOf(delivery, sourceId) } : {}
  return { ticket, raw, mark, held, comparison, storable, ...ids }
}

/** Ours follows from the CRM's. */
export const idsOf = ({ target }: Pick<Delivery, 'target'>, sourceId: string) => ({
  sourceId,
  recordId: target.idOf(sourceId),
})

/** The CRM has not told the record's id, so it is asked for the key. */
async function readByKey({ connector, session }: Delivery, row: OutboxRow, scope: TableScope): Promise<Page> {
  if (connector.readByKey && scope.table.keyField) return connector.readByKey(session, scope, keyOf(row))
  throw new HubError('write.refused', `Nothing in ${scope.table.name} tells which record this write made`, {
    mend: 'Look for the record in the CRM. Consent to a field for keys, and the hub can tell by itself.',
  })
}

/** What is kept of a reading beside the write. */
export function resultOf(row: OutboxRow, reading: Reading, proof: WriteResult['proof'], now: number): WriteResult {
  const acknowledged = row.result?.mark ?? null
  const found = markText(reading.mark)
  const { differences, unseen } = reading.comparison
  return {
    ...row.result,
    ...(proof ? { proof } : {}),
    mark: found ?? acknowledged,
    readBackAt: new Date(now).toISOString(),
    ...(reading.raw === null ? { absent: true as const } : {}),
    ...(acknowledged !== null && found !== null && found !== acknowledged ? { changedSince: true as const } : {}),
    ...(differences.length > 0 ? { differences } : {}),
    ...(unseen.length > 0 ? { unread: `The CRM does not show ${unseen.join(', ')}` } : {}),
  }
}

/**
 * Only what surely is our own write and nothing else is an echo, which fires nothing: someone else's change that was
 * read with it must not go unnoticed.
 */
export function causeOf(row: OutboxRow, reading: Reading): Cause {
  if (reading.raw === null) return row.operation === 'delete' ? 'echo' : 'hint'
  const acknowledged = row.result?.mark ?? null
  return acknowledged !== null && acknowledged === markText(reading.mark) ? 'echo' : 'hint'
}

// Overlapping readings settle by reading again; what stays unsettled is healed by the next pass.
const mostReadings = 3

export interface ReadingStep {
  reading: Reading
  causeOf: (row: OutboxRow, reading: Reading) => Cause
  /** Moves the write; null when someone else moved it meanwhile. */
  take: (tx: Transaction) => Promise<OutboxRow | null>
}

/** For what is read of the state before our write. */
export const asHint = (): Cause => 'hint'

/** Takes a step of the write and stores what was read for it, in one transaction under the lease. */
export async function takeStepWithReading(
  delivery: Delivery,
  row: OutboxRow,
  step: ReadingStep,
): Promise<OutboxRow | null> {
  let { reading } = step
  if (!reading.storable && reading.raw !== null) {
    // By the id, where a key was looked up: that may take its time to be found again.
    const found = reading.ids ? { ...row, ...reading.ids } : row
    reading = {
      ...(await readCopied(delivery, found)),
      ...(reading.ids ? { ids: reading.ids } : {}),
    }
  }
  const byContent = step.causeOf === causeOf && choosesIds(delivery.table.source)
  const { moved, unsettled } = await inTransaction(delivery.pool, async (tx) => {
    const after = await step.take(tx)
    const again = after
      ? await storeReading(tx, delivery.target, { row, reading, byContent, cause: step.causeOf(row, reading) })
      : []
    await proveLease(tx, delivery.lease)
    return { moved: after, unsettled: again.length > 0 }
  })
  if (moved && unsettled) await settleReading(delivery, row)
  return moved
}

async function settleReading(delivery: Delivery, row: OutboxRow): Promise<void> {
  for (let count = 1; count < mostReadings; count += 1) {
    const reading = await readCopied(delivery, row)
    const unsettled = await inTransaction(delivery.pool, async (tx) => {
      const again = await storeReading(tx, delivery.target, { row, reading, cause: 'hint', byContent: false })
      await proveLease(tx, delivery.lease)
      return again.length > 0
    })
    if (!unsettled) return
  }
}

/** Answers the source ids whose order nobody can tell. */
async function storeReading(
  tx: Transaction,
  target: StoreTarget,
  { row, reading, cause, byContent }: { row: OutboxRow; reading: Reading; cause: Cause; byContent: boolean },
): Promise<string[]> {
  // Where an answer names no version, what was asked and nothing else is our own change.
  const own = byContent ? { ownWrites: async () => (change: OwnChange) => isOwn(change, [row], target.table) } : {}
  const options = { ticket: reading.ticket, cause, byId: true, ...own }
  // A record that never had an id is no tombstone.
  if (reading.raw === null && isPending(row)) return []
  if (reading.raw === null) return (await storeAbsent(tx, target, [row.sourceId], options)).again
  return (await storeCarefully(tx, target, [reading.raw], options)).again
}
