import type { Queryable } from '#database/pool.ts'
import { feedHeldBack } from '#records/feed-horizon.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { listRuns } from '#sync/run-list.ts'
import { attentionCounts } from './attention.ts'
import { changesLately, noneLately } from './changes-lately.ts'
import type { Run } from './contract/runs.ts'
import type { ConnectionStatus, DoorCount, Status, TableStatus } from './contract/status.ts'
import type { Hub } from './hub.ts'
import { shownRuns } from './routes/runs.ts'
import * as shown from './shown.ts'

const mostOpenRuns = 500
const tellHeldBackAfterSeconds = 60

/** How everything stands, in one answer. `exact`: the records are counted now, not a moment ago. */
export async function overview(hub: Hub, exact: boolean): Promise<Status> {
  const [connections, tables, counts, runs, flow, lately, doors, attention, held] = await Promise.all([
    hub.connections.list(),
    listTables(hub.pool),
    exact ? hub.counts.fresh() : hub.counts.recent(),
    openRuns(hub),
    flowByConnection(hub.pool),
    changesLately(hub.pool),
    doorCountsToday(hub.pool),
    attentionCounts(hub.pool),
    feedHeldBack(hub.pool, tellHeldBackAfterSeconds),
  ])
  const tableStatus = (table: SyncedTable): TableStatus => {
    const {
      entity,
      enabled,
      counts: held,
      completeness,
      firstPassAt,
      lastPassAt,
      nextPassAt,
      problem,
      gone,
    } = shown.table(table, counts.get(table.id))
    const run = runs.find((open) => open.connectionId === table.connectionId && open.entity === table.entity) ?? null
    return { entity, enabled, counts: held, completeness, firstPassAt, lastPassAt, nextPassAt, problem, gone, run }
  }
  return {
    asOf: new Date(hub.clock.now()).toISOString(),
    version: hub.version,
    startedAt: hub.startedAt.toISOString(),
    role: hub.role,
    connections: connections.map((stored): ConnectionStatus => {
      const { id, name, crm, url, state, problem } = shown.connection(stored)
      const mine = tables.filter((table) => table.connectionId === id)
      const { hintsOpen = 0, writesOpen = 0, changes = 0 } = flow.get(id) ?? {}
      return {
        id,
        name,
        crm,
        url,
        state,
        problem,
        hintsOpen,
        writesOpen,
        changesPerMinute: changes,
        changesLately: lately.get(id) ?? noneLately(),
        tables: mine.map(tableStatus),
      }
    }),
    attention,
    doors,
    feedHeldBack: held && { since: held.since.toISOString(), by: held.by },
  }
}

/** Waiting, running or paused; a running one comes before one that waits. */
export async function openRuns(hub: Pick<Hub, 'pool' | 'finder'>): Promise<Run[]> {
  const lists = await Promise.all(
    (['running', 'paused', 'waiting'] as const).map((state) => listRuns(hub.pool, { state, limit: mostOpenRuns })),
  )
  return shownRuns(hub, lists.flat())
}

interface Flow {
  hintsOpen: number
  writesOpen: number
  changes: number
}

const FLOW = {
  name: 'status-flow',
  text: `select c.id,
      (select count(*) from jackfield.hint h where h.connection_id = c.id)::int as "hintsOpen",
      (select count(*) from jackfield.outbox o
        where o.connection_id = c.id and o.state in ('kept', 'sending', 'sent'))::int as "writesOpen",
      (select count(*) from jackfield.change f join jackfield.synced_table t on t.id = f.table_id
        where t.connection_id = c.id and f.at > now() - interval '1 minute')::int as changes
    from jackfield.connection c where c.state <> 'removed'`,
}

/** What waits and what moved lately, by connection. */
export async function flowByConnection(db: Queryable): Promise<Map<string, Flow>> {
  const { rows } = await db.query<{ id: string } & Flow>(FLOW)
  return new Map(rows.map(({ id, ...flow }) => [id, flow]))
}

async function doorCountsToday(db: Queryable): Promise<DoorCount[]> {
  const { rows } = await db.query<DoorCount>({
    name: 'door-counts-today',
    text: `select door, outcome, connection_id as "connectionId", count::int from jackfield.door_count
      where day = current_date order by door, outcome, connection_id`,
  })
  return rows
}
