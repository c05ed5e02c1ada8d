import { findConnection } from '#connections/store.ts'
import type { CrmSession } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import type { Lease } from '#jobs/lease.ts'
import { loadTable } from '#records/table.ts'
import { type Bell, createBell } from './bell.ts'
import { type Channel, createChannel } from './channel.ts'
import { type Delivered, deliver } from './deliver.ts'
import { createMuster } from './muster.ts'
import { pauseMs } from './pause.ts'
import { type Running, report } from './running.ts'
import { waitAs } from './step.ts'
import { dueWrites, untilNextDue } from './store.ts'
import type { OutboxRow } from './write.ts'

/** What one holder of a connection's lease knows; a new holder begins anew. */
interface Lane {
  connectionId: string
  lease: Lease
  /** Record id → its delivery under way. */
  busy: Map<string, Promise<void>>
  gate: Gate
  bell: Bell
  channel: Channel
}

/** While the whole connection is in trouble one write at a time tries, at growing pauses, and the others wait unharmed. */
interface Gate {
  failures: number
  /** By the monotonic clock. */
  closedUntil: number
}

// A lease without work is given back, so that an idle hub renews nothing.
const lingerMs = 2_000
const longestSleepMs = 2_000
// After a fault of ours a record is left alone for so long.
const faultPauseMs = 2_000

/** Delivers a connection's writes while the lease is held and there are any. */
export async function deliverConnection(running: Running, connectionId: string, lease: Lease): Promise<void> {
  const { clock, stopping, bells } = running
  const lane = await openLane(running, connectionId, lease)
  bells.add(lane.bell)
  let idleSince = clock.monotonic()
  try {
    while (!stopping.aborted && !lease.signal.aborted) {
      const begun = await beginDue(running, lane)
      if (begun > 0 || lane.busy.size > 0) idleSince = clock.monotonic()
      const ms = await untilNextLook(running, lane)
      if (ms === null && clock.monotonic() - idleSince > lingerMs) return
      await lane.bell.sleep(ms ?? running.timing.pollMs)
    }
  } finally {
    bells.delete(lane.bell)
    await Promise.all(lane.busy.values())
  }
}

async function openLane(running: Running, connectionId: string, lease: Lease): Promise<Lane> {
  const { pool, clock, timing } = running
  const busy: Lane['busy'] = new Map()
  const connector = running.connectorOf((await findConnection(pool, connectionId)).crm)
  const muster = createMuster({ underWay: () => busy.size, waitMs: timing.gatherMs })
  const channel = createChannel({ connector, muster, lease, clock, parallel: timing.parallel })
  return { connectionId, lease, busy, gate: { failures: 0, closedUntil: 0 }, bell: createBell(), channel }
}

/** Null: nothing is open. */
async function untilNextLook({ pool, timing, clock }: Running, lane: Lane): Promise<number | null> {
  const shutMs = lane.gate.closedUntil - clock.monotonic()
  if (shutMs > 0) return Math.min(shutMs, longestSleepMs)
  // Each that ends rings, so that the next of its record follows at once.
  if (lane.busy.size > 0) return timing.pollMs
  const due = await untilNextDue(pool, lane.connectionId)
  return due === null ? null : Math.min(timing.pollMs, Math.max(20, due))
}

/** Begins what is due, as far as there is room; answers how many. */
async function beginDue(running: Running, lane: Lane): Promise<number> {
  const { gate, busy, connectionId } = lane
  if (gate.closedUntil > running.clock.monotonic()) return 0
  const room = (gate.failures > 0 ? 1 : lane.channel.atOnce) - busy.size
  if (room <= 0) return 0
  const rows = await dueWrites(running.pool, connectionId, { busyRecords: [...busy.keys()], limit: room })
  for (const row of rows) {
    const work = deliverOne(running, lane, row).finally(() => {
      busy.delete(row.recordId)
      lane.bell.ring()
    })
    busy.set(row.recordId, work)
  }
  return rows.length
}

async function deliverOne(running: Running, lane: Lane, row: OutboxRow): Promise<void> {
  try {
    noteOutcome(running, lane.gate, await attempt(running, lane, row))
  } catch (error) {
    report(running.log, error)
    await running.clock
      .sleep(faultPauseMs, AbortSignal.any([running.stopping, lane.lease.signal]))
      .catch(() => undefined)
  }
}

async function attempt(running: Running, { lease, channel }: Lane, row: OutboxRow): Promise<Delivered> {
  const { pool, acts, clock, log, random, timing } = running
  const { longestTransactionMs, firstPauseMs } = timing
  let session: CrmSession
  try {
    session = await running.session(row.connectionId)
  } catch (error) {
    if (!(error instanceof HubError) || error.code === 'database.unavailable') throw error
    // Without a session the write waits, and says why.
    const to = row.state as 'kept' | 'sending' | 'sent'
    const next = await waitAs({ pool, lease, acts, clock, random, firstPauseMs }, row, {
      to,
      error,
      answerLost: row.answerLost || to === 'sending',
    })
    return next && 'wait' in next ? next.wait : null
  }
  const table = await loadTable(pool, row.tableId)
  const { personId, connectionId } = row
  const writer = personId === null ? async () => session : () => running.sessionAs(connectionId, personId)
  const of = { connector: running.connectorOf(table.crm), session, writer, table, target: running.targetOf(table) }
  return deliver({ pool, lease, acts, channel, clock, log, random, longestTransactionMs, firstPauseMs, ...of }, row)
}

function noteOutcome({ clock, random, timing }: Running, gate: Gate, delivered: Delivered): void {
  if (!delivered?.concernsAll) {
    gate.failures = 0
    return
  }
  // Those that were under way together fail together: that is one failure.
  if (gate.closedUntil > clock.monotonic()) return
  gate.failures += 1
  const ms = Math.max(delivered.askedMs, pauseMs(timing.firstPauseMs, gate.failures, random()))
  gate.closedUntil = clock.monotonic() + ms
}
