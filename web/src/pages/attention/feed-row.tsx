import { DatabaseWarning20Regular } from '@fluentui/react-icons/svg/database-warning'
import type { Status, TransactionHolder } from '../../api/status.ts'
import { Since } from '../../parts/time.tsx'
import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './attention-row.module.css'

/** Changes that wait for a long transaction: nothing here can end it, so the row says who holds it and what to do. */
export function FeedRow({ held }: { held: NonNullable<Status['feedHeldBack']> }) {
  const { t } = useText()
  return (
    <article className={styles.row} data-kind="feed" aria-label={t.attention.feed.what}>
      <DatabaseWarning20Regular aria-hidden="true" className={styles.icon ?? ''} />
      <div className={styles.words}>
        <p className={styles.name}>{t.attention.feed.what}</p>
        <p className={styles.why}>{t.attention.feed.why}</p>
        <p className={styles.subject}>
          {held.by ? <span>{t.attention.feed.by(holder(held.by, t.attention.feed))}</span> : null}
          <span>
            <Since at={held.since} />
          </span>
        </p>
        <p className={styles.mend}>{t.attention.feed.mend}</p>
      </div>
    </article>
  )
}

function holder(by: TransactionHolder, { process, user, prepared }: Text['attention']['feed']): string {
  if (by.kind === 'prepared') return prepared(by.gid)
  const known = [by.application, by.user && user(by.user)].filter(Boolean).join(', ')
  return known ? `${process(by.pid)} (${known})` : process(by.pid)
}
