import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss'
import type { ReactNode } from 'react'
import styles from './removable-chip.module.css'

/** One of several in a row, which can be taken out. */
export function RemovableChip(props: {
  label: string
  tone?: 'new' | 'wrong' | undefined
  title?: string | undefined
  /** What stands before its name. */
  mark: ReactNode
  /** More buttons, before the one that takes it out. */
  acts?: ReactNode
  removeLabel: string
  onRemove(): void
}) {
  return (
    <span className={styles.chip} data-tone={props.tone} title={props.title}>
      {props.mark}
      <span className={styles.label}>{props.label}</span>
      {props.acts}
      <button type="button" aria-label={props.removeLabel} onClick={props.onRemove}>
        <Dismiss16Regular aria-hidden="true" />
      </button>
    </span>
  )
}
