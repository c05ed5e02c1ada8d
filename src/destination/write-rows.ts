import type { Lane } from '#connectors/call.ts'
import type { RowOutcome } from '#connectors/destination.ts'
import { type HubError, isHubError } from '#core/errors.ts'
import { type Lease, underLease } from '#jobs/lease.ts'
import type { Mark } from '#model/mark.ts'
import { failureOf } from '#outbox/decide.ts'
import { pointedAt } from './build.ts'
import type { DueRow } from './destination.ts'
import type { DestinationEntity } from './entities.ts'
import { findLost, noteLost } from './lost-rows.ts'
import {
  askPointers,
  dueRows,
  type HeldRecord,
  heldRecords,
  markSent,
  rowIdsOf,
  type Settled,
  settleRows,
} from './rows.ts'
import type { DestinationParts, Target } from './target.ts'
import { again, gone, parked, problemOf, type Turn, takeTurn, undone, writeOf, wrote } from './turn.ts'

// A background sync has five or six places at an organisation (connections/slots.ts); one is left for what reads.
const batchesAtOnce = 4
const batchesPerRound = 20
// A row that others change all the time is left for later.
const mostLooks = 3

interface Round {
  parts: DestinationParts
  target: Target
  lease: Lease
  lane: Lane
}

/** Writes what is due, as far as one round goes. Throws the trouble of the whole organisation once all under way has ended. */
export async function writeDue(parts: DestinationParts, target: Target, lease: Lease): Promise<number> {
  const size = target.ability.rowsPerBatch
  const due = await dueRows(parts.pool, target.destination.id, size * batchesPerRound)
  const lane = due.length > size * batchesAtOnce ? 'initial' : 'incremental'
  const round: Round = { parts, target, lease, lane }
  for (const entity of target.own.keys()) {
    const rows = due.filter((row) => row.entity === entity)
    await inParallel(chunks(rows, size), (batch) => writeBatch(round, entity, batch))
  }
  return due.length
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  let failure: unknown
  const lanes = Array.from({ length: batchesAtOnce }, async () => {
    for (let item = queue.shift(); item !== undefined && failure === undefined; item = queue.shift()) {
      await work(item).catch((error: unknown) => {
        failure ??= error
      })
    }
  })
  await Promise.all(lanes)
  if (failure !== undefined) throw failure
}

async function writeBatch(round: Round, entity: DestinationEntity, rows: readonly DueRow[]): Promise<void> {
  const { turns, ended } = await prepare(round, rows)
  await settle(round, ended)
  if (turns.length > 0) await deliver(round, entity, turns)
}

async function prepare(
  { parts, target }: Round,
  rows: readonly DueRow[],
): Promise<{ turns: Turn[]; ended: Settled[] }> {
  const { destination, plans } = target
  const records = new Map<string, HeldRecord>()
  const pointed: string[] = []
  for (const tableId of new Set(rows.map((row) => row.tableId))) {
    const plan = plans.get(tableId)
    if (!plan) continue
    const ids = rows.filter((row) => row.tableId === tableId).map(({ recordId }) => recordId)
    for (const record of (await heldRecords(parts.pool, tableId, ids)).values()) {
      records.set(record.id, record)
      if (record.lives && record.source !== null) pointed.push(...pointedAt(plan, record.source))
    }
  }
  const rowIds = await rowIdsOf(parts.pool, destination.id, pointed)
  const turns: Turn[] = []
  const ended: Settled[] = []
  for (const row of rows) {
    const turn = takeTurn(row, {
      plan: plans.get(row.tableId),
      record: records.get(row.recordId),
      onDelete: destination.onDelete,
      rowIdOf: (id) => rowIds.get(id),
    })
    if ('to' in turn) turns.push(turn)
    else ended.push(turn)
  }
  return { turns, ended }
}

async function settle({ parts, target, lease }: Round, ended: readonly Settled[]): Promise<void> {
  if (ended.length === 0) return
  const left = ended.filter((one) => one.left).map(({ recordId }) => recordId)
  await underLease(parts.pool, lease, async (tx) => {
    await settleRows(tx, target.destination.id, ended)
    await askPointers(tx, target.destination, left)
  })
}

/** What these rows point at and is not there is known from now on; they are asked for anew. */
async function learnLost({ parts, target, lease, lane }: Round, refused: readonly Turn[]): Promise<void> {
  const lost = await findLost(target, refused, lane)
  if (lost.length === 0) return
  await underLease(parts.pool, lease, async (tx) => {
    await askPointers(tx, target.destination, await noteLost(tx, target.destination.id, lost))
  })
}

/** Sends what is to be written, each row bound to the version that is known of it, until each has its outcome. */
async function deliver(round: Round, entity: DestinationEntity, all: readonly Turn[]): Promise<void> {
  const { parts, target, lease } = round
  const ended: Settled[] = []
  const met: Met = { troubles: [], refused: [] }
  let open = await lookAt(round, entity, all, ended)
  const ids = open.map(({ row }) => row.recordId)
  await underLease(parts.pool, lease, (tx) => markSent(tx, target.destination.id, ids))
  for (let looks = 0; open.length > 0; looks += 1) {
    if (looks === mostLooks) {
      ended.push(...open.map(({ row }) => again(row, againMs(parts), null)))
      break
    }
    const outcomes = await send(round, entity, open)
    const unmet: Turn[] = []
    for (const [i, turn] of open.entries()) {
      const outcome = outcomes[i]!
      if (outcome.outcome === 'written') ended.push(wrote(turn, outcome.mark))
      else if ('error' in outcome) ended.push(failed(round, turn, outcome, met))
      else unmet.push({ ...turn, unknown: true })
    }
    open = await lookAt(round, entity, unmet, ended)
  }
  await settle(round, ended)
  if (met.troubles[0]) throw met.troubles[0]
  await learnLost(round, met.refused)
}

const againMs = ({ timing }: DestinationParts) => timing?.againMs ?? 5_000

/** No row fares better while these last. */
const concernAll = new Set<HubError['code']>(['crm.privilege_missing', 'field.unknown', 'crm.throttled'])

interface Met {
  /** Of the whole organisation. */
  troubles: HubError[]
  /** Rows that it answered it does not take as they are. */
  refused: Turn[]
}

function failed(
  { parts }: Round,
  turn: Turn,
  { outcome, error }: Extract<RowOutcome, { error: HubError }>,
  { troubles, refused }: Met,
): Settled {
  const { row } = turn
  const all = concernAll.has(error.code)
  if (all) troubles.push(error)
  if (all) return undone(row)
  if (failureOf(error) === 'refused') refused.push(turn)
  return outcome === 'again' ? again(row, againMs(parts), error) : parked(row, problemOf(error))
}

/** Reads the versions of rows that are not as they were thought to be. */
async function lookAt(
  { parts, target, lane }: Round,
  entity: DestinationEntity,
  turns: readonly Turn[],
  ended: Settled[],
): Promise<Turn[]> {
  const unknown = turns.filter((turn) => turn.unknown)
  if (unknown.length === 0) return [...turns]
  const { connector, session, own } = target
  const scope = { table: own.get(entity)!.source, columns: [], filter: null }
  const marks = new Map<string, Mark | null>()
  for (const some of chunks(unknown, connector.manifest.idsPerRead)) {
    const rowIds = some.map(({ row }) => row.rowId)
    for (const raw of (await connector.readByIds(session, scope, rowIds, lane)).rows) {
      const { sourceId, mark } = connector.readRow(scope, raw)
      marks.set(sourceId, mark)
    }
  }
  const next: Turn[] = turns.filter((turn) => !turn.unknown)
  for (const turn of unknown) {
    const mark = marks.get(turn.row.rowId) ?? null
    if (mark === null && turn.to !== 'written') ended.push(gone(turn, parts.timing?.commitMs ?? 0))
    else next.push({ ...turn, mark, unknown: false, wasRead: true })
  }
  return next
}

/** A batch that is refused as a whole is halved until the row that spoils it stands alone. */
async function send(round: Round, entity: DestinationEntity, turns: readonly Turn[]): Promise<RowOutcome[]> {
  const { target, lane, lease } = round
  const table = target.own.get(entity)!.source
  const writes = turns.map((turn) => writeOf(turn, target.ability.activity))
  try {
    return await target.ability.writeRows(target.session, table, writes, { lane, signal: lease.signal })
  } catch (error) {
    if (!isHubError(error) || failureOf(error) !== 'refused' || concernAll.has(error.code)) throw error
    if (turns.length === 1) return [{ outcome: 'refused', error }]
    const half = Math.ceil(turns.length / 2)
    const first = await send(round, entity, turns.slice(0, half))
    return [...first, ...(await send(round, entity, turns.slice(half)))]
  }
}
