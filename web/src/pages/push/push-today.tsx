import { useQuery } from '@tanstack/react-query'
import { statusQuery } from '../../api/status.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './push.module.css'

/** What came to the connection's push addresses today, and what of it was turned away. */
export function PushToday({ connection }: { connection: string }) {
  const { t } = useText()
  const { data } = useQuery(statusQuery)
  if (!data) return null
  const counted = (...outcomes: string[]) =>
    data.doors
      .filter(({ door, connectionId, outcome }) => {
        return door === 'hook' && connectionId === connection && outcomes.includes(outcome)
      })
      .reduce((sum, { count }) => sum + count, 0)
  const [refused, senseless] = [counted('wrong_secret'), counted('malformed')]
  return (
    <p className={styles.today}>
      <span>{t.push.told(counted('kept'))}</span>
      {refused > 0 ? <span className={styles.warn}>{t.push.refused(refused)}</span> : null}
      {senseless > 0 ? <span className={styles.warn}>{t.push.notUnderstood(senseless)}</span> : null}
    </p>
  )
}
