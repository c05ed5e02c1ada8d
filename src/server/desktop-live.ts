import type { ServerResponse } from 'node:http'
import { buildCard, type Viewer } from '#desktop/card.ts'
import { type Changed, changedInteractions } from '#desktop/open-interactions.ts'
import type { DesktopEvent } from './contract/desktop.ts'
import type { Hub } from './hub.ts'

/** One desktop that is open. */
export interface DesktopFollower {
  stream: ServerResponse
  viewer: Viewer
  /** Cards that it was sent. */
  shown: Set<string>
  /** Asked every second: rights that are taken away count on an open line too. Null: it is shown out. */
  viewerNow(): Promise<Viewer | null>
}

export interface DesktopLive {
  follow(follower: DesktopFollower): void
  readonly followers: number
  stop(): void
}

/** Where another process took an event, it is seen this much later at most. */
const lookEveryMs = 100
const checkEveryMs = 1_000
const beatEveryMs = 15_000
/** A reader so far behind is dropped; it comes back and asks for its cards. */
const mostUnsentBytes = 4 * 1024 * 1024

/** Sends cards to the desktops that they are on; what this process takes itself is sent at once. */
export function createDesktopLive(hub: Hub): DesktopLive {
  const followers = new Set<DesktopFollower>()
  const told = new Map<string, bigint>()
  const look = everyNowAndThen(hub, lookEveryMs, async () => {
    if (followers.size === 0) return told.clear()
    const changed = await changedInteractions(hub.pool)
    const news = changed.filter(({ id, version }) => told.get(id) !== version)
    for (const id of told.keys()) if (!changed.some((one) => one.id === id)) told.delete(id)
    // One that cannot be put together keeps no other from its desktop; it is tried again at its next change.
    await Promise.all(
      news.map((one) =>
        tell(hub, followers, one).catch((error: unknown) => {
          hub.log.warn('a card could not be put together', { interaction: one.id, error })
        }),
      ),
    )
    for (const { id, version } of news) told.set(id, version)
  })
  hub.desktop.onChange(look.now)
  const timers = [
    setInterval(() => void checkAgain(followers), checkEveryMs).unref(),
    setInterval(() => beat(followers), beatEveryMs).unref(),
  ]
  return {
    follow(follower) {
      // Whoever went while this was being prepared has closed already, which nobody tells again.
      if (follower.stream.closed) return
      followers.add(follower)
      follower.stream.once('close', () => followers.delete(follower))
      look.now()
    },
    get followers() {
      return followers.size
    },
    stop() {
      look.stop()
      for (const timer of timers) clearInterval(timer)
      for (const { stream } of followers) stream.end()
    },
  }
}

/** Looks again and again, never twice at once; `now`: at once, and again where a look is under way. */
function everyNowAndThen(hub: Hub, everyMs: number, work: () => Promise<void>) {
  let ended = false
  let running = false
  let again = false
  let timer: NodeJS.Timeout | undefined
  const turn = async () => {
    if (running) {
      again = true
      return
    }
    running = true
    clearTimeout(timer)
    do {
      again = false
      await work().catch((error: unknown) => hub.log.debug('desktops wait', { error }))
    } while (again && !ended)
    running = false
    if (!ended) timer = setTimeout(() => void turn(), everyMs).unref()
  }
  timer = setTimeout(() => void turn(), everyMs).unref()
  return {
    now: () => void turn(),
    stop() {
      ended = true
      clearTimeout(timer)
    },
  }
}

async function tell(hub: Hub, followers: ReadonlySet<DesktopFollower>, changed: Changed): Promise<void> {
  const concerned = [...followers].filter(
    ({ viewer }) => changed.onDesktop && (viewer.personId === null || changed.personIds.includes(viewer.personId)),
  )
  for (const follower of followers) {
    if (concerned.includes(follower) || !follower.shown.delete(changed.id)) continue
    send(follower, textOf({ event: 'gone', data: { id: changed.id } }))
  }
  // Windows of one person show the same: a card is made once for all of them.
  for (const same of Map.groupBy(concerned, ({ viewer }) => viewer.author).values()) {
    const card = await buildCard(hub.desktop, changed.id, same[0]!.viewer)
    const text = textOf({ event: 'card', data: card as never })
    for (const follower of same) {
      follower.shown.add(changed.id)
      send(follower, text)
    }
  }
}

const textOf = ({ event, data }: DesktopEvent) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

function send({ stream }: DesktopFollower, text: string): void {
  if (stream.destroyed || stream.writableEnded) return
  stream.write(text)
  if (stream.writableLength > mostUnsentBytes) stream.destroy()
}

async function checkAgain(followers: ReadonlySet<DesktopFollower>): Promise<void> {
  for (const follower of followers) {
    const viewer = await follower.viewerNow().catch(() => null)
    if (viewer) follower.viewer = viewer
    else follower.stream.end()
  }
}

function beat(followers: ReadonlySet<DesktopFollower>): void {
  for (const { stream } of followers) if (!stream.writableEnded) stream.write(': still here\n\n')
}
