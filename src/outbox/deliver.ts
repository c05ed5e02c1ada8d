import { ownFault } from '#connections/linked-account.ts'
import type { Write, WriteOutcome } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { compareMarks } from '#model/mark.ts'
import { markText } from '#records/find.ts'
import { onFailure, onPrecondition, onReadFailure, whenAbsent } from './answer.ts'
import { failureOf } from './decide.ts'
import { lookAgain, lookAtIt, noticeLoss } from './lost.ts'
import {
  asHint,
  causeOf,
  idsOf,
  type Reading,
  readCopied,
  readRecord,
  resultOf,
  takeStepWithReading,
} from './read-back.ts'
import { choosesIds, isPending, keyOf } from './source-id.ts'
import {
  awake,
  type Delivery,
  endAs,
  type Held,
  moveAndTell,
  type Next,
  type Onward,
  on,
  take,
  type Wait,
  waitAs,
} from './step.ts'
import { toWire } from './to-wire.ts'
import { type Base, expectedMarkOf, type OutboxRow } from './write.ts'

/** `null`: the write is over, or another's. Otherwise it waits. */
export type Delivered = Wait | null

// Far more than any way through the steps needs; a CRM that contradicts itself is asked again later.
const mostSteps = 20

/** Takes a write as far as it goes now: to its end, or to where it has to wait. */
export async function deliver(delivery: Delivery, row: OutboxRow): Promise<Delivered> {
  let next: Next = on(row)
  for (let steps = 0; next && !('wait' in next); steps += 1) {
    if (steps === mostSteps) return { ms: 0, concernsAll: false, askedMs: 0 }
    next = await stepOf(delivery, next)
  }
  return next?.wait ?? null
}

function stepOf(delivery: Delivery, { row, then, before }: Onward): Promise<Next> | Next {
  if (then === 'send') return send(delivery, row, before)
  if (then === 'look only') return lookAgain(delivery, row, false)
  switch (row.state) {
    case 'kept':
      return begin(delivery, row)
    case 'sending':
      return row.answerLost ? lookAgain(delivery, row, true) : noticeLoss(delivery, row)
    case 'sent':
      return readBack(delivery, row)
    default:
      return null
  }
}

/** Finds out what the CRM holds, so that the request can be bound to it. */
async function begin(delivery: Delivery, row: OutboxRow): Promise<Next> {
  if (row.operation === 'create' || isPending(row)) return goOut(delivery, row, { operation: 'create', mark: null })
  const expected = expectedMarkOf(row)
  if (row.operation !== 'upsert' && expected) return goOut(delivery, row, { operation: row.operation, mark: expected })
  let reading: Reading
  try {
    reading = await readCopied(delivery, row)
  } catch (error) {
    return onReadFailure(delivery, row, error)
  }
  if (reading.raw !== null) {
    const operation = row.operation === 'delete' ? 'delete' : 'update'
    return goOut(delivery, row, { operation, mark: reading.mark }, reading)
  }
  // An id that the CRM chose once is none that a record can be made with.
  if (row.operation === 'upsert' && !choosesIds(delivery.table.source)) {
    return goOut(delivery, row, { operation: 'create', mark: null })
  }
  return whenAbsent(delivery, row, reading)
}

/** Commits that a request goes out and what it is bound to; what was read for it is stored with that. */
async function goOut(delivery: Delivery, row: OutboxRow, base: Base, reading?: Reading): Promise<Next> {
  const change = { base, answerLost: false, goesOut: true } as const
  const moved = await awake(delivery, () =>
    reading
      ? takeStepWithReading(delivery, row, {
          reading,
          causeOf: asHint,
          take: (tx) => moveAndTell(tx, delivery, row, { to: 'sending', change }),
        })
      : take(delivery, row, 'sending', change),
  )
  return on(moved, 'send', reading?.held)
}

async function send(delivery: Delivery, row: OutboxRow, before?: Held): Promise<Next> {
  const { channel, writer, table, lease } = delivery
  lease.signal.throwIfAborted()
  const scope = { table: table.source, columns: table.columns, filter: null }
  let answer: WriteOutcome
  try {
    answer = await channel.write(await writer(), { scope, write: writeOf(delivery, row, before) }, row.personId)
  } catch (error) {
    return onFailure(delivery, row, row.personId === null ? error : ownFault(error, row.connectionId))
  }
  if (answer.outcome !== 'written') return onPrecondition(delivery, row, answer.outcome)
  if (isDoubtful(delivery, answer, row)) return on({ ...row, answerLost: true }, 'look only')
  const result = { ...row.result, mark: answer.mark && markText(answer.mark), proof: 'answer' as const }
  const ids = answer.sourceId === undefined ? {} : { ids: idsOf(delivery, answer.sourceId) }
  return on(await take(delivery, row, 'sent', { result, problem: null, ...ids }))
}

/** An answer without the version that the write made may have come from something between us and the CRM. */
function isDoubtful(
  { table }: Delivery,
  { mark, sourceId }: Extract<WriteOutcome, { outcome: 'written' }>,
  { base }: OutboxRow,
): boolean {
  // A CRM that chooses ids tells the new one, and of a change nothing.
  if (choosesIds(table.source)) return base?.operation === 'create' && sourceId === undefined
  return mark === null && (base?.operation === 'create' || (base?.operation === 'update' && base.mark !== null))
}

function writeOf({ table }: Delivery, row: OutboxRow, before?: Held): Write {
  const { base } = row
  if (!base) throw new HubError('internal', 'A write was sent without a base')
  const fields = base.operation === 'delete' ? {} : toWire(table.source, row.fields)
  const bound = base.mark === null ? {} : { expectedMark: base.mark, ...(before ? { before } : {}) }
  const key = isPending(row) ? { key: keyOf(row) } : {}
  return { operation: base.operation, sourceId: row.sourceId, fields, ...bound, ...key }
}

/** What stands in the CRM after an acknowledged write is stored at once; what is otherwise than asked is noted. */
async function readBack(delivery: Delivery, row: OutboxRow): Promise<Next> {
  let reading: Reading
  try {
    reading = await readRecord(delivery, row)
  } catch (error) {
    if (failureOf(error) !== 'refused') return waitAs(delivery, row, { to: 'sent', error })
    const result = { ...row.result, unread: error instanceof Error ? error.message : 'It could not be read' }
    return on(await take(delivery, row, 'done', { result, problem: null }))
  }
  if (isOlder(reading, row)) {
    const error = new HubError('crm.unreachable', 'The CRM still shows the record as it was before the write')
    return waitAs(delivery, row, { to: 'sent', error })
  }
  if (isUntouched(reading, row)) return whenIdle(delivery, row)
  const result = resultOf(row, reading, row.result?.proof, delivery.clock.now())
  const moved = await takeStepWithReading(delivery, row, {
    reading,
    causeOf,
    take: (tx) => moveAndTell(tx, delivery, row, { to: 'done', change: { result, problem: null } }),
  })
  return on(moved)
}

// A reading may come from a copy that lags behind; so often it does not.
const mostIdle = 4

/** Acknowledged, and nothing happened: looked at again after a pause, and repeated against the same version. */
async function whenIdle(delivery: Delivery, row: OutboxRow): Promise<Next> {
  const idle = (row.result?.idle ?? 0) + 1
  const error = new HubError(
    'write.unknown_outcome',
    `The CRM acknowledges the ${row.operation}, and still shows the record`,
    { mend: lookAtIt },
  )
  if (idle >= mostIdle) return endAs(delivery, row, 'unknown', error)
  const { settled } = row.result ?? {}
  return waitAs(delivery, row, {
    to: 'sending',
    error,
    answerLost: true,
    result: { ...(settled ? { settled } : {}), idle },
  })
}

function isUntouched({ mark }: Reading, { base }: OutboxRow): boolean {
  return base?.operation === 'delete' && mark !== null && base.mark !== null && compareMarks(mark, base.mark) === 0
}

function isOlder(reading: Reading, row: OutboxRow): boolean {
  const acknowledged = row.result?.mark
  if (!acknowledged || reading.mark === null) return false
  return compareMarks(reading.mark, acknowledged.split('.').map(BigInt)) < 0
}
