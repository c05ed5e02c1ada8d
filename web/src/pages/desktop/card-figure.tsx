import styles from './card-figure.module.css'

/** The key that goes to a card, where there are several. */
export function Figure({ figure }: { figure: number | null }) {
  if (figure === null || figure > 9) return null
  return (
    <span className={styles.figure} aria-hidden="true">
      {figure}
    </span>
  )
}
