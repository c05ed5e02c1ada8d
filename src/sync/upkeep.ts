import { setTimeout as wait } from 'node:timers/promises'
import type { Acts } from '#audit/append.ts'
import { dropOldActs } from '#audit/retention.ts'
import type { Connections } from '#connections/connections.ts'
import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import { type Worker, withLease } from '#jobs/lease.ts'
import { purgeWrites } from '#outbox/purge.ts'
import { adoptRestoredFeed, purgeFeed } from '#records/feed.ts'
import { purgeHints } from './inbox.ts'
import { purgeRuns } from './run.ts'

export interface UpkeepParts {
  pool: Pool
  connections: Connections
  /** Where the CRM at this address reaches the hub; one that cannot is not asked to push. */
  pushUrl: (crmUrl: string) => string | undefined
  /** How long ended writes stay. */
  keepWritesDays: number
  acts: Acts
  /** How long acts stay in the audit log. */
  keepActsDays: number
  /** What other parts remove when its time is over, by what it is; each answers how many. */
  purgeOthers: Readonly<Record<string, () => Promise<number>>>
  log: Log
  worker: Worker
}

/** The design keeps the feed for 30 days, and so long a consumer may stay away. */
const keepFeedDays = 30
const keepRunsPerTable = 100

const tendEveryMs = 5_000
const subscribeEveryMs = 3_000
const purgeEveryMs = 3_600_000

/** What is done by the clock: tokens and re-checks, pushes registered, old rows removed. */
export function createUpkeep(parts: UpkeepParts): { start(): void; stop(): Promise<void> } {
  const stopping = new AbortController()
  const rounds: Promise<void>[] = []
  const every = async (ms: number, what: string, work: () => Promise<unknown>) => {
    while (!stopping.signal.aborted) {
      await work().catch((error: unknown) => parts.log.warn('upkeep', { what, error }))
      await wait(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
    }
  }
  return {
    start() {
      if (rounds.length > 0) return
      rounds.push(
        every(tendEveryMs, 'connections', () => parts.connections.tend()),
        every(subscribeEveryMs, 'pushes', () => subscribe(parts)),
        every(purgeEveryMs, 'old rows', () => withLease(parts.pool, 'housekeeping', parts.worker, () => purge(parts))),
      )
    },
    async stop() {
      stopping.abort()
      await Promise.all(rounds)
    },
  }
}

async function subscribe({ pool, connections, pushUrl, log }: UpkeepParts): Promise<void> {
  for (const { id, state, url: crmUrl, webhook } of await connections.list()) {
    const url = pushUrl(crmUrl)
    if (state !== 'active' || url === undefined) continue
    try {
      const now = await connections.ensureSubscription(id, url)
      if (now && !now.problem && now.at !== webhook?.at) await readOnce(pool, id)
    } catch (error) {
      log.warn('the push of changes was not registered', { connection: id, error })
    }
  }
}

/** What changed before the push was registered is told by nobody: the tables are read once more. */
async function readOnce(pool: Pool, connectionId: string): Promise<void> {
  await pool.query('update jackfield.synced_table set next_pass_at = now() where connection_id = $1', [connectionId])
}

async function purge({ pool, acts, keepWritesDays, keepActsDays, purgeOthers, log }: UpkeepParts): Promise<void> {
  await adoptRestoredFeed(pool)
  const removed = await purgeFeed(pool, keepFeedDays)
  await purgeRuns(pool, keepRunsPerTable)
  await purgeHints(pool)
  const writes = await purgeWrites(pool, keepWritesDays)
  const dropped = await dropOldActs(pool, acts.keys, keepActsDays)
  const others: Record<string, number> = {}
  for (const [what, purgeOld] of Object.entries(purgeOthers)) others[what] = await purgeOld()
  log.debug('old rows removed', { changes: removed, writes, acts: dropped, ...others })
}
