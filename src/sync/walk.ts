import { setTimeout as wait } from 'node:timers/promises'
import type { Lane } from '#connectors/call.ts'
import type { Page, Walk } from '#connectors/connector.ts'
import { createLinkGuard } from '#connectors/link-guard.ts'
import { inTransaction, isDatabaseUnavailable, type Transaction } from '#database/pool.ts'
import { type Lease, proveLease } from '#jobs/lease.ts'
import { drawTicket, type StoreOptions, type StoreResult, storeRows } from '#records/store.ts'
import { isRefusedValue, storeCarefully } from '#records/store-carefully.ts'
import type { SyncContext, TableWork } from './context.ts'
import { hintsOf } from './hints.ts'
import { insertHints } from './inbox.ts'
import { recordPage } from './run.ts'

// The largest that Dataverse gives; a smaller page only costs round trips.
export const largestPage = 5_000
// Fetching runs ahead of storing by this many pages: more only fills memory (stack.md §2a).
const pagesAhead = 3
// While callers are looked up, whose questions wait for Postgres behind the pages'. With one the copy takes half as long again.
const pagesAheadOfCallers = 2
const longestPauseMs = 10_000

export interface WalkPlan {
  walk: Walk
  /** Where to begin, and the number of that page. */
  link: string
  number: number
  lane: Lane
  options: Omit<StoreOptions, 'ticket' | 'byId'>
  /** The run that the pages are recorded in. */
  runId: string
  /** Asked before each page; throws to stop. */
  mayGoOn?: () => Promise<void>
  /** The first page's clock. */
  onFirst?: (page: Page) => Promise<void>
}

export interface Walked {
  delta: string | null
  asOf: Date | null
  records: number
  deleted: number
  written: number
  pages: number
}

/** A page that could not be read: which one. */
export class PageError extends Error {
  readonly number: number
  constructor(number: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.number = number
  }
}

interface FetchedPage {
  page: Page
  ticket: bigint
  link: string
  number: number
}

interface Job {
  context: SyncContext
  work: TableWork
  plan: WalkPlan
  lease: Lease
  /** Of the plan's options, until a row was there: one is seldom alone, and each costs storing its page twice. */
  expectNew: StoreOptions['expectNew']
}

/** Walks a table's pages from a link to its end; each page and its records commit together, fetching runs ahead. */
export async function walkPages(context: SyncContext, work: TableWork, plan: WalkPlan, lease: Lease): Promise<Walked> {
  const job: Job = { context, work, plan, lease, expectNew: plan.options.expectNew }
  const walked: Walked = { delta: null, asOf: null, records: 0, deleted: 0, written: 0, pages: 0 }
  const storing = new Set<Promise<void>>()
  let failure: unknown
  const store = (fetched: FetchedPage) => {
    const stored: Promise<void> = storePage(job, fetched)
      .then((result) => {
        walked.written += result.written
      })
      .catch((error: unknown) => {
        failure ??= new PageError(fetched.number, error)
      })
      .finally(() => storing.delete(stored))
    storing.add(stored)
  }
  try {
    const fetcher = createFetcher(job)
    let place: Place | null = { link: plan.link, number: plan.number }
    while (place && failure === undefined) {
      const fetched: FetchedPage = await fetcher.fetch(place)
      const { page, number } = fetched
      // The next request leaves before this page is looked at: the CRM works while we do.
      place = page.next === null ? null : { link: page.next, number: number + 1 }
      if (place) fetcher.begin(place)
      if (walked.pages === 0) await plan.onFirst?.(page)
      noteFetched(walked, page)
      store(fetched)
      const most = context.givesWay?.() ? pagesAheadOfCallers : pagesAhead
      while (storing.size >= most) await Promise.race(storing)
    }
  } finally {
    // Also where the walk was stopped: who gives the table up leaves no page half on its way.
    await Promise.all(storing)
  }
  if (failure !== undefined) throw failure
  return walked
}

function noteFetched(walked: Walked, page: Page): void {
  walked.asOf ??= page.asOf
  walked.pages += 1
  walked.records += page.rows.length
  walked.deleted += page.deleted.length
  walked.delta = page.delta
}

interface Place {
  link: string
  number: number
}

/**
 * Fetches pages one after the other, each from when it is begun. What a page needs before its request leaves is asked
 * for while the one before is on its way. A page that is waited for begins the next one as soon as it tells where that is.
 */
function createFetcher({ context, work: { table, connector, session }, plan, lease }: Job) {
  const { lane, walk } = plan
  const guard = createLinkGuard(table.entity)
  const pageSize = context.pageSize ?? largestPage
  const clear = async () => {
    await plan.mayGoOn?.()
    return drawTicket(context.pool)
  }
  let cleared = heard(clear())
  let begun: (Place & { page: Promise<FetchedPage> }) | null = null
  let awaited: number | null = null
  const fetchPage = async (place: Place): Promise<FetchedPage> => {
    const { link, number } = place
    const ticket = await cleared
    const onNext = (next: string) => {
      if (awaited === number) begin({ link: next, number: number + 1 })
    }
    try {
      guard(link)
      const reading = connector.readPage(session, link, walk, { lane, pageSize, signal: lease.signal, onNext })
      cleared = heard(clear())
      return { page: await reading, ticket, ...place }
    } catch (error) {
      throw new PageError(number, error)
    }
  }
  const begin = (place: Place) => {
    const isBegun = begun?.link === place.link && begun.number === place.number
    if (!begun || !isBegun) begun = { ...place, page: heard(fetchPage(place)) }
    return begun.page
  }
  return {
    begin,
    async fetch(place: Place): Promise<FetchedPage> {
      const page = begin(place)
      awaited = place.number
      return await page.finally(() => {
        awaited = null
      })
    },
  }
}

/** Awaited some turns of the loop later, or never: until then a failure must not count as unheard. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/** One page, one transaction; an absent database is waited for while the lease holds, and nothing is lost meanwhile. */
async function storePage(job: Job, fetched: FetchedPage): Promise<StoreResult> {
  const { context, work, plan, lease } = job
  let store: typeof storeRows = storeRows
  for (let pause = 200; ; pause = Math.min(pause * 2, longestPauseMs)) {
    lease.signal.throwIfAborted()
    const { expectNew } = job
    const options = { ...plan.options, expectNew }
    try {
      return await inTransaction(context.pool, (tx) =>
        storeIn(tx, work, { ...plan, options }, { fetched, lease, store }),
      )
    } catch (error) {
      if (isRefusedValue(error) && store === storeRows) store = storeCarefully
      else if (isHeldAlready(error) && expectNew === 'all') job.expectNew = 'nearly all'
      else if (!isDatabaseUnavailable(error) && !isContention(error)) throw error
      else {
        context.log.warn('a page waits to be stored', {
          table: work.table.entity,
          page: fetched.number,
          error: String(error),
        })
        await wait(pause, undefined, { signal: lease.signal })
      }
    }
  }
}

// A record that a push or another page brought; or a key without its record: left behind by a fault, or named twice by the mapping.
const isHeldAlready = (error: unknown) => (error as { code?: unknown } | null)?.code === '23505'

// 40P01 deadlock, 40001 serialisation, 55P03 lock not available: the same work again succeeds.
const isContention = (error: unknown) => /^(40|55P03)/.test(String((error as { code?: unknown } | null)?.code))

async function storeIn(
  tx: Transaction,
  { table, target }: TableWork,
  plan: WalkPlan,
  { fetched, lease, store }: { fetched: FetchedPage; lease: Lease; store: typeof storeRows },
): Promise<StoreResult> {
  const { page, ticket, link, number } = fetched
  const result = await store(tx, target, page.rows, { ...plan.options, ticket, byId: false })
  const origin = `${plan.runId}/${number}/${ticket}`
  await insertHints(tx, hintsOf(table, page.deleted, 'deleted', origin))
  await insertHints(tx, hintsOf(table, result.again, 'settle', origin))
  const { written, parked, outOfScope } = result
  const counts = { records: page.rows.length, written, parked, outOfScope, bytes: page.bytes }
  await recordPage(tx, plan.runId, { number, link, next: page.next, delta: page.delta, ...counts })
  await proveLease(tx, lease)
  return result
}
