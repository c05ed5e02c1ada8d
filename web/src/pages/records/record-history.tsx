import { Button } from '@fluentui/react-components'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Change } from '../../api/changes.ts'
import { historyQuery, type RecordDetail } from '../../api/records.ts'
import { ChangeIcon } from '../../parts/change-icon.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { tellingFields, useFieldLabels } from '../../parts/use-field-labels.ts'
import { useText } from '../../text/use-text.tsx'
import { sourceText } from './field-value.tsx'
import styles from './record.module.css'

/** What changed, when and how the hub came to know: from the change feed. */
export function RecordHistory({ record }: { record: RecordDetail }) {
  const { t } = useText()
  const names = useNames()
  const history = useInfiniteQuery(historyQuery(record.id))
  const labelOf = useFieldLabels(record.connectionId, record.entity)
  const changes = history.data?.pages.flatMap((page) => page.changes) ?? []
  return (
    <Section title={t.record.history}>
      {history.isPending ? <SkeletonRows rows={2} height={48} /> : null}
      {history.isError ? <ErrorNotice error={history.error} onRetry={() => void history.refetch()} /> : null}
      {history.isSuccess && changes.length === 0 ? (
        <p className={styles.none}>
          {t.record.noHistory} {t.record.noHistoryText}
        </p>
      ) : null}
      <ol className={styles.history}>
        {changes.map((change) => (
          <li key={change.id}>
            <ChangeIcon operation={change.operation} />
            <div>
              <p>
                <strong>{t.change[change.operation]}</strong>{' '}
                <span className={styles.small}>
                  {names.cause(change.cause)} · <RelativeTime at={change.at} />
                </span>
              </p>
              <ChangedFields change={change} labelOf={labelOf} />
            </div>
          </li>
        ))}
      </ol>
      {history.hasNextPage ? (
        <div className={styles.none}>
          <Button size="small" onClick={() => void history.fetchNextPage()}>
            {t.act.showMore}
          </Button>
        </div>
      ) : null}
    </Section>
  )
}

/** A restored or first seen record would list every field: the heading says enough. */
const MOST_FIELDS = 12

function ChangedFields({ change, labelOf }: { change: Change; labelOf(name: string): string }) {
  const { t } = useText()
  const fields = tellingFields(change.changed)
  if (fields.length === 0 || change.operation === 'created') return null
  return (
    <dl className={styles.changed}>
      {fields.slice(0, MOST_FIELDS).map((name) => (
        <div key={name}>
          <dt title={name}>{labelOf(name)}</dt>
          <dd>
            <del>
              <span className={styles.hidden}>{t.record.before}: </span>
              {sourceText(change.changed[name]?.before) || t.record.empty}
            </del>
            <span aria-hidden="true"> → </span>
            <ins>
              <span className={styles.hidden}>{t.record.after}: </span>
              {sourceText(change.changed[name]?.after) || t.record.empty}
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}
