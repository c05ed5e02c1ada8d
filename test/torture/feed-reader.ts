import { setTimeout as wait } from 'node:timers/promises'
import type { HubApi } from './clients.ts'

/** A row of `GET /api/v1/changes`. */
export interface FedChange {
  id: string
  recordId: string
  entity: string
  operation: string
  cause: string
  mark: string | null
  changed: Record<string, { before: unknown; after: unknown }>
}

interface ChangeList {
  changes: FedChange[]
  next: string
  more: boolean
}

const limit = 500

/** Everything after a cursor, to the end as it is now. */
export async function readFeed(api: HubApi, cursor: string): Promise<FedChange[]> {
  const read: FedChange[] = []
  for (let at = cursor; ; ) {
    const list = await api.insist<ChangeList>('GET', `/changes?cursor=${at}&limit=${limit}`)
    read.push(...list.changes)
    if (!list.more) return read
    at = list.next
  }
}

/** The cursor that reads only what is fed from now on. */
export async function feedEnd(api: HubApi): Promise<string> {
  return (await api.insist<ChangeList>('GET', '/changes?cursor=now&limit=1')).next
}

/** A consumer that keeps its cursor and asks again and again, through every death of the hub. */
export interface FeedReader {
  changes: readonly FedChange[]
  /** Changes seen so far, by their cause. */
  seen(cause: string): number
  /** Reads to the end once more, then ends. */
  stop(): Promise<void>
}

// Often enough to read while many transactions are open, seldom enough to leave the hub its processor.
const everyMs = 25

export function startFeedReader(api: HubApi, from: string): FeedReader {
  const changes: FedChange[] = []
  const byCause = new Map<string, number>()
  let cursor = from
  let stopping = false
  const readOnce = async () => {
    const list = await api.ask<ChangeList>('GET', `/changes?cursor=${cursor}&limit=${limit}`)
    changes.push(...list.changes)
    for (const { cause } of list.changes) byCause.set(cause, (byCause.get(cause) ?? 0) + 1)
    cursor = list.next
    return list.more
  }
  const run = async () => {
    while (!stopping) {
      const more = await readOnce().catch(() => wait(200, false))
      if (!more) await wait(everyMs)
    }
  }
  const running = run()
  return {
    changes,
    seen: (cause) => byCause.get(cause) ?? 0,
    async stop() {
      stopping = true
      await running
      while (await readOnce());
    },
  }
}
