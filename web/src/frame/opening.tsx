import styles from './opening.module.css'

/** The frame's outline while its first file is fetched: what comes stands where this stood. */
export function Opening() {
  return (
    <div className={styles.opening} aria-busy="true">
      <div className={styles.side} />
    </div>
  )
}
