import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { connectionsQuery } from '../../api/connections.ts'
import type { Run } from '../../api/runs.ts'
import { RunStateBadge } from '../../parts/badge.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { useNames } from '../../parts/names.ts'
import { useNow } from '../../parts/now.ts'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './runs.module.css'

/** Names of connections, said only where there is more than one. */
export function useConnectionName(): (id: string) => string | null {
  const { data } = useQuery(connectionsQuery)
  return (id) => (data && data.length > 1 ? (data.find((each) => each.id === id)?.name ?? null) : null)
}

export function RunsTable({ runs, label, foot }: { runs: readonly Run[]; label: string; foot?: ReactNode }) {
  const { t, f } = useText()
  const names = useNames()
  const nameOf = useConnectionName()
  const columns: Column<Run>[] = [
    {
      key: 'table',
      head: t.runs.table,
      cell: (run) => (
        <>
          {names.many(run.entity)}
          {nameOf(run.connectionId) ? <span className={styles.faint}> · {nameOf(run.connectionId)}</span> : null}
        </>
      ),
    },
    { key: 'kind', head: t.runs.kind, rank: 2, width: '132px', cell: (run) => t.runKindShort[run.kind] },
    { key: 'state', head: t.runs.state, width: '120px', cell: (run) => <RunStateBadge state={run.state} /> },
    {
      key: 'started',
      head: t.runs.started,
      rank: 2,
      width: '132px',
      cell: (run) => <RelativeTime at={run.startedAt ?? run.createdAt} />,
    },
    { key: 'took', head: t.runs.took, rank: 3, figure: true, width: '164px', cell: (run) => <Took run={run} /> },
    { key: 'read', head: t.runs.read, rank: 2, figure: true, width: '100px', cell: (run) => f.count(readOf(run)) },
    {
      key: 'written',
      head: t.runs.written,
      rank: 3,
      figure: true,
      width: '100px',
      cell: (run) => f.count(run.written),
    },
    {
      key: 'parked',
      head: t.runs.parked,
      rank: 4,
      figure: true,
      width: '92px',
      cell: (run) => (run.parked > 0 ? f.count(run.parked) : '–'),
    },
    {
      key: 'rate',
      head: t.runs.rate,
      rank: 4,
      figure: true,
      width: '92px',
      cell: (run) => (run.rate === null ? '–' : t.unit.perSecond(f.count(Math.round(run.rate)))),
    },
  ]
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={runs}
      rowKey={(run) => run.id}
      href={(run) => `/runs/${run.id}`}
      tone={(run) => (run.state === 'failed' ? 'bad' : run.state === 'cancelled' ? 'faint' : undefined)}
      under={(run) => (
        <>
          {t.runKind[run.kind]} · {t.unit.records(readOf(run))} · <RelativeTime at={run.startedAt ?? run.createdAt} />
        </>
      )}
      foot={foot}
    />
  )
}

export function Took({ run }: { run: Run }) {
  const { t, f } = useText()
  const now = useNow(1000)
  if (!run.startedAt) return '–'
  const ms = (run.finishedAt ? Date.parse(run.finishedAt) : now) - Date.parse(run.startedAt)
  return ms < 1000 ? t.time.underSecond : f.duration(ms)
}

/** An audit reads no pages of rows: what it counts is the rows that the CRM listed. */
function readOf(run: Run): number {
  const crm = run.kind === 'audit' ? run.result?.crm : undefined
  return typeof crm === 'number' ? crm : run.records
}
