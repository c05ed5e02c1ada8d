import { useRates } from '../../api/rate-log.ts'
import type { Run } from '../../api/runs.ts'
import { runHealth } from '../../parts/badge.tsx'
import { Figure } from '../../parts/figure.tsx'
import { Meter } from '../../parts/meter.tsx'
import { Section } from '../../parts/page.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './runs.module.css'

/** How far, how fast, on which page, and from where it would go on. */
export function RunProgress({ run }: { run: Run }) {
  const { t, f } = useText()
  const rates = useRates(run.id)
  const expected = run.expected === null ? null : Math.max(run.expected, run.records)
  const over = run.state === 'done'
  return (
    <Section title={t.runs.progress}>
      <div className={styles.progress}>
        <p className={styles.big}>
          <span>{expected === null || over ? t.unit.records(run.records) : t.unit.ofAll(run.records, expected)}</span>
          <span className={styles.faint}>
            {over
              ? ''
              : expected
                ? f.percent(run.records, expected)
                : run.state === 'running'
                  ? t.runs.unknownSize
                  : ''}
          </span>
        </p>
        <Meter
          label={t.runs.progress}
          share={over ? 1 : expected ? run.records / expected : run.state === 'running' ? null : 0}
          tone={runHealth[run.state]}
        />
        {run.state === 'running' || rates.length > 0 ? (
          <div className={styles.chart}>
            <div className={styles.chartHead}>
              <span>{t.runs.rateNow}</span>
              <strong>{run.rate === null ? '–' : t.unit.perSecond(f.count(Math.round(run.rate)))}</strong>
            </div>
            <Sparkline values={rates} label={t.runs.rateNow} width={640} height={72} slots={40} />
          </div>
        ) : null}
        <p className={styles.checkpoint}>
          <strong>{t.runs.checkpoint(run.pages)}</strong> {over ? null : t.runs.checkpointText}
        </p>
      </div>
      <dl className={styles.figures}>
        <Figure name={t.runs.read} hint={t.runs.readHint} value={f.count(run.records)} />
        <Figure name={t.runs.written} hint={t.runs.writtenHint} value={f.count(run.written)} />
        <Figure
          name={t.runs.parked}
          hint={t.runs.parkedHint}
          value={f.count(run.parked)}
          to={run.parked > 0 ? `/attention?kind=parked&connection=${run.connectionId}` : undefined}
        />
        <Figure name={t.runs.outOfScope} value={f.count(run.outOfScope)} />
        {run.state === 'running' ? null : (
          <Figure
            name={t.runs.rateOver}
            value={run.rate === null ? '–' : t.unit.perSecond(f.count(Math.round(run.rate)))}
          />
        )}
        <Figure name={t.runs.bytes} value={f.bytes(run.bytes)} />
      </dl>
    </Section>
  )
}
