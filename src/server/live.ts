import type { ServerResponse } from 'node:http'
import { HubError } from '#core/errors.ts'
import type { Log } from '#core/log.ts'
import { type FedChange, feedEnd, feedKeeps, readFeed } from '#records/feed.ts'
import type { View } from '#records/view.ts'
import { listRuns } from '#sync/run-list.ts'
import { attentionCounts } from './attention.ts'
import type { LiveEvent } from './contract/live.ts'
import type { Hub } from './hub.ts'
import { withNames } from './routes/changes.ts'
import { shownRuns } from './routes/runs.ts'
import * as shown from './shown.ts'

/** What somebody who follows may be told. */
export interface Following {
  /** Runs, connections and counts. */
  state: boolean
  /** Whose changes, and what of them; null: none. */
  view: View | null
}

/** One browser or program that follows. */
export interface Follower {
  stream: ServerResponse
  /** As it was found out a moment ago. */
  may: Following
  /** The feed's cursor up to which it has everything. */
  cursor: string
  /** Asked every second: rights that are taken away count on an open stream too. Null: whoever follows is shown out. */
  whatMay(): Promise<Following | null>
}

export interface Live {
  /** Where a follower begins: at the cursor that it brings, else at the end. `reset`: its cursor is no longer kept. */
  begin(cursor: string | undefined): Promise<{ cursor: string; reset: boolean }>
  follow(follower: Follower): Promise<void>
  readonly followers: number
  stop(): void
}

const feedEveryMs = 300
const stateEveryMs = 1_000
const beatEveryMs = 15_000
const pageSize = 500
/** A reader so far behind is dropped; it comes back with its Last-Event-ID and goes on where it was. */
const mostUnsentBytes = 1024 * 1024
const mostFollowers = 1_000

/** One look a process, shared by all who follow: their number costs the database nothing. */
export function createLive(hub: Hub): Live {
  const followers = new Set<Follower>()
  const state = createStateWatch(hub)
  const loops = [
    loop(feedEveryMs, hub.log, () => sendChanges(hub, followers)),
    loop(stateEveryMs, hub.log, async () => {
      if (followers.size === 0) return state.forget()
      await askAgain(followers)
      const events = await state.changes()
      for (const follower of followers) if (follower.may.state) for (const event of events) send(follower, event)
    }),
    loop(beatEveryMs, hub.log, () => beat(followers)),
  ]
  return {
    async begin(cursor) {
      if (followers.size >= mostFollowers) throw new HubError('server.busy', 'Too many pages follow this hub already')
      if (cursor !== undefined && (await feedKeeps(hub.pool, cursor))) return { cursor, reset: false }
      return { cursor: await feedEnd(hub.pool), reset: cursor !== undefined }
    },
    async follow(follower) {
      // With the cursor as id from the first event on, so that nothing is missed by whoever is cut off before a change.
      if (follower.may.state) for (const event of await state.now()) send(follower, event, follower.cursor)
      // Whoever went meanwhile has closed already, which nobody tells again.
      if (follower.stream.closed) return
      followers.add(follower)
      follower.stream.once('close', () => followers.delete(follower))
    },
    get followers() {
      return followers.size
    },
    stop() {
      for (const end of loops) end()
      for (const { stream } of followers) stream.end()
    },
  }
}

/** Runs again and again with a pause between, never twice at once. */
function loop(everyMs: number, log: Log, work: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const turn = async () => {
    await work().catch((error: unknown) => log.debug('live pages wait', { error }))
    if (!ended) timer = setTimeout(turn, everyMs).unref()
  }
  timer = setTimeout(turn, everyMs).unref()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

/** Each place in the feed is read once for all who stand there; who is behind catches up page by page. */
async function sendChanges(hub: Hub, followers: ReadonlySet<Follower>): Promise<void> {
  const places = Map.groupBy(
    [...followers].filter(({ may }) => may.view !== null),
    (follower) => follower.cursor,
  )
  for (const [cursor, here] of places) {
    const fed = await readFeed(hub.pool, hub.finder.tables, { cursor, limit: pageSize })
    for (const [view, same] of Map.groupBy(here, ({ may }) => may.view)) {
      if (view !== null) await sendSeen(hub, fed, view, same)
    }
  }
}

/** What is not seen is passed over: whoever follows stands behind it all the same. */
async function sendSeen(hub: Hub, fed: FedChange[], view: View, followers: readonly Follower[]): Promise<void> {
  const changes = new Map((await withNames(hub, fed, view)).map((change) => [change.id, change]))
  for (const { id, cursor: after } of fed) {
    const data = changes.get(id)
    for (const follower of followers) {
      if (data) send(follower, { event: 'change', data }, after)
      follower.cursor = after
    }
  }
}

async function askAgain(followers: ReadonlySet<Follower>): Promise<void> {
  for (const follower of followers) {
    const may = await follower.whatMay()
    if (may) follower.may = may
    else follower.stream.end()
  }
}

async function beat(followers: ReadonlySet<Follower>): Promise<void> {
  for (const { stream } of followers) if (!stream.writableEnded) stream.write(': still here\n\n')
}

export function send(follower: Follower, { event, data }: LiveEvent, id?: string): void {
  const { stream } = follower
  if (stream.destroyed || stream.writableEnded) return
  stream.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  if (stream.writableLength > mostUnsentBytes) stream.destroy()
}

/** Of the newest runs so many are watched; one may begin and end between two looks. */
const watchedRuns = 50

/** Runs, connections and counts: told when they differ from what was told last. */
function createStateWatch(hub: Hub) {
  const told = new Map<string, string>()

  async function look(): Promise<LiveEvent[]> {
    const [runs, connections, quotas, attention] = await Promise.all([
      listRuns(hub.pool, { limit: watchedRuns }).then((newest) => shownRuns(hub, newest)),
      hub.connections.list(),
      hub.connections.quotas(),
      attentionCounts(hub.pool),
    ])
    return [
      ...runs.reverse().map((data): LiveEvent => ({ event: 'run', data })),
      ...connections.map((stored): LiveEvent => ({ event: 'connection', data: shown.connection(stored) })),
      ...quotas.map((view): LiveEvent => ({ event: 'quota', data: shown.quota(view) })),
      { event: 'attention', data: attention },
    ]
  }

  /** What differs from the last look. */
  function differing(events: LiveEvent[]): LiveEvent[] {
    return events.filter((event) => {
      const name = `${event.event} ${nameOf(event)}`
      const text = JSON.stringify(event.data)
      if (told.get(name) === text) return false
      told.set(name, text)
      return true
    })
  }

  return {
    changes: async () => differing(await look()),
    /** What goes on just now, for who comes new; the rest a page has loaded already. */
    async now(): Promise<LiveEvent[]> {
      const events = await look()
      if (told.size === 0) differing(events)
      return events.filter(
        ({ event, data }) => event === 'attention' || (event === 'run' && openStates.has(data.state)),
      )
    },
    async forget(): Promise<void> {
      told.clear()
    },
  }
}

function nameOf({ data }: LiveEvent): string {
  if ('id' in data) return data.id
  return 'connectionId' in data ? data.connectionId : ''
}

const openStates = new Set(['waiting', 'running', 'paused'])
