import type { ReactNode } from 'react'
import { Link } from 'react-router'
import styles from './figure.module.css'

/** A number with its name above, one of several in a `dl`. */
export function Figure(props: {
  name: string
  value: ReactNode
  hint?: string | undefined
  /** What it counts. */
  to?: string | undefined
  /** It should be another one. */
  off?: boolean | undefined
}) {
  return (
    <div className={styles.figure} data-off={props.off} title={props.hint}>
      <dt>{props.name}</dt>
      <dd>{props.to ? <Link to={props.to}>{props.value}</Link> : props.value}</dd>
    </div>
  )
}
