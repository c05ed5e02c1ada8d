import { Link } from 'react-router'
import { useText } from '../text/use-text.tsx'
import { useNow } from './now.ts'
import styles from './timeline.module.css'

export interface TimelineBar {
  key: string
  /** Milliseconds since the epoch; null: still going on. */
  from: number
  to: number | null
  tone: 'ok' | 'busy' | 'bad' | 'idle'
  title: string
  href: string
  /** How far it is, drawn as a fill. */
  share?: number | null
}

export interface Lane {
  key: string
  name: string
  bars: TimelineBar[]
}

const TICKS = 6
/** Bars move on by themselves this often: slower than a second, so that nothing runs away from under a pointer. */
const STEP_MS = 2000

/** Runs as bars in time, one lane for each table. What it shows stands in the table below it for those who read by ear. */
export function Timeline({ lanes, spanMs, label }: { lanes: Lane[]; spanMs: number; label: string }) {
  const { f } = useText()
  const now = useNow(STEP_MS)
  const start = now - spanMs
  const at = (time: number) => ((time - start) / spanMs) * 100
  const ticks = Array.from({ length: TICKS }, (_, index) => start + (spanMs * (index + 0.5)) / TICKS)
  return (
    <figure className={styles.timeline} aria-label={label}>
      {lanes.map((lane) => (
        <div key={lane.key} className={styles.lane}>
          <span className={styles.name} title={lane.name}>
            {lane.name}
          </span>
          <div className={styles.track}>
            {ticks.map((tick) => (
              <i key={tick} className={styles.grid} style={{ insetInlineStart: `${at(tick)}%` }} />
            ))}
            {lane.bars
              .filter((bar) => (bar.to ?? now) >= start)
              .map((bar) => {
                const left = Math.max(0, at(bar.from))
                const right = Math.min(100, at(bar.to ?? now))
                return (
                  <Link
                    key={bar.key}
                    to={bar.href}
                    tabIndex={-1}
                    className={styles.bar}
                    data-tone={bar.tone}
                    title={bar.title}
                    aria-label={bar.title}
                    style={{ insetInlineStart: `${left}%`, inlineSize: `${Math.max(0, right - left)}%` }}
                  >
                    {bar.to === null && bar.share !== undefined && bar.share !== null ? (
                      <i className={styles.fill} style={{ transform: `scaleX(${Math.min(1, bar.share)})` }} />
                    ) : null}
                  </Link>
                )
              })}
          </div>
        </div>
      ))}
      <div className={styles.lane} aria-hidden="true">
        <span />
        <div className={styles.axis}>
          {ticks.map((tick) => (
            <span key={tick} style={{ insetInlineStart: `${at(tick)}%` }}>
              {f.clock(tick).replace(/(:\d\d):\d\d/, '$1')}
            </span>
          ))}
        </div>
      </div>
    </figure>
  )
}
