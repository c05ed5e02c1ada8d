import { useSyncExternalStore } from 'react'
import type { Line } from '../api/line.ts'
import { live } from '../api/live.ts'
import { HealthDot } from '../parts/health.tsx'
import { useText } from '../text/use-text.tsx'
import styles from './live-lamp.module.css'

/** Whether what is seen follows what happens. */
export function LiveLamp() {
  const { t } = useText()
  const state = useSyncExternalStore(live.subscribe, live.get)
  const stands = state === 'live'
  const lost = state === 'lost'
  return (
    <p className={styles.lamp} title={lost ? t.live.lostHint : t.live.liveHint}>
      <HealthDot health={stands ? 'ok' : lost ? 'warn' : 'busy'} />
      {stands ? t.live.live : lost ? t.live.lost : t.live.connecting}
    </p>
  )
}

/** What is seen may be old: said at the head of every page, as long as it is so. */
export function LineLost({ line = live }: { line?: Line }) {
  const { t } = useText()
  const state = useSyncExternalStore(line.subscribe, line.get)
  return (
    <div role="status">
      {state === 'lost' ? (
        <p className={styles.banner}>
          <HealthDot health="warn" />
          {t.live.lostHint}
        </p>
      ) : null}
    </div>
  )
}
