import { setTimeout as wait } from 'node:timers/promises'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Hub } from './hub.ts'
import { flowByConnection, openRuns } from './overview.ts'

export interface Metrics {
  contentType: string
  text(): Promise<string>
  observeLookup(seconds: number): void
  stop(): void
}

/** Those who scrape wait for some ten seconds. */
const readWithinMs = 2_000

/** From a tenth of a millisecond: a look-up's promise is five at the 99th of a hundred. */
const lookupBuckets = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

/** Prometheus' text format. What stands in the database is read when it is asked for, so a scrape is never stale. */
export function createMetrics(hub: Hub, live: { followers: number }, desktops: { followers: number }): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const lookups = new Histogram({
    name: 'jackfield_lookup_seconds',
    help: 'Time of a look-up in the hub, without the network',
    buckets: lookupBuckets,
    registers,
  })
  figure('jackfield_up_seconds', 'Since this process began', [], (set) => {
    set({}, (hub.clock.now() - hub.startedAt.getTime()) / 1000)
  })
  figure('jackfield_live_followers', 'Pages and programs that follow live', [], (set) => set({}, live.followers))
  figure('jackfield_desktop_followers', 'Lines to desktops', [], (set) => set({}, desktops.followers))
  figure('jackfield_door_requests_total', 'What came to a door and how it went', ['door', 'outcome'], (set) => {
    for (const { count, ...labels } of byDoor(hub)) set(labels, count)
  })
  const unwritten = 'Look-ups without a line in the audit log, for lack of room'
  figure('jackfield_lookups_unwritten_total', unwritten, [], (set) => set({}, hub.unwrittenLookUps.count()))
  figure('jackfield_vendor_calls_total', 'Answers of CRMs', ['lane', 'status'], (set) => {
    for (const { lane, status, count } of hub.connections.vendorCalls()) set({ lane, status }, count)
  })
  figure('jackfield_records', 'Records held', ['connection', 'entity', 'state'], async (set) => {
    const counts = await hub.counts.recent()
    for (const table of await hub.finder.tables.all()) {
      const held = counts.get(table.id)
      for (const [state, count] of Object.entries(held ?? {})) {
        set({ connection: table.connectionId, entity: table.entity, state }, count)
      }
    }
  })
  figure('jackfield_waiting', 'Hints to be read back and writes to be sent', ['connection', 'queue'], async (set) => {
    for (const [connection, flow] of await flowByConnection(hub.pool)) {
      set({ connection, queue: 'inbox' }, flow.hintsOpen)
      set({ connection, queue: 'outbox' }, flow.writesOpen)
    }
  })
  figure('jackfield_sync_rate', 'Rows a second of running syncs', ['connection', 'entity', 'kind'], async (set) => {
    for (const { connectionId, entity, kind, rate } of await openRuns(hub)) {
      if (rate !== null) set({ connection: connectionId, entity, kind }, rate)
    }
  })

  function figure(name: string, help: string, labelNames: string[], read: Read): void {
    const shape = { name, help, labelNames, registers }
    const collectCounts = async function (this: Counter) {
      this.reset()
      await readInTime(read, (labels, value) => this.inc(labels, value))
    }
    const collectValues = async function (this: Gauge) {
      this.reset()
      await readInTime(read, (labels, value) => this.set(labels, value))
    }
    if (name.endsWith('_total')) new Counter({ ...shape, collect: collectCounts })
    else new Gauge({ ...shape, collect: collectValues })
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeLookup: (seconds) => lookups.observe(seconds),
    stop: () => registry.clear(),
  }
}

function byDoor({ doorCounts }: Hub): Iterable<{ door: string; outcome: string; count: number }> {
  const sums = new Map<string, { door: string; outcome: string; count: number }>()
  for (const { door, outcome, count } of doorCounts.totals()) {
    const name = `${door} ${outcome}`
    sums.set(name, { door, outcome, count: count + (sums.get(name)?.count ?? 0) })
  }
  return sums.values()
}

type Set = (labels: Record<string, string>, value: number) => void
type Read = (set: Set) => void | Promise<void>

/** A database that is away must not take the figures of the process with it, nor keep them back. */
async function readInTime(read: Read, set: Set): Promise<void> {
  const reading = Promise.resolve(read(set)).catch(() => undefined)
  await Promise.race([reading, wait(readWithinMs, undefined, { ref: false })])
}
