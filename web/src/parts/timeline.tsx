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

/** Minutes between two marks of the axis: the first that leaves no more than so many marks. */
const tickSteps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360]
const MOST_TICKS = 8

function roundTimes(from: number, to: number): number[] {
  const minutes = tickSteps.find((step) => (to - from) / 60_000 / step <= MOST_TICKS) ?? 360
  const step = minutes * 60_000
  const zone = new Date(to).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - zone) / step) * step + zone
  const count = Math.max(0, Math.ceil((to - first) / step))
  return Array.from({ length: count }, (_, index) => first + index * step)
}

/** Bars move on by themselves this often: slower than a second, so that nothing runs away from under a pointer. */
const STEP_MS = 2000

/** Runs as bars in time, one lane for each table. What it shows stands in the table below it for those who read by ear. */
export function Timeline({ lanes, spanMs, label }: { lanes: Lane[]; spanMs: number; label: string }) {
  const { f } = useText()
  const now = useNow(STEP_MS)
  const start = now - spanMs
  const at = (time: number) => ((time - start) / spanMs) * 100
  const ticks = roundTimes(start, now)
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
                    style={{
                      insetInlineStart: `min(${left}%, 100% - 4px)`,
                      inlineSize: `${Math.max(0, right - left)}%`,
                    }}
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
