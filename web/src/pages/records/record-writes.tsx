import { useInfiniteQuery } from '@tanstack/react-query'
import { writesQuery } from '../../api/writes.ts'
import { WriteStateBadge } from '../../parts/badge.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { LinkForWrite } from '../../parts/link-for-write.tsx'
import { Section } from '../../parts/page.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './record.module.css'

export function RecordWrites({ id }: { id: string }) {
  const { t } = useText()
  const list = useInfiniteQuery(writesQuery({ record: id }))
  const writes = list.data?.pages.flatMap((page) => page.writes) ?? []
  return (
    <Section title={t.record.writes}>
      {list.isError ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isError || writes.length > 0 ? null : <p className={styles.none}>{t.record.noWrites}</p>}
      <ul>
        {writes.map((write) => (
          <li key={write.id} className={styles.write}>
            <WriteStateBadge state={write.state} />
            <span>
              {t.operation[write.operation]} · {t.writes.fields(Object.keys(write.fields).length)}
            </span>
            <span className={styles.small}>
              {write.as === 'person' ? `${write.requestedBy}, ${t.ownAccounts.own} · ` : null}
              <RelativeTime at={write.doneAt ?? write.createdAt} />
              <LinkForWrite write={write} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
