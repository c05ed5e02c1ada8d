import type { RunState } from '../api/runs.ts'
import type { WriteState } from '../api/writes.ts'
import { useText } from '../text/use-text.tsx'
import styles from './badge.module.css'
import { type Health, HealthDot } from './health.tsx'

export const runHealth = {
  waiting: 'idle',
  running: 'busy',
  paused: 'idle',
  cancelled: 'idle',
  done: 'ok',
  failed: 'bad',
} as const satisfies Record<RunState, Health>

const writeHealth: Record<WriteState, Health> = {
  kept: 'busy',
  sending: 'busy',
  sent: 'busy',
  done: 'ok',
  failed: 'bad',
  unknown: 'warn',
  cancelled: 'idle',
}

export function RunStateBadge({ state }: { state: RunState }) {
  const { t } = useText()
  return (
    <span className={styles.badge}>
      <HealthDot health={runHealth[state]} />
      {t.runState[state]}
    </span>
  )
}

export function WriteStateBadge({ state }: { state: WriteState }) {
  const { t } = useText()
  return (
    <span className={styles.badge}>
      <HealthDot health={writeHealth[state]} />
      {t.writeState[state]}
    </span>
  )
}

export function Tag({ children, tone }: { children: React.ReactNode; tone?: 'bad' | 'warn' | 'ok' }) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {children}
    </span>
  )
}
