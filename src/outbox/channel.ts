import type { CrmSession } from '#connectors/call.ts'
import type { Connector, Page, ScopedWrite, TableScope, WriteOutcome } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { Lease } from '#jobs/lease.ts'
import { failureOf } from './decide.ts'
import type { Muster } from './muster.ts'

/** How the deliveries of one connection reach the CRM. */
export interface Channel {
  /** Records that may be written at once. */
  atOnce: number
  /** `account`: whose own account of the CRM the session is; null: the hub's. */
  write(session: CrmSession, asked: ScopedWrite, account: string | null): Promise<WriteOutcome>
  /** One row by its id. `orMore`: it may have columns that others asked for. */
  read(session: CrmSession, asked: AskedRow): Promise<Page>
}

interface AskedRow {
  scope: TableScope
  sourceId: string
  orMore: boolean
}

/** A process that slept between writing down that it sends and sending must look again first. */
export const sendWindowMs = 3_000

export const lookFirst = () =>
  new HubError('job.lease_lost', 'The request was not sent: its process slept, and must look again first')

interface Parts {
  connector: Connector
  /** What waits may be asked together by it. */
  muster: Muster
  lease: Lease
  clock: Pick<Clock, 'monotonic'>
  parallel: number
}

/** Where the CRM takes several writes in one call, those that wait go together, and so do the readings around them. */
export function createChannel({ connector, muster, lease, clock, parallel }: Parts): Channel {
  const { writeTogether: together, manifest } = connector
  if (!together) {
    return {
      atOnce: parallel,
      write: (session, { scope, write }) => connector.write(session, scope, write),
      read: (session, { scope, sourceId }) => connector.readByIds(session, scope, [sourceId], 'person'),
    }
  }
  const write = muster.gather((questions: WriteQuestion[]) => {
    lease.signal.throwIfAborted()
    return writeAll(connector, questions, (since) => clock.monotonic() - since <= sendWindowMs)
  }, together.atMost)
  const read = muster.gather((questions: ReadQuestion[]) => readAll(connector, questions), manifest.idsPerRead)
  return {
    atOnce: Math.max(parallel, together.atMost * (together.calls ?? 1)),
    write: (session, asked, account) => write({ session, asked, account, since: clock.monotonic() }),
    read: (session, asked) => read({ session, ...asked }),
  }
}

interface WriteQuestion {
  session: CrmSession
  asked: ScopedWrite
  account: string | null
  /** By the monotonic clock: when it was handed over. */
  since: number
}

type Settled<T> = PromiseSettledResult<T>

async function writeAll(
  connector: Connector,
  questions: readonly WriteQuestion[],
  isFresh: (since: number) => boolean,
): Promise<Settled<WriteOutcome>[]> {
  const answers = new Map<WriteQuestion, Settled<WriteOutcome>>()
  for (const round of rounds(questions)) {
    const fresh = round.filter((question) => isFresh(question.since))
    for (const late of round) if (!fresh.includes(late)) answers.set(late, { status: 'rejected', reason: lookFirst() })
    // What one account asks for goes out by no other's; none waits for another's, or it would no longer be fresh.
    const byAccount = [...Map.groupBy(fresh, ({ account }) => account).values()]
    await Promise.all(
      byAccount.map(async (alike) => {
        const settled = await writeRound(connector, alike)
        for (const [at, question] of alike.entries()) answers.set(question, settled[at]!)
      }),
    )
  }
  return questions.map((question) => answers.get(question)!)
}

function writeRound(connector: Connector, round: readonly WriteQuestion[]): Promise<Settled<WriteOutcome>[]> {
  const [first] = round
  if (!first) return Promise.resolve([])
  if (round.length === 1)
    return Promise.allSettled([connector.write(first.session, first.asked.scope, first.asked.write)])
  return connector.writeTogether!.write(
    first.session,
    round.map(({ asked }) => asked),
  )
}

/** No round holds two writes of one row, which two of the hub's tables may show; a later round waits for the one before. */
function rounds(questions: readonly WriteQuestion[]): WriteQuestion[][] {
  const made: WriteQuestion[][] = []
  const seen = new Map<string, number>()
  for (const question of questions) {
    const { sourceId } = question.asked.write
    const at = seen.get(sourceId) ?? 0
    seen.set(sourceId, at + 1)
    made[at] = [...(made[at] ?? []), question]
  }
  return made
}

interface ReadQuestion extends AskedRow {
  session: CrmSession
}

/** One call for each set of columns, and one for all that may have more. */
async function readAll(connector: Connector, questions: readonly ReadQuestion[]): Promise<Settled<Page>[]> {
  const alike = Map.groupBy(questions, ({ scope: { table, columns }, orMore }) =>
    JSON.stringify([table.name, orMore ? 'or more' : columns]),
  )
  const answers = new Map<ReadQuestion, Settled<Page>>()
  await Promise.all(
    [...alike.values()].map(async (group) => {
      const pages = await readAlike(connector, group)
      for (const [at, question] of group.entries()) answers.set(question, pages[at]!)
    }),
  )
  return questions.map((question) => answers.get(question)!)
}

async function readAlike(connector: Connector, group: readonly ReadQuestion[]): Promise<Settled<Page>[]> {
  const [{ session, scope }] = group as [ReadQuestion]
  const columns = [...new Set(group.flatMap((question) => question.scope.columns))]
  const ids = group.map(({ sourceId }) => sourceId)
  const [page] = await Promise.allSettled([connector.readByIds(session, { ...scope, columns }, ids, 'person')])
  // A column that the CRM no longer shows is the trouble of those alone that asked for it.
  if (
    page.status === 'rejected' &&
    failureOf(page.reason) === 'refused' &&
    group.some((one) => one.scope.columns.length < columns.length)
  ) {
    return readAll(
      connector,
      group.map((question) => ({ ...question, orMore: false })),
    )
  }
  return group.map((question) => pageOf(connector, question, page))
}

function pageOf(connector: Connector, { scope, sourceId }: ReadQuestion, page: Settled<Page>): Settled<Page> {
  if (page.status === 'rejected') return page
  const rows = page.value.rows.filter((raw) => connector.readId(scope, raw) === sourceId)
  return { status: 'fulfilled', value: { ...page.value, rows } }
}
