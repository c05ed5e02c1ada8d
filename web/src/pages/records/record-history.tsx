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
import { type FieldWords, tellingFields, useFieldWords } from '../../parts/use-field-labels.ts'
import { useReferenceName } from '../../parts/use-reference-name.ts'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './record.module.css'

/** What changed, when and how the hub came to know: from the change feed. */
export function RecordHistory({ record }: { record: RecordDetail }) {
  const { t } = useText()
  const names = useNames()
  const history = useInfiniteQuery(historyQuery(record.id))
  const words = useFieldWords(record.connectionId, record.entity)
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
              <ChangedFields change={change} words={words} />
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

function ChangedFields({ change, words }: { change: Change; words: FieldWords }) {
  const fields = tellingFields(change.changed)
  if (fields.length === 0 || change.operation === 'created') return null
  return (
    <dl className={styles.changed}>
      {fields.slice(0, MOST_FIELDS).map((name) => (
        <div key={name}>
          <dt title={name}>{words.labelOf(name)}</dt>
          <dd>
            <BeforeAfter change={change} field={name} words={words} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function BeforeAfter({ change, field, words }: { change: Change; field: string; words: FieldWords }) {
  const { t } = useText()
  const value = change.changed[field]?.after
  const said = words.textOf(field, value)
  const name = useReferenceName(change.recordId, said === null && typeof value === 'string' ? value : null)
  const before = words.textOf(field, change.changed[field]?.before)
  const after = said ?? name
  if (after === null) return t.record.otherReference
  return (
    <>
      {before === null ? null : (
        <>
          <del>
            <VisuallyHidden>{t.record.before}: </VisuallyHidden>
            {before}
          </del>
          <span aria-hidden="true"> → </span>
        </>
      )}
      <ins>
        <VisuallyHidden>{t.record.after}: </VisuallyHidden>
        {after}
      </ins>
    </>
  )
}
