import { Link } from 'react-router'
import { useRates } from '../../api/rate-log.ts'
import type { Run } from '../../api/runs.ts'
import { Meter } from '../../parts/meter.tsx'
import { useNames } from '../../parts/names.ts'
import { Sparkline } from '../../parts/sparkline.tsx'
import { useText } from '../../text/use-text.tsx'
import { RunActs } from './run-acts.tsx'
import styles from './runs.module.css'
import { useConnectionName } from './runs-table.tsx'

/** What copies or compares right now, each with its meter, its rate and its buttons. */
export function RunningNow({ runs }: { runs: Run[] }) {
  return (
    <ul className={styles.now}>
      {runs.map((run) => (
        <li key={run.id}>
          <RunCard run={run} />
        </li>
      ))}
    </ul>
  )
}

function RunCard({ run }: { run: Run }) {
  const { t, f } = useText()
  const names = useNames()
  const nameOf = useConnectionName()
  const rates = useRates(run.id)
  const expected = run.expected === null ? null : Math.max(run.expected, run.records)
  return (
    <article className={styles.card}>
      <div className={styles.cardHead}>
        <div>
          <h2>
            <Link to={`/runs/${run.id}`}>{names.many(run.entity)}</Link>
          </h2>
          <p className={styles.faint}>
            {t.runKind[run.kind]}
            {nameOf(run.connectionId) ? ` · ${nameOf(run.connectionId)}` : ''}
          </p>
        </div>
        <div className={styles.spark}>
          <Sparkline values={rates} label={t.runs.rateNow} />
          <span>
            {run.state === 'running' && run.rate !== null
              ? t.unit.perSecond(f.count(Math.round(run.rate)))
              : t.runState[run.state]}
          </span>
        </div>
      </div>
      <Meter
        label={`${names.many(run.entity)} · ${t.runKind[run.kind]}`}
        share={expected ? run.records / expected : null}
        tone={run.state === 'paused' ? 'idle' : 'busy'}
      />
      <div className={styles.cardFoot}>
        <span>
          {expected === null ? t.unit.records(run.records) : t.unit.ofAll(run.records, expected)} ·{' '}
          {t.runs.page(run.pages)}
          {run.secondsLeft && run.state === 'running' ? ` · ${t.time.left(f.duration(run.secondsLeft * 1000))}` : ''}
        </span>
        <span className={styles.cardActs}>
          <RunActs run={run} small />
        </span>
      </div>
    </article>
  )
}
