import type { News, Sharing, Turn } from './line-news.ts'

/** So long a tab that nobody looks at keeps its line, before it asks whether another tab would do. */
const HIDDEN_MS = 60_000
/** A tab in the background looks at its clock once a second. */
const ANSWER_MS = 1_500
/** One that waits asks again: whoever held the line may have died without a word. */
const ASK_MS = 20_000

type Told =
  | News
  | { kind: 'who' }
  | { kind: 'standing'; id: string; hidden: boolean }
  /** Whoever held a line holds it no more. */
  | { kind: 'left' }

/**
 * Where there are no locks (plain http): a tab that is seen has its own line, and one that has not been seen for long
 * gives its line up as long as another has one, and hears what that one hears.
 */
export function takeLooseTurns({ name, heed }: { name: string; heed(news: News): void }): Sharing {
  const channel = new BroadcastChannel(name)
  const id = Math.random().toString(36)
  const calls = new Set<() => void>()
  let held: AbortController | null = null
  let better = false
  const post = (told: Told) => channel.postMessage(told)
  const call = () => {
    for (const wake of calls) wake()
  }
  const leave = () => {
    if (held) post({ kind: 'left' })
  }
  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    if (data.kind === 'who') {
      if (held) post({ kind: 'standing', id, hidden: document.hidden })
    } else if (data.kind === 'standing') better ||= !data.hidden || data.id < id
    else if (data.kind === 'left') call()
    else if (held === null) heed(data)
  }
  document.addEventListener('visibilitychange', call)
  addEventListener('pagehide', leave)

  async function wouldAnotherDo(): Promise<boolean> {
    better = false
    post({ kind: 'who' })
    await pause(ANSWER_MS)
    return better && document.hidden
  }

  function take(): Turn {
    const turn = new AbortController()
    held = turn
    const asking = setInterval(() => {
      if (document.hidden) void wouldAnotherDo().then((does) => does && turn.abort())
    }, HIDDEN_MS)
    return {
      lost: turn.signal,
      end() {
        clearInterval(asking)
        leave()
        held = null
      },
    }
  }

  return {
    tell: (news) => {
      if (held && news.kind !== 'ask') post(news)
    },
    async turn(signal) {
      while (!signal.aborted) {
        if (!document.hidden || !(await wouldAnotherDo())) return signal.aborted ? null : take()
        await pause(ASK_MS, calls, signal)
      }
      return null
    },
    close() {
      document.removeEventListener('visibilitychange', call)
      removeEventListener('pagehide', leave)
      channel.close()
    },
  }
}

/** Until the time is over, somebody calls, or it is aborted. */
function pause(ms: number, calls = new Set<() => void>(), signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      calls.delete(done)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    calls.add(done)
    signal?.addEventListener('abort', done, { once: true })
  })
}
