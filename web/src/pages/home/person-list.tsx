import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { attentionQuery, attentionTotal } from '../../api/attention.ts'
import type { Status } from '../../api/status.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import link from '../../parts/link.module.css'
import { Section } from '../../parts/page.tsx'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { AttentionRow } from '../attention/attention-row.tsx'
import { FeedRow } from '../attention/feed-row.tsx'
import styles from './list.module.css'

const SHOWN = 5

/** What needs a person, newest first. */
export function PersonList({ status }: { status: Status }) {
  const { t } = useText()
  const list = useInfiniteQuery(attentionQuery({}))
  const items = [...(list.data?.pages[0]?.items ?? [])].sort((a, b) => b.at.localeCompare(a.at)).slice(0, SHOWN)
  const total = attentionTotal(status.attention)
  return (
    <Section
      title={t.home.person}
      actions={
        total > SHOWN ? (
          <Link to="/attention" className={link.coloured}>
            {t.home.seeAll(total)}
          </Link>
        ) : null
      }
    >
      {list.isPending ? <SkeletonRows rows={3} height={72} /> : null}
      {list.isError ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {status.feedHeldBack ? <FeedRow held={status.feedHeldBack} /> : null}
      {items.map((item) => (
        <AttentionRow key={`${item.kind}-${item.id}`} item={item} brief />
      ))}
      {list.isSuccess && items.length === 0 && !status.feedHeldBack ? (
        <div className={styles.none}>
          <p>{t.home.personNone}</p>
          <p>{t.home.personNoneText}</p>
        </div>
      ) : null}
    </Section>
  )
}
