import { HubError } from '#core/errors.ts'
import { inTransaction } from '#database/pool.ts'
import { storedStates } from '#records/rows.ts'
import { decideLost, isForGood } from './decide.ts'
import { asHint, causeOf, type Reading, readRecord, resultOf, takeStepWithReading } from './read-back.ts'
import { isOwnId, isPending } from './source-id.ts'
import { awake, type Delivery, endAs, ending, moveAndTell, type Next, on, take, waitAs } from './step.ts'
import type { OutboxRow } from './write.ts'

export const lookAtIt =
  'Look at the record in the CRM, then say whether it was written, is to be written again, or not at all.'

/** Made, changed or deleted by others meanwhile is possible, but not so often in a row. */
export const mostContradictions = 5

/** A request went out and nobody knows what came of it: the process that sent it died, slept or lost its lease. */
export async function noticeLoss(delivery: Delivery, row: OutboxRow): Promise<Next> {
  const ms = firstLookAfterMs(delivery, row)
  const after = await take(delivery, row, 'sending', { answerLost: true, delayMs: ms })
  return ms === 0 ? on(after) : after && { row: after, wait: { ms, concernsAll: false, askedMs: 0 } }
}

/**
 * Where versions cannot tell whether the first request is still on its way, nothing is decided before it can no longer
 * commit.
 */
export function firstLookAfterMs({ longestTransactionMs, table }: Delivery, row: OutboxRow): number {
  // A key that the CRM does not keep unique: a repeat beside the first request would make a second record.
  const onlyMarked = isPending(row) && table.source.keyField?.unique !== true
  return onlyMarked || (row.base?.operation !== 'create' && row.base?.mark === null) ? longestTransactionMs : 0
}

/**
 * Decides by reading what became of a write whose answer was lost, and repeats it only where the repeat cannot write
 * twice. `mayRepeat` is false when a repeat has just been answered.
 */
export async function lookAgain(delivery: Delivery, row: OutboxRow, mayRepeat: boolean): Promise<Next> {
  const { base } = row
  if (!base) throw new HubError('internal', 'A write was sent without a base')
  let reading: Reading
  try {
    reading = await readRecord(delivery, row)
  } catch (error) {
    return isForGood(error) ? endAs(delivery, row, 'unknown', error) : waitAs(delivery, row, { to: 'sending', error })
  }
  const { comparison, raw, mark } = reading
  const holds = comparison.differences.length === 0 && comparison.unseen.length === 0
  const seen = base.operation === 'create' && raw === null ? await whatWasSeen(delivery, row) : null
  const lost = { base, ownId: isOwnId(delivery.table, row), seen }
  switch (decideLost(lost, raw === null ? null : { mark, holds })) {
    case 'written':
      return endAsWritten(delivery, row, reading)
    case 'unknown':
      return endAsUnknown(delivery, row, reading)
    case 'not yet':
      return row.problem?.refused || !mayRepeat
        ? withoutRepeat(delivery, row)
        : on(await awake(delivery, () => repeat(delivery, row)), 'send', reading.held)
  }
}

const repeat = (delivery: Delivery, row: OutboxRow) =>
  take(delivery, row, 'sending', { answerLost: true, goesOut: true })

/** What the hub knows of a record that is not there: it had content, or was told to be deleted, so it was surely made. */
async function whatWasSeen({ pool, table }: Delivery, row: OutboxRow): Promise<'content' | 'deleted' | null> {
  const states = await inTransaction(pool, (tx) => storedStates(tx, table.id, [{ id: row.recordId }]))
  const stored = states.get(row.recordId)
  if (!stored) return null
  return stored.contentHash === null ? 'deleted' : 'content'
}

/** The reading proves that the write was made. */
export async function endAsWritten(delivery: Delivery, row: OutboxRow, reading: Reading): Promise<Next> {
  const result = resultOf(row, reading, 'reading', delivery.clock.now())
  const moved = await takeStepWithReading(delivery, row, {
    reading,
    causeOf,
    take: (tx) =>
      moveAndTell(tx, delivery, row, {
        to: 'done',
        change: { result, problem: null, ...(reading.ids ? { ids: reading.ids } : {}) },
      }),
  })
  return on(moved)
}

/** The CRM holds something else: a person decides, with what was asked and what is there side by side. */
export async function endAsUnknown(delivery: Delivery, row: OutboxRow, reading: Reading): Promise<Next> {
  const there = reading.raw === null ? 'the record is gone' : 'the record has been changed and holds other values'
  const error = new HubError(
    'write.unknown_outcome',
    `Whether the ${row.operation} was made cannot be told: ${there}`,
    {
      mend: lookAtIt,
    },
  )
  const change = { ...ending(delivery, row, error), result: resultOf(row, reading, undefined, delivery.clock.now()) }
  const moved = await takeStepWithReading(delivery, row, {
    reading,
    causeOf: asHint,
    take: (tx) =>
      moveAndTell(tx, delivery, row, {
        to: 'unknown',
        change: { ...change, ...(reading.ids ? { ids: reading.ids } : {}) },
      }),
  })
  return on(moved)
}

/**
 * What was asked is not there. A repeat that was refused is final now, for the pause before this look was longer than
 * the first request could live; otherwise the CRM contradicts itself, and is asked again later.
 */
async function withoutRepeat(delivery: Delivery, row: OutboxRow): Promise<Next> {
  if (row.problem?.refused) {
    const { refused: _refused, ...problem } = row.problem
    return on(await take(delivery, row, 'failed', { problem }))
  }
  const message = 'What the CRM answered and what it shows of the record contradict each other'
  const { code, times } = row.problem ?? { code: null, times: 0 }
  if (code === 'write.conflict' && times >= mostContradictions) {
    return endAs(delivery, row, 'unknown', new HubError('write.unknown_outcome', message, { mend: lookAtIt }))
  }
  const error = new HubError('write.conflict', message)
  return waitAs(delivery, row, { to: 'sending', error })
}
