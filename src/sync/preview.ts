import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Connections } from '#connections/connections.ts'
import {
  needVersion,
  planChange,
  settingsVersion,
  type TableChange,
  type TablePlan,
} from '#connections/table-settings.ts'
import { findTable } from '#connections/table-store.ts'
import type { Connector } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { Pool } from '#database/pool.ts'
import type { SyncedTable } from '#records/table.ts'
import { compareDerived, type DerivedDifference } from './preview-derived.ts'
import { type Judge, judgeOf, missingColumns } from './preview-scope.ts'

/** What a change of a table's settings would do; nothing of it is stored. */
export interface TablePreview {
  /** Of the settings that it was compared with. */
  version: string
  /** Records held, and how many of them were looked at; fewer where there are too many for a moment. */
  held: number
  looked: number
  scope: ScopeDifference | null
  columns: { added: string[]; removed: string[] }
  derived: DerivedDifference
  reread: boolean
  rederive: boolean
}

interface NamedRecord {
  id: string
  name: string | null
}

/** Which rows are copied, of those looked at. */
export interface ScopeDifference {
  stay: number
  enter: number
  leave: number
  /** Rows that cannot be judged before these columns are read. */
  unknown: number
  missing: string[]
  entering: NamedRecord[]
  leaving: NamedRecord[]
  /** About how many rows the CRM has in the filter, before and after; null where it cannot say. */
  crm: { before: number | null; after: number | null; error: HubError | null } | null
}

interface PreviewParts {
  pool: Pool
  clock: Clock
  connections: Connections
  connectorOf(crm: string): Connector
}

export interface PreviewRequest {
  connectionId: string
  entity: string
  change: TableChange
  /** Asks the CRM how many rows it has in the filter; else only what is held is looked at. */
  askCrm: boolean
}

// A person waits for it, and the process has other work: bounded in rows and in time.
const mostRows = 20_000
const longestMs = 2_000
const batchSize = 250
const crmMs = 8_000
const namesShown = 5

/** Throws what saving the change would throw: field.unknown, mapping.invalid, filter.invalid, settings.changed. */
export async function previewChange(parts: PreviewParts, request: PreviewRequest): Promise<TablePreview> {
  const table = await findTable(parts.pool, request.connectionId, request.entity)
  needVersion(table, request.change.version)
  const plan = planChange(table, request.change)
  const after: SyncedTable = { ...table, ...plan }
  const refiltered = !isDeepStrictEqual(plan.filter, table.filter)
  const asked = refiltered && request.askCrm ? askCrm(parts, table, plan) : null
  const derived = compareDerived(table, after)
  const scope = startScope(table, plan, parts.clock.now())
  const looked = await lookAtRows(parts, table, (row) => {
    const verdict = scope.add(row)
    // What cannot be judged stays as it is until the CRM was read.
    const inAfter = verdict === 'unknown' ? !row.outOfScope : verdict === 'in'
    derived.add({ ...row, inBefore: !row.outOfScope, inAfter })
  })
  const crm = await asked
  return {
    version: settingsVersion(table),
    ...looked,
    scope: refiltered ? { ...scope.total, crm } : null,
    columns: {
      added: plan.columns.filter((name) => !table.columns.includes(name)),
      removed: table.columns.filter((name) => !plan.columns.includes(name)),
    },
    derived: derived.total,
    reread: plan.reread,
    rederive: plan.rederive,
  }
}

interface Row {
  id: string
  name: string | null
  source: string
  outOfScope: boolean
}

type Parsed = Row & { values: Record<string, unknown> }

function startScope(table: SyncedTable, plan: TablePlan, now: number) {
  const held = new Set(table.columns)
  const judge: Judge = judgeOf(plan.filter, held, now)
  const total: Omit<ScopeDifference, 'crm'> = {
    ...{ stay: 0, enter: 0, leave: 0, unknown: 0 },
    missing: missingColumns(plan.filter, held),
    entering: [],
    leaving: [],
  }
  function add(row: Parsed) {
    const verdict = judge(row.values)
    const { id, name } = row
    if (verdict === 'unknown') total.unknown += 1
    else if (row.outOfScope && verdict === 'in') {
      total.enter += 1
      if (total.entering.length < namesShown) total.entering.push({ id, name })
    } else if (!row.outOfScope && verdict === 'out') {
      total.leave += 1
      if (total.leaving.length < namesShown) total.leaving.push({ id, name })
    } else if (!row.outOfScope) total.stay += 1
    return verdict
  }
  return { add, total }
}

const ROWS = `select id, name, source, out_of_scope_at is not null as "outOfScope" from jackfield.record
  where table_id = $1 and id > $2 and deleted_at is null and source is not null order by id limit ${batchSize}`

/** Ids are hashes, so that the first rows are any rows and stand for all. */
async function lookAtRows(
  { pool, clock }: PreviewParts,
  table: SyncedTable,
  take: (row: Parsed) => void,
): Promise<{ held: number; looked: number }> {
  const began = clock.monotonic()
  let looked = 0
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await pool.query<Row>({ name: 'preview-rows', text: ROWS, values: [table.id, after] })
    for (const row of rows) take({ ...row, values: JSON.parse(row.source) as Record<string, unknown> })
    looked += rows.length
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return { held: looked, looked }
    if (looked >= mostRows || clock.monotonic() - began > longestMs) {
      return { held: await countHeld(pool, table.id), looked }
    }
    after = last.id
    await nextTurn()
  }
}

async function countHeld(pool: Pool, tableId: number): Promise<number> {
  const { rows } = await pool.query<{ held: number }>({
    name: 'preview-held',
    text: `select count(*)::int as held from jackfield.record
      where table_id = $1 and deleted_at is null and source is not null`,
    values: [tableId],
  })
  return rows[0]!.held
}

/** The CRM may be away, or slow: then it is not known, and that is said. */
async function askCrm(parts: PreviewParts, table: SyncedTable, plan: TablePlan): Promise<ScopeDifference['crm']> {
  const connector = parts.connectorOf(table.crm)
  if (connector.manifest.abilities.filter !== true) return null
  const scope = { table: table.source, at: parts.clock.now() }
  const stop = new AbortController()
  const late = parts.clock.sleep(crmMs, stop.signal).then(() => {
    throw new HubError('crm.timeout', 'The CRM did not say in time how many rows it has')
  })
  try {
    const ask = async () => {
      const session = await parts.connections.session(table.connectionId)
      const before = await connector.estimate(session, { ...scope, columns: table.columns, filter: table.filter })
      const after = await connector.estimate(session, { ...scope, columns: plan.columns, filter: plan.filter })
      return { before, after, error: null }
    }
    return await Promise.race([ask(), late])
  } catch (error) {
    if (!isHubError(error)) throw error
    return { before: null, after: null, error }
  } finally {
    stop.abort()
    late.catch(() => undefined)
  }
}
