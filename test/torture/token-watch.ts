import { setTimeout as wait } from 'node:timers/promises'
import type { Control } from './clients.ts'

interface LoggedRequest {
  at: string
  url: string
  kind: string
  status: number
}

/** Sees every token that the directory gave out. */
export interface TokenWatch {
  /** Times (milliseconds since the epoch) of tokens given. */
  given(): number[]
  stop(): Promise<void>
}

/** The simulator remembers its last 500 requests: asked often enough, none is missed. */
export function watchTokens(control: Control): TokenWatch {
  // Time → tokens given in that millisecond.
  const seen = new Map<string, number>()
  let stopping = false
  const look = async () => {
    const { recent } = await control.get<{ recent: LoggedRequest[] }>('/requests')
    const tokens = recent.filter((request) => request.kind === 'token' && request.status === 200)
    const now = Map.groupBy(tokens, ({ at }) => at)
    for (const [at, { length }] of now) seen.set(at, Math.max(length, seen.get(at) ?? 0))
  }
  const run = async () => {
    while (!stopping) {
      await look().catch(() => undefined)
      await wait(1_000)
    }
    await look().catch(() => undefined)
  }
  const running = run()
  return {
    given: () =>
      [...seen].flatMap(([at, count]) => new Array<number>(count).fill(Date.parse(at))).sort((a, b) => a - b),
    async stop() {
      stopping = true
      await running
    },
  }
}
