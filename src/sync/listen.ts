import { setTimeout as wait } from 'node:timers/promises'
import type { Heard } from '#connectors/listener.ts'
import type { CrmEvent } from '#connectors/push.ts'
import { isHubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import { isDatabaseUnavailable } from '#database/pool.ts'
import { type Lease, underLease, withLease } from '#jobs/lease.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import type { SyncContext } from './context.ts'
import { type Hint, insertHints } from './inbox.ts'
import { findListener, noteHeard, noteListening, noteSilence } from './listener-store.ts'
import { createRest, type Rest } from './rest.ts'
import { requestRun } from './run.ts'

const lookEveryMs = 2_000
/** A person may have allowed it meanwhile. */
const offeredAgainMs = 3_600_000
/** A line that held so long was well; one that breaks as soon as it is agreed upon is not. */
const steadyMs = 60_000

/** Holds the lines open over which CRMs tell of changes: one a connection, in whichever process has its lease. */
export function createListeners(context: SyncContext, onKept: () => void): { start(): void; stop(): Promise<void> } {
  const stopped = new AbortController()
  const active = new Map<string, Promise<unknown>>()
  const rest = createRest(context.clock)
  let loop: Promise<void> | undefined

  const look = async () => {
    const resting = new Set(rest.resting())
    for (const { id, crm } of await activeConnections(context.pool)) {
      if (active.has(id) || resting.has(id) || !context.connectorOf(crm).listen) continue
      const done = withLease(context.pool, `listen:${id}`, context.worker, (lease) => {
        const signal = AbortSignal.any([lease.signal, stopped.signal])
        return holdLine(context, id, { ...lease, signal }, { rest, onKept })
      })
        .catch((error: unknown) => context.log.warn('the listener', { connection: id, error }))
        .finally(() => active.delete(id))
      active.set(id, done)
    }
  }

  const run = async () => {
    while (!stopped.signal.aborted) {
      await look().catch((error: unknown) => context.log.warn('the listeners', { error }))
      await wait(lookEveryMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined)
    }
  }

  return {
    start() {
      loop ??= run()
    },
    async stop() {
      stopped.abort()
      await loop
      await Promise.all(active.values())
    },
  }
}

async function activeConnections(db: Queryable): Promise<{ id: string; crm: string }[]> {
  const { rows } = await db.query<{ id: string; crm: string }>({
    name: 'connections-active',
    text: `select id, crm from jackfield.connection where state = 'active'`,
  })
  return rows
}

/** Until the line ends. A fault is noted where people see it, and the line rests. */
async function holdLine(
  context: SyncContext,
  connectionId: string,
  lease: Lease,
  { rest, onKept }: { rest: Rest; onKept: () => void },
): Promise<void> {
  const { pool, clock, log } = context
  let agreedAt = Number.POSITIVE_INFINITY
  try {
    const tables = await copiedTables(pool, connectionId)
    if (tables.length === 0) return rest.failed(connectionId)
    const kept = await findListener(pool, connectionId)
    const listen = context.connectorOf(tables[0]!.crm).listen!
    await listen(await context.session(connectionId), {
      tables: tables.map((table) => table.source.name),
      replay: kept?.replay ?? null,
      signal: lease.signal,
      async onListening() {
        agreedAt = Math.min(agreedAt, clock.monotonic())
        await noteListening(pool, connectionId)
        const since = await findListener(pool, connectionId)
        if (since?.replay == null) await readOnce(pool, connectionId)
      },
      async onHeard(heard) {
        for (const { table, reason } of heard.missed)
          log.warn('changes went by unnamed', { connectionId, table, reason })
        await underLease(pool, lease, (tx) => keepHeard(tx, connectionId, heard))
        onKept()
      },
    })
  } catch (error) {
    if (isDatabaseUnavailable(error) || isHubError(error, 'job.lease_lost') || lease.signal.aborted) throw error
    if (!isHubError(error)) throw error
    const isRefused = error.code === 'push.not_offered'
    if (clock.monotonic() - agreedAt > steadyMs) rest.worked(connectionId)
    rest.failed(connectionId, isRefused ? clock.now() + offeredAgainMs : error.detail.retryAt)
    await noteSilence(pool, connectionId, error)
    await context.noteFault(connectionId, error)
  }
}

async function copiedTables(db: Queryable, connectionId: string): Promise<SyncedTable[]> {
  return (await listTables(db, connectionId)).filter((table) => table.enabled)
}

/** The hints, the passes they cannot stand for, and the place after them: one transaction. */
async function keepHeard(tx: Transaction, connectionId: string, heard: Heard): Promise<void> {
  const tables = new Map((await copiedTables(tx, connectionId)).map((table) => [table.source.name, table]))
  await insertHints(
    tx,
    heard.events.flatMap((event) => hintOf(connectionId, tables.get(event.table), event) ?? []),
  )
  for (const name of new Set(heard.missed.map(({ table }) => table))) {
    const table = tables.get(name)
    const { reason } = heard.missed.find((one) => one.table === name)!
    if (table) await requestRun(tx, { tableId: table.id, kind: 'full', cause: reason })
  }
  await noteHeard(tx, connectionId, heard.replay)
}

function hintOf(connectionId: string, table: SyncedTable | undefined, event: CrmEvent): Hint | null {
  if (!table) return null
  const { eventKey, sourceId, operation } = event
  return { eventKey: `${connectionId}/${eventKey}`, connectionId, entity: table.entity, sourceId, operation }
}

/** What changed before anybody listened is told by nobody. */
async function readOnce(db: Queryable, connectionId: string): Promise<void> {
  await db.query('update jackfield.synced_table set next_pass_at = now() where connection_id = $1', [connectionId])
}
