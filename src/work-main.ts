import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { createLog } from '#core/log.ts'
import { hideSecrets } from './env.ts'
import { startWork, type Work } from './work.ts'
import type { FromWork, ToWork, WorkOrder } from './work-thread.ts'

const tellCallsEveryMs = 1_000

// Helpers that look for rubbish in step with each other take more of the processor than they save where Postgres needs it.
setFlagsFromString('--no-parallel-scavenge')

const port = parentPort!
const tell = (message: FromWork) => port.postMessage(message)

/** Messages are heard only once there is somebody to act on them. */
function listen(work: Work): void {
  const telling = setInterval(() => tell({ kind: 'vendor-calls', calls: work.vendorCalls() }), tellCallsEveryMs)
  const act = (message: ToWork) => {
    if (message.kind === 'wake') work.wake()
    else if (message.kind === 'look-up') work.giveWay()
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
