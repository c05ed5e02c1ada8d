import { Link } from 'react-router'
import type { ConnectionStatus, TableStatus } from '../../api/status.ts'
import { type Health, HealthDot } from '../../parts/health.tsx'
import link from '../../parts/link.module.css'
import { Meter } from '../../parts/meter.tsx'
import { useNames } from '../../parts/names.ts'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './table-line.module.css'

/** One table in the hub: how many, how complete, how fresh, what is wrong. Every figure opens what it counts. */
export function TableLine({ table, connection }: { table: TableStatus; connection: ConnectionStatus }) {
  const { t } = useText()
  const names = useNames()
  const run = table.run
  const copying = run !== null && run.kind === 'initial' && (run.state === 'running' || run.state === 'waiting')
  const expected = copying && run.expected !== null ? Math.max(run.expected, run.records) : null
  return (
    <div className={styles.line}>
      <span className={styles.name}>
        <HealthDot health={healthOf(table)} />
        <Link to={`/connections/${connection.id}/tables/${table.entity}`} className={link.quiet}>
          {names.many(table.entity)}
        </Link>
      </span>
      {copying ? (
        <Copied table={table} expected={expected} runId={run.id} />
      ) : (
        <Held table={table} connection={connection} />
      )}
      {copying ? (
        <span className={styles.meter}>
          <Meter label={names.many(table.entity)} share={expected ? run.records / expected : null} slim />
        </span>
      ) : null}
      <span className={styles.facts}>
        {table.problem ? <Problem table={table} connection={connection} /> : <Freshness table={table} />}
        {table.counts.parked > 0 ? (
          <Link to={`/attention?kind=parked&connection=${connection.id}`} className={link.quiet}>
            {t.unit.parked(table.counts.parked)}
          </Link>
        ) : null}
      </span>
    </div>
  )
}

function Copied({ table, expected, runId }: { table: TableStatus; expected: number | null; runId: string }) {
  const { t, f } = useText()
  const run = table.run
  if (!run) return null
  return (
    <span className={styles.figure}>
      <Link to={`/runs/${runId}`} className={link.quiet}>
        {expected === null ? f.count(run.records) : t.unit.ofAll(run.records, expected)}
      </Link>
    </span>
  )
}

function Held({ table, connection }: { table: TableStatus; connection: ConnectionStatus }) {
  const { t, f } = useText()
  const { completeness } = table
  const different = completeness ? completeness.differences - completeness.healed : 0
  return (
    <span className={styles.figure}>
      <Link to={`/records?entity=${table.entity}&connection=${connection.id}`} className={link.quiet}>
        {f.count(table.counts.records)}
      </Link>
      {completeness ? (
        <Link
          to={`/connections/${connection.id}/tables/${table.entity}`}
          className={`${link.quiet} ${styles.share}`}
          data-short={different > 0 || completeness.held < completeness.crm}
          title={`${t.unit.ofAll(completeness.held, completeness.crm)} · ${t.home.verified(f.moment(completeness.at))}`}
        >
          {different > 0 ? t.home.different(different) : f.percent(completeness.held, completeness.crm)}
        </Link>
      ) : null}
    </span>
  )
}

function Problem({ table, connection }: { table: TableStatus; connection: ConnectionStatus }) {
  const { t } = useText()
  return (
    <Link to={`/connections/${connection.id}/tables/${table.entity}`} className={`${link.quiet} ${styles.bad}`}>
      {t.state.needs_attention}
    </Link>
  )
}

function Freshness({ table }: { table: TableStatus }) {
  const { t, f } = useText()
  const run = table.run
  if (run?.state === 'running' && run.rate !== null && run.kind !== 'incremental') {
    return <span>{t.unit.perSecond(f.count(Math.round(run.rate)))}</span>
  }
  if (run?.state === 'paused') return <span>{t.runState.paused}</span>
  if (!table.lastPassAt) return <span>{run?.state === 'running' ? t.home.reading : t.home.notRead}</span>
  return <RelativeTime at={table.lastPassAt} say={t.time.read} />
}

function healthOf(table: TableStatus): Health {
  if (table.problem || table.run?.state === 'failed') return 'bad'
  if (table.run?.state === 'paused') return 'idle'
  if (table.run?.state === 'running' && table.run.kind !== 'incremental') return 'busy'
  return table.firstPassAt ? 'ok' : 'idle'
}
