import { readlinkSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { createLog } from '#core/log.ts'
import { hideSecrets } from './env.ts'
import { startWork, type Work } from './work.ts'
import type { FromWork, ToWork, WorkOrder } from './work-thread.ts'

const tellCallsEveryMs = 1_000
const lowestPriority = 19

// Helpers that look for rubbish in step with each other take more of the processor than they save where Postgres needs it.
setFlagsFromString('--no-parallel-scavenge')

/** The thread gives way to the doors: without it a look-up waits for the turn of a page being cut. Linux alone has it. */
function giveWay(): void {
  try {
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    setPriority(threadId, Math.min(lowestPriority, getPriority() + 10))
  } catch {
    // Not Linux, or not allowed: slower look-ups beside a copy, nothing else.
  }
}

giveWay()
const port = parentPort!
const tell = (message: FromWork) => port.postMessage(message)

/** Messages are heard only once there is somebody to act on them. */
function listen(work: Work): void {
  const telling = setInterval(() => tell({ kind: 'vendor-calls', calls: work.vendorCalls() }), tellCallsEveryMs)
  const act = (message: ToWork) => {
    if (message.kind === 'wake') work.wake()
    else if (message.kind === 'events-kept') work.eventsKept(message.count)
    else if (message.kind === 'own-url') work.useOwnUrl(message.url)
    else {
      clearInterval(telling)
      void work.stop().finally(() => port.close())
    }
  }
  port.on('message', act)
}

const { settings, databaseUrl, logLevel, logFormat } = workerData as WorkOrder
hideSecrets({ ...settings, databaseUrl })
const write = (line: string) => tell({ kind: 'log', line })
listen(await startWork(settings, databaseUrl, createLog({ level: logLevel, format: logFormat, write })))
