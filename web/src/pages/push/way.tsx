import type { ReactNode } from 'react'
import { type Health, HealthDot } from '../../parts/health.tsx'
import styles from './push.module.css'

/** One way in which a CRM tells of changes: how it stands, and what a person can do. */
export function Way(props: {
  name: string
  health: Health
  state: ReactNode
  facts?: ReactNode
  about: ReactNode
  acts?: ReactNode
  children?: ReactNode
}) {
  return (
    <li>
      <div className={styles.head}>
        <h3 className={styles.name}>{props.name}</h3>
        <span className={styles.state}>
          <HealthDot health={props.health} />
          {props.state}
        </span>
        {props.facts ? <span className={styles.facts}>{props.facts}</span> : null}
      </div>
      <div className={styles.about}>{props.about}</div>
      {props.acts ? <div className={styles.acts}>{props.acts}</div> : null}
      {props.children ? <div className={styles.wide}>{props.children}</div> : null}
    </li>
  )
}
