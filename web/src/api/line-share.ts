import type { News, Sharing } from './line-news.ts'
import { takeLooseTurns } from './line-turns.ts'

interface SharingOptions {
  /** The same in all tabs that may hear the same: never of two people. */
  name: string
  keptHidden: boolean
  heed(news: News): void
}

/**
 * Tabs of one browser share one line, since it allows six connections to one host over HTTP/1.1. A lock elects who holds
 * it, and goes to the next tab at once when its holder dies. Over plain http there are no locks: there each tab that is
 * seen has a line of its own.
 */
export function shareLine(options: SharingOptions): Sharing {
  if (typeof BroadcastChannel === 'undefined') return alone
  if (navigator.locks) return shareByLock(options)
  return options.keptHidden ? takeLooseTurns(options) : alone
}

const never = new AbortController().signal

const alone: Sharing = {
  tell: () => undefined,
  turn: async (signal) => (signal.aborted ? null : { lost: never, end: () => undefined }),
  close: () => undefined,
}

function shareByLock({ name, heed }: SharingOptions): Sharing {
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }: MessageEvent<News>) => heed(data)
  return {
    tell: (news) => channel.postMessage(news),
    turn: (signal, steal) =>
      new Promise((resolve) => {
        const lost = new AbortController()
        const hold = () => new Promise<void>((end) => resolve({ lost: lost.signal, end }))
        navigator.locks.request(name, steal ? { steal } : { signal }, hold).catch((error: unknown) => {
          lost.abort()
          // A browser that grants no locks here (a sandboxed page, say) lets the tab have its own line. What was stolen,
          // perhaps before it was had, or waited for in vain is no reason for one.
          const denied = !(error instanceof DOMException && error.name === 'AbortError')
          resolve(denied && !signal.aborted ? { lost: never, end: () => undefined } : null)
        })
      }),
    close: () => channel.close(),
  }
}
