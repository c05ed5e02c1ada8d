import type { ReactNode } from 'react'
import styles from './account.module.css'

/** One way to sign in: what it is, how it stands, and what can be done about it. */
export function WayRow(props: { icon: ReactNode; name: string; text: ReactNode; acts?: ReactNode }) {
  return (
    <li className={styles.row}>
      {props.icon}
      <div>
        <p className={styles.rowName}>{props.name}</p>
        <p className={styles.rowText}>{props.text}</p>
      </div>
      {props.acts ? <div className={styles.rowActs}>{props.acts}</div> : null}
    </li>
  )
}
