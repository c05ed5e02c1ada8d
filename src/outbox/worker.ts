import { systemClock } from '#core/clock.ts'
import { isHubError } from '#core/errors.ts'
import { withLease } from '#jobs/lease.ts'
import { type Bell, createBell } from './bell.ts'
import { deliverConnection } from './deliver-connection.ts'
import { type OutboxParts, type OutboxTiming, type Running, report } from './running.ts'
import { retryWrite } from './settle.ts'
import { waitingConnections, writesRelinked } from './store.ts'

export type { OutboxParts, OutboxTiming } from './running.ts'

const defaultTiming: OutboxTiming = {
  pollMs: 500,
  firstPauseMs: 500,
  // Dataverse ends an operation after two minutes, plug-ins included; and some for luck.
  longestTransactionMs: 150_000,
  parallel: 6,
  gatherMs: 25,
}

/** Brings the writes of all connections to their CRMs; per connection one worker at a time, by lease. */
export interface OutboxWorker {
  start(): void
  /** Lets the requests under way end; what they leave open is taken up by the next worker. */
  stop(): Promise<void>
  /** Something was kept: no need to wait for the next look. */
  wake(): void
}

export function createOutboxWorker(parts: OutboxParts): OutboxWorker {
  const stop = new AbortController()
  const bell = createBell()
  const running: Running = {
    ...parts,
    clock: parts.clock ?? systemClock,
    random: parts.random ?? Math.random,
    timing: { ...defaultTiming, ...parts.timing },
    stopping: stop.signal,
    bells: new Set([bell]),
  }
  const wake = () => {
    for (const each of running.bells) each.ring()
  }
  let ended: Promise<void> | undefined
  return {
    start() {
      ended ??= run(running, bell)
    },
    async stop() {
      stop.abort()
      wake()
      await ended
    },
    wake,
  }
}

async function run(running: Running, bell: Bell): Promise<void> {
  const held = new Map<string, Promise<void>>()
  while (!running.stopping.aborted) {
    await repeatRelinked(running).catch((error: unknown) => report(running.log, error))
    await holdWaiting(running, held).catch((error: unknown) => report(running.log, error))
    await bell.sleep(running.timing.pollMs)
  }
  await Promise.all(held.values())
}

/** Whoever linked an account has its writes made though the hub died right after that. */
async function repeatRelinked({ pool }: Running): Promise<void> {
  for (const id of await writesRelinked(pool)) {
    await retryWrite(pool, id, 'linked account').catch((error: unknown) => {
      // Another worker, or a person, was first.
      if (!isHubError(error, 'write.conflict')) throw error
    })
  }
}

async function holdWaiting(running: Running, held: Map<string, Promise<void>>): Promise<void> {
  for (const connectionId of await waitingConnections(running.pool)) {
    if (held.has(connectionId)) continue
    const work = hold(running, connectionId).finally(() => held.delete(connectionId))
    held.set(connectionId, work)
  }
}

async function hold(running: Running, connectionId: string): Promise<void> {
  try {
    await withLease(running.pool, `outbox:${connectionId}`, running.worker, (lease) =>
      deliverConnection(running, connectionId, lease),
    )
  } catch (error) {
    report(running.log, error)
  }
}
