import type { ReactNode } from 'react'
import styles from './empty-state.module.css'

/** An empty room teaches: a picture of what it will look like, why one wants it, and the button that makes it so. */
export function EmptyState(props: { title: string; text: string; action?: ReactNode; picture?: ReactNode }) {
  return (
    <div className={styles.empty}>
      {props.picture ? (
        <div className={styles.picture} aria-hidden="true" inert>
          {props.picture}
        </div>
      ) : null}
      <h2 className={styles.title}>{props.title}</h2>
      <p className={styles.text}>{props.text}</p>
      {props.action ? <div className={styles.action}>{props.action}</div> : null}
    </div>
  )
}

/** Rows as they will be, drawn faintly. */
export function GhostRows({ rows = 4 }: { rows?: number }) {
  return (
    <div className={styles.ghosts}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical drawings
        <div key={index} className={styles.ghost}>
          <i style={{ inlineSize: 10, blockSize: 10, borderRadius: 5 }} />
          <i style={{ inlineSize: `${34 - index * 4}%` }} />
          <i style={{ inlineSize: '16%', marginInlineStart: 'auto' }} />
          <i style={{ inlineSize: '9%' }} />
        </div>
      ))}
    </div>
  )
}
