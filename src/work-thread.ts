import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { CallCount } from '#connections/gate.ts'
import type { LogFormat, LogLevel } from '#core/log.ts'
import { waitAtMost } from '#core/time-limit.ts'
import type { Settings } from './env.ts'

/** What the thread begins with. */
export interface WorkOrder {
  settings: Settings
  databaseUrl: string
  logLevel: LogLevel
  logFormat: LogFormat
}

/** What the thread is told. */
export type ToWork =
  | { kind: 'wake' }
  | { kind: 'look-up' }
  | { kind: 'events-kept'; count: number }
  | { kind: 'own-url'; url: string }
  | { kind: 'stop' }

/** What the thread tells: finished log lines, and the calls to CRMs that it has counted so far. */
export type FromWork = { kind: 'log'; line: string } | { kind: 'vendor-calls'; calls: CallCount[] }

export interface WorkThread {
  start(): void
  /** Messages before the start are brought to the thread when it begins. */
  tell(message: Exclude<ToWork, { kind: 'stop' | 'look-up' }>): void
  vendorCalls(): CallCount[]
  /** A caller is looked up: for some seconds the thread leaves the processors to the doors. */
  giveWay(): void
  stop(): Promise<void>
}

// Pages by the hundred megabytes pass through: with V8's own 48 MB more of each is copied about before it dies.
// Measured in docs/decisions/0005-server.md.
const maxYoungGenerationSizeMb = 144

/** Much less than the thread gives way for after each. */
const tellLookUpsEveryMs = 1_000

/** Longer than the thread itself gives what is under way. */
const stopWithinMs = 20_000

/**
 * The work in a thread of its own, with its own heap: a page being cut, or its rubbish being collected, holds no caller's
 * look-up up. A thread that fails takes the process with it, whose successor takes the work up by its leases.
 */
export function createWorkThread(order: WorkOrder, writeLog: (line: string) => void): WorkThread {
  const early: ToWork[] = []
  let thread: Worker | undefined
  let calls: CallCount[] = []
  let toldLookUpAt = Number.NEGATIVE_INFINITY
  return {
    start() {
      if (thread) return
      thread = new Worker(new URL('./work-main.ts', import.meta.url), {
        workerData: order,
        resourceLimits: { maxYoungGenerationSizeMb },
      })
      thread.on('message', (message: FromWork) => {
        if (message.kind === 'log') writeLog(message.line)
        else calls = message.calls
      })
      for (const message of early.splice(0)) thread.postMessage(message)
    },
    tell(message) {
      if (thread) thread.postMessage(message)
      else if (message.kind === 'own-url') early.push(message)
    },
    vendorCalls: () => calls,
    giveWay() {
      const now = performance.now()
      if (now - toldLookUpAt < tellLookUpsEveryMs) return
      toldLookUpAt = now
      thread?.postMessage({ kind: 'look-up' } satisfies ToWork)
    },
    async stop() {
      if (!thread || thread.threadId === -1) return
      const ended = once(thread, 'exit')
      thread.postMessage({ kind: 'stop' } satisfies ToWork)
      await waitAtMost(stopWithinMs, ended)
      await thread.terminate()
    },
  }
}
