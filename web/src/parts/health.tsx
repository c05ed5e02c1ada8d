import type { ReactNode } from 'react'
import styles from './health.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

/** How a thing is. The dot differs by shape as well as by colour. */
export type Health = 'ok' | 'busy' | 'warn' | 'bad' | 'idle' | 'none'

export function HealthDot({ health, label }: { health: Health; label?: string }) {
  return (
    <span className={styles.dot} data-health={health}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <Shape health={health} />
      </svg>
      {label ? <VisuallyHidden>{label}</VisuallyHidden> : null}
    </span>
  )
}

function Shape({ health }: { health: Health }) {
  if (health === 'ok') return <circle cx="6" cy="6" r="4" fill="currentColor" />
  if (health === 'busy') {
    return <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="2" className={styles.pulse} />
  }
  if (health === 'warn') return <path d="M6 1.2 11.2 10.6H.8Z" fill="currentColor" />
  if (health === 'bad') return <path d="M6 .6 11.4 6 6 11.4.6 6Z" fill="currentColor" />
  if (health === 'none') return <circle cx="6" cy="6" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
  return <path d="M3 2.5h2v7H3zM7 2.5h2v7H7z" fill="currentColor" />
}

/** A page's first line: is all well, since when, on what evidence. */
export function HealthLine({ health, children }: { health: Health; children: ReactNode }) {
  return (
    <div className={styles.line} data-health={health}>
      <HealthDot health={health} />
      <div className={styles.words}>{children}</div>
    </div>
  )
}

/** Facts of a health line, with a middle dot between them that wraps with the fact before it. */
export function Facts({ children }: { children: ReactNode[] }) {
  const facts = children.filter((child) => child !== null && child !== undefined && child !== false)
  return facts.map((fact, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the facts of a line have no other identity and never change places
    <span key={index} className={styles.fact}>
      {fact}
    </span>
  ))
}
