import { DatabaseWarning20Regular } from '@fluentui/react-icons/svg/database-warning'
import type { Status } from '../../api/status.ts'
import { Since } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './attention-row.module.css'

/** Changes that wait for a long transaction: nothing here can end it, so the row says who holds it and what to do. */
export function FeedRow({ held }: { held: NonNullable<Status['feedHeldBack']> }) {
  const { t } = useText()
  const who = useHolder(held.by)
  return (
    <article className={styles.row} data-kind="feed" aria-label={t.attention.feed.what}>
      <DatabaseWarning20Regular aria-hidden="true" className={styles.icon ?? ''} />
      <div className={styles.words}>
        <p className={styles.name}>{t.attention.feed.what}</p>
        <p className={styles.why}>{t.attention.feed.why}</p>
        <p className={styles.subject}>
          {who ? <span>{t.attention.feed.by(who)}</span> : null}
          <span>
            <Since at={held.since} />
          </span>
        </p>
        <p className={styles.mend}>{t.attention.feed.mend}</p>
      </div>
    </article>
  )
}

/** The hub names the holder in English; what it says in another way than these two is shown as it is. */
const SESSION = /^process (\d+) \((.*), user (.*)\)$/
const PREPARED = /^the prepared transaction (.*)$/

function useHolder(by: string | null): string | null {
  const { t } = useText()
  const [, process, program, user] = by?.match(SESSION) ?? []
  if (process && user) return t.attention.feed.session(process, program === 'unnamed' ? '' : (program ?? ''), user)
  const [, name] = by?.match(PREPARED) ?? []
  return name ? t.attention.feed.prepared(name) : by
}
