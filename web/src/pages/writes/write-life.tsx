import type { Write } from '../../api/writes.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './writes.module.css'

/** A write's life on one line: kept, sent, read back, each with its moment behind it. */
export function WriteLife({ write }: { write: Write }) {
  const { t, f } = useText()
  const steps: [string, string | null][] = [
    [t.writes.kept, write.createdAt],
    [t.writes.sent, write.sentAt],
    [t.writes.readBack, write.state === 'done' ? write.doneAt : null],
  ]
  return (
    <span className={styles.life} data-state={write.state}>
      {steps.map(([name, at]) => (
        <i key={name} data-done={at !== null} title={at ? `${name} ${f.exact(at)}` : name} />
      ))}
      <span className={styles.lifeText}>
        {steps
          .filter(([, at]) => at)
          .map(([name]) => name)
          .at(-1)}
        {write.attempts > 1 ? ` · ${t.writes.attempts(write.attempts)}` : ''}
      </span>
    </span>
  )
}
