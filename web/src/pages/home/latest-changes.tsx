import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { useChangeLog } from '../../api/change-log.ts'
import { type Change, latestChangesQuery } from '../../api/changes.ts'
import type { Status } from '../../api/status.ts'
import { ChangeIcon } from '../../parts/change-icon.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import link from '../../parts/link.module.css'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { tellingFields, useFieldWords } from '../../parts/use-field-labels.ts'
import { useReferenceName } from '../../parts/use-reference-name.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './list.module.css'

const SHOWN = 6

/**
 * The newest changes. Rows come in by themselves only while nobody is at the list: under a pointer or the focus they
 * wait behind a button, so that nothing moves under a finger.
 */
export function LatestChanges({ status }: { status: Status }) {
  const { t } = useText()
  const earlier = useQuery(latestChangesQuery)
  const log = joined(useChangeLog(), earlier.data ?? [])
  const [held, setHeld] = useState<readonly Change[] | null>(null)
  const shown = (held ?? log).slice(0, SHOWN)
  const first = held?.[0]
  const newer = held ? (first ? log.findIndex((change) => change.id === first.id) : log.length) : 0
  return (
    <Section title={t.home.latest}>
      <Lately status={status} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only notices that someone is at the list */}
      <div
        className={styles.list}
        onPointerEnter={() => setHeld(log)}
        onPointerLeave={() => setHeld(null)}
        onFocus={() => setHeld((before) => before ?? log)}
        onBlur={() => setHeld(null)}
      >
        {newer > 0 ? (
          <button type="button" className={styles.newer} onClick={() => setHeld(log)}>
            {t.home.newOnes(newer)}
          </button>
        ) : null}
        {shown.map((change) => (
          <ChangeRow key={change.id} change={change} />
        ))}
        {shown.length === 0 && earlier.isPending ? <SkeletonRows rows={SHOWN} height={52} /> : null}
        {earlier.isError ? <ErrorNotice error={earlier.error} onRetry={() => void earlier.refetch()} /> : null}
        {shown.length === 0 && earlier.isSuccess ? (
          <div className={styles.none}>
            <p>{t.home.latestNone}</p>
            <p>{t.home.latestNoneText}</p>
          </div>
        ) : null}
      </div>
    </Section>
  )
}

/** What came live before what was there when the page was opened, each once. */
function joined(live: readonly Change[], earlier: readonly Change[]): readonly Change[] {
  if (live.length === 0) return earlier
  const known = new Set(live.map((change) => change.id))
  return [...live, ...earlier.filter((change) => !known.has(change.id))]
}

/** How much came in during the last half hour, a point a minute. */
function Lately({ status }: { status: Status }) {
  const { t } = useText()
  const [first = [], ...others] = status.connections.map((connection) => connection.changesLately)
  const sums = first.map((count, minute) => others.reduce((sum, series) => sum + (series[minute] ?? 0), count))
  const total = sums.reduce((sum, count) => sum + count, 0)
  return (
    <div className={styles.lately}>
      <Sparkline
        values={sums}
        label={`${t.home.lately}: ${t.home.latelyCount(total)}`}
        slots={30}
        width={300}
        height={32}
      />
      <p>{t.home.latelyCount(total)}</p>
    </div>
  )
}

function ChangeRow({ change }: { change: Change }) {
  const { t } = useText()
  const names = useNames()
  return (
    <div className={styles.change}>
      <ChangeIcon operation={change.operation} />
      <div className={styles.words}>
        <p className={styles.who}>
          <Link to={`/records/${change.recordId}`} className={link.covering}>
            {change.name ?? t.records.noName}
          </Link>{' '}
          <span className={styles.when}>{names.one(change.entity)}</span>
        </p>
        <p className={styles.what}>
          {t.change[change.operation]}
          {change.operation === 'changed' ? <What change={change} /> : ` · ${names.cause(change.cause)}`}
        </p>
      </div>
      <span className={styles.when}>
        <RelativeTime at={change.at} />
      </span>
    </div>
  )
}

/** A description may be a page long: its beginning tells which it is. */
const beginning = (text: string) => (text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS - 1)}…` : text)
const SHOWN_LETTERS = 60

/** The first field that changed, from what to what; of the others how many. */
function What({ change }: { change: Change }) {
  const { t } = useText()
  const names = useNames()
  const { labelOf, textOf } = useFieldWords(change.connectionId, change.entity)
  const [field, ...others] = tellingFields(change.changed)
  const value = field === undefined ? null : change.changed[field]?.after
  const pointsAt = field !== undefined && typeof value === 'string' && textOf(field, value) === null ? value : null
  const reference = useReferenceName(change.recordId, pointsAt)
  if (field === undefined) return ` · ${names.cause(change.cause)}`
  const before = textOf(field, change.changed[field]?.before)
  const after = pointsAt === null ? textOf(field, value) : reference
  return (
    <>
      {' · '}
      {after === null || (before === null && pointsAt === null) ? (
        labelOf(field)
      ) : (
        <>
          {t.home.fieldIs(labelOf(field))}{' '}
          {before === null ? null : (
            <>
              <del title={before}>{beginning(before)}</del> <span aria-hidden="true">→</span>{' '}
            </>
          )}
          <ins title={after}>{beginning(after)}</ins>
        </>
      )}
      {others.length > 0 ? ` ${t.home.alsoChanged(others.length)}` : ''}
    </>
  )
}
