import { HubError } from '#core/errors.ts'
import { compareMarks } from '#model/mark.ts'
import { failureOf, isForGood } from './decide.ts'
import { endAsUnknown, endAsWritten, firstLookAfterMs, mostContradictions } from './lost.ts'
import { asHint, type Reading, readRecord, resultOf, takeStepWithReading } from './read-back.ts'
import { isOwnId } from './source-id.ts'
import { type Delivery, endAs, ending, moveAndTell, type Next, on, waitAs } from './step.ts'
import { earlierCreate } from './store.ts'
import { expectedMarkOf, type OutboxRow } from './write.ts'

/** The request failed: what that means for the write. */
export function onFailure(delivery: Delivery, row: OutboxRow, error: unknown): Promise<Next> {
  switch (failureOf(error)) {
    case 'lost':
      return waitAs(delivery, row, {
        to: 'sending',
        error,
        answerLost: true,
        atLeastMs: firstLookAfterMs(delivery, row),
      })
    case 'not applied':
      return row.answerLost
        ? waitAs(delivery, row, { to: 'sending', error })
        : waitAs(delivery, row, { to: 'kept', error, base: null })
    case 'refused':
      return row.answerLost ? waitOutRefusal(delivery, row, error) : endAs(delivery, row, 'failed', error)
  }
}

/** The first request may still commit although its repeat was refused. */
function waitOutRefusal(delivery: Delivery, row: OutboxRow, error: unknown): Promise<Next> {
  const waiting = { to: 'sending', error, atLeastMs: delivery.longestTransactionMs, refused: true } as const
  return waitAs(delivery, { ...row, problem: null }, waiting)
}

type Precondition = 'exists' | 'conflict' | 'missing'

/** The CRM answered that it is not in the state that the request was bound to. */
export async function onPrecondition(delivery: Delivery, row: OutboxRow, met: Precondition): Promise<Next> {
  if (row.answerLost) return on(row, 'look only')
  if (met === 'conflict') return onConflict(delivery, row)
  let reading: Reading
  try {
    reading = await readRecord(delivery, row)
  } catch (error) {
    return onReadFailure(delivery, row, error)
  }
  if (met === 'missing' && reading.raw === null && row.operation !== 'upsert') return whenAbsent(delivery, row, reading)
  if (met === 'exists' && reading.raw !== null && row.operation !== 'upsert') return whenPresent(delivery, row, reading)
  if (row.operation !== 'upsert' && (row.problem?.times ?? 0) >= mostContradictions) {
    const said = met === 'exists' ? 'exists, and does not show it' : 'is missing, and shows it'
    return endAs(delivery, row, 'failed', new HubError('write.refused', `The CRM says that the record ${said}`))
  }
  return startOver(delivery, row, 'The record came or went while it was being written')
}

async function onConflict(delivery: Delivery, row: OutboxRow): Promise<Next> {
  if (!expectedMarkOf(row)) {
    const contradicts = (row.problem?.times ?? 0) >= mostContradictions && (await isAsBefore(delivery, row))
    if (!contradicts) return startOver(delivery, row, 'Someone else changed the record while it was being written')
    const said = 'The CRM says that the record has been changed meanwhile, and shows it unchanged'
    return endAs(delivery, row, 'failed', new HubError('write.refused', said))
  }
  const error = new HubError('write.conflict', 'The record has been changed since the version that was expected', {
    mend: 'Read the record again, and write against its present version.',
  })
  return endAs(delivery, row, 'failed', error)
}

/** Whether the CRM shows the very version that the write was bound to. */
async function isAsBefore(delivery: Delivery, row: OutboxRow): Promise<boolean> {
  const reading = await readRecord(delivery, row).catch(() => null)
  const [found, bound] = [reading?.mark ?? null, row.base?.mark ?? null]
  return found !== null && bound !== null && compareMarks(found, bound) === 0
}

/** Nothing was written: from the beginning, against what the CRM holds now. At once the first time, then with pauses. */
async function startOver(delivery: Delivery, row: OutboxRow, message: string): Promise<Next> {
  const next = await waitAs(delivery, row, { to: 'kept', error: new HubError('write.conflict', message), base: null })
  return next?.row.problem?.times === 1 ? on(next.row) : next
}

/** Our own create met its id. */
function whenPresent(delivery: Delivery, row: OutboxRow, reading: Reading): Promise<Next> {
  if (!isOwnId(delivery.table, row)) {
    const error = new HubError('write.conflict', 'A record with this id exists already')
    return endAs(delivery, row, 'failed', error)
  }
  // Written by this very key before this hub's database was restored or set up anew.
  const { differences, unseen } = reading.comparison
  if (differences.length === 0 && unseen.length === 0) return endAsWritten(delivery, row, reading)
  return endAsUnknown(delivery, row, reading)
}

/** The record is not there: a delete has nothing to do, an update nothing to change. */
export async function whenAbsent(delivery: Delivery, row: OutboxRow, reading: Reading): Promise<Next> {
  const maker = await earlierCreate(delivery.pool, row)
  if (maker && maker.state !== 'done') {
    const why = `The record was not made: its ${maker.operation} (${maker.id}) is '${maker.state}'`
    const said = maker.message ? `${why}. ${maker.message}` : why
    return endAs(delivery, row, 'failed', new HubError('record.not_found', said))
  }
  const change =
    row.operation === 'delete'
      ? { problem: null, result: resultOf(row, reading, 'reading', delivery.clock.now()) }
      : ending(delivery, row, new HubError('record.not_found', 'The CRM holds no such record'))
  const moved = await takeStepWithReading(delivery, row, {
    reading,
    causeOf: asHint,
    take: (tx) => moveAndTell(tx, delivery, row, { to: row.operation === 'delete' ? 'done' : 'failed', change }),
  })
  return on(moved)
}

/** The record could not be read before or beside a write of which surely nothing is out there. */
export async function onReadFailure(delivery: Delivery, row: OutboxRow, error: unknown): Promise<Next> {
  if (isForGood(error)) return endAs(delivery, row, 'failed', error)
  return waitAs(delivery, row, { to: 'kept', error, base: null })
}
