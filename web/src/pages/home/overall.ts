import { type AttentionCounts, attentionTotal } from '../../api/attention.ts'
import type { Run } from '../../api/runs.ts'
import type { ConnectionStatus, Status, TableStatus } from '../../api/status.ts'
import type { Health } from '../../parts/health.tsx'

/** The answer to: is all well? */
export type Verdict = 'empty' | 'well' | 'copying' | 'caution' | 'trouble' | 'paused'

export interface Overall {
  verdict: Verdict
  health: Health
  /** Things that need a person before the hub can go on as it should. */
  pressing: number
  /** Everything that waits for a person. */
  waiting: number
  records: number
  parked: number
  writesOpen: number
  /** Of the tables that were compared: rows of the CRM, of them held in the same version, and the oldest comparison. */
  compared: { crm: number; held: number; at: string; deletesVerifiedAt: string | null } | null
  /** Initial syncs under way, added up. */
  copying: { records: number; expected: number | null; secondsLeft: number | null } | null
}

const healthOf: Record<Verdict, Health> = {
  empty: 'none',
  well: 'ok',
  copying: 'busy',
  caution: 'warn',
  trouble: 'bad',
  paused: 'idle',
}

export function overall(status: Status): Overall {
  const tables = status.connections.flatMap((connection) => connection.tables).filter((table) => table.enabled)
  const pressing = pressingCount(status.attention)
  const copying = copyingOf(tables)
  const verdict = verdictOf(status, pressing, copying !== null)
  return {
    verdict,
    health: healthOf[verdict],
    pressing,
    waiting: attentionTotal(status.attention) + (status.feedHeldBack ? 1 : 0),
    records: tables.reduce((sum, table) => sum + table.counts.records, 0),
    parked: status.attention.parked,
    writesOpen: status.connections.reduce((sum, connection) => sum + connection.writesOpen, 0),
    compared: comparedOf(tables),
    copying,
  }
}

/** Parked records wait too, but the rest goes on without them: they press nobody. */
function pressingCount(counts: AttentionCounts): number {
  return counts.connection + counts.configuration + counts.run + counts.sweep + counts.unknown_write
}

function verdictOf(status: Status, pressing: number, copying: boolean): Verdict {
  if (status.connections.length === 0) return 'empty'
  if (pressing > 0 || status.connections.some((connection) => connection.state === 'needs_attention')) return 'trouble'
  if (status.connections.every((connection) => connection.state === 'paused')) return 'paused'
  if (copying) return 'copying'
  const waits = status.attention.failed_write > 0 || status.attention.parked > 0 || status.feedHeldBack !== null
  if (waits || tablesWithProblem(status.connections)) return 'caution'
  return 'well'
}

function tablesWithProblem(connections: ConnectionStatus[]): boolean {
  return connections.some((connection) => connection.tables.some((table) => table.enabled && table.problem))
}

function copyingOf(tables: TableStatus[]): Overall['copying'] {
  const runs = tables
    .map((table) => table.run)
    .filter((run): run is Run => run?.kind === 'initial' && (run.state === 'running' || run.state === 'waiting'))
  if (runs.length === 0) return null
  const known = runs.every((run) => run.expected !== null)
  const left = runs.map((run) => run.secondsLeft).filter((seconds) => seconds !== null)
  return {
    records: runs.reduce((sum, run) => sum + run.records, 0),
    expected: known ? runs.reduce((sum, run) => sum + Math.max(run.expected ?? 0, run.records), 0) : null,
    secondsLeft: left.length > 0 ? Math.max(...left) : null,
  }
}

function comparedOf(tables: TableStatus[]): Overall['compared'] {
  const all = tables.map((table) => table.completeness).filter((one) => one !== null)
  if (all.length === 0) return null
  const deletes = all.map((one) => one.deletesVerifiedAt)
  return {
    crm: all.reduce((sum, one) => sum + one.crm, 0),
    held: all.reduce((sum, one) => sum + one.held, 0),
    at: earliest(all.map((one) => one.at)),
    deletesVerifiedAt: deletes.includes(null) ? null : earliest(deletes.filter((at) => at !== null)),
  }
}

/** ISO times in UTC sort as text. */
function earliest(times: string[]): string {
  return [...times].sort()[0] ?? ''
}
