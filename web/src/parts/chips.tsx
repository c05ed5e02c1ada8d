import styles from './chips.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

export interface Chip<Value> {
  value: Value
  text: string
  count?: string
}

/** One of several filters, as a row of chips. */
export function Chips<Value extends string>(props: {
  label: string
  chips: Chip<Value>[]
  value: Value
  onPick(value: Value): void
}) {
  return (
    <fieldset className={styles.chips}>
      <legend>
        <VisuallyHidden>{props.label}</VisuallyHidden>
      </legend>
      {props.chips.map((chip) => (
        <button
          key={chip.value}
          type="button"
          className={styles.chip}
          aria-pressed={chip.value === props.value}
          onClick={() => props.onPick(chip.value)}
        >
          {chip.text}
          {chip.count ? <span className={styles.count}>{chip.count}</span> : null}
        </button>
      ))}
    </fieldset>
  )
}

/** A filter that is on or off. */
export function ToggleChip(props: { text: string; on: boolean; onToggle(on: boolean): void }) {
  return (
    <button type="button" className={styles.chip} aria-pressed={props.on} onClick={() => props.onToggle(!props.on)}>
      {props.text}
    </button>
  )
}
