import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { connectionQuery } from '../../api/connections.ts'
import { latestRunsQuery } from '../../api/runs.ts'
import { type TableDetail, tableQuery } from '../../api/tables.ts'
import { ErrorNotice, ProblemNotice } from '../../parts/error-notice.tsx'
import { Figure } from '../../parts/figure.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { Changeable } from '../../parts/may.tsx'
import { useNames } from '../../parts/names.ts'
import { PageHeader, Section } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { Ahead, Moment, RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import { RunsTable } from '../runs/runs-table.tsx'
import { TableEditor } from '../table-editor/table-editor.tsx'
import styles from './table.module.css'

/** One table: how complete it is, what is copied of it and what becomes of that, and its latest runs. */
export function TablePage() {
  const { t } = useText()
  const { id = '', entity = '' } = useParams()
  const names = useNames()
  const table = useQuery(tableQuery(id, entity))
  const connection = useQuery(connectionQuery(id))
  const runs = useQuery(latestRunsQuery)
  const crumbs = [
    { to: '/connections', text: t.connections.title },
    { to: `/connections/${id}`, text: connection.data?.name ?? '…' },
  ]
  const mine = runs.data?.filter((run) => run.connectionId === id && run.entity === entity).slice(0, 8) ?? []
  return (
    <>
      <PageHeader
        title={names.many(entity)}
        tab={names.many(entity)}
        crumbs={crumbs}
        health={table.data ? <Health table={table.data} /> : table.isError ? null : <Bar width={300} />}
      />
      {table.isError ? <ErrorNotice error={table.error} onRetry={() => void table.refetch()} /> : null}
      {table.isPending ? <SkeletonBlock height={320} /> : null}
      {table.data ? (
        <>
          {table.data.problem ? <ProblemNotice problem={table.data.problem} subject={names.many(entity)} /> : null}
          <Compared table={table.data} />
          <Changeable needs="edit:integrations">
            <TableEditor key={`${id} ${entity}`} table={table.data} />
          </Changeable>
          {mine.length > 0 ? (
            <Section title={t.table.runsOf} bare>
              <RunsTable runs={mine} label={t.table.runsOf} />
            </Section>
          ) : null}
        </>
      ) : null}
    </>
  )
}

function Health({ table }: { table: TableDetail }) {
  const { t } = useText()
  const { counts } = table
  const to = `/records?entity=${table.entity}&connection=${table.connectionId}`
  return (
    <HealthLine health={table.problem ? 'bad' : table.enabled ? 'ok' : 'idle'}>
      <Facts>
        <Link to={to}>{t.unit.records(counts.records)}</Link>
        <RelativeTime at={table.lastPassAt} say={t.time.read} />
        {table.enabled && table.nextPassAt ? <Ahead at={table.nextPassAt} say={t.time.nextRead} /> : null}
        {counts.parked > 0 ? (
          <Link to={`/attention?kind=parked&connection=${table.connectionId}`}>{t.unit.parked(counts.parked)}</Link>
        ) : null}
        {counts.deleted > 0 ? <Link to={`${to}&deleted=1`}>{t.unit.deleted(counts.deleted)}</Link> : null}
        {counts.outOfScope > 0 ? <Link to={`${to}&outOfScope=1`}>{t.unit.outOfScope(counts.outOfScope)}</Link> : null}
      </Facts>
    </HealthLine>
  )
}

function Compared({ table }: { table: TableDetail }) {
  const { t, f } = useText()
  const one = table.completeness
  return (
    <Section title={t.table.completeness} text={one ? <Moment at={one.at} /> : undefined}>
      {one ? (
        <dl className={styles.figures}>
          {(
            [
              [t.runs.crmHas, one.crm],
              [t.runs.same, one.held],
              [t.runs.differences, one.differences],
              [t.runs.healed, one.healed],
              [t.runs.parked, one.parked],
            ] as const
          ).map(([name, value], index) => (
            <Figure key={name} name={name} value={f.count(value)} off={index === 2 && one.differences > one.healed} />
          ))}
          <Figure
            name={t.runs.deletesVerified}
            value={one.deletesVerifiedAt ? <Moment at={one.deletesVerifiedAt} /> : t.time.never}
          />
        </dl>
      ) : (
        <p className={styles.never}>{t.table.never}</p>
      )}
    </Section>
  )
}
