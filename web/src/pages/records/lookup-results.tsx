import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useRef } from 'react'
import { Link } from 'react-router'
import { lookupQuery, type Match } from '../../api/lookup.ts'
import { Tag } from '../../parts/badge.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import link from '../../parts/link.module.css'
import { useNames } from '../../parts/names.ts'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './lookup-results.module.css'
import { useWhy, useWhyNone } from './why.ts'

/** Who it is, why this record, and why nobody where there is none. */
export function LookupResults({ text }: { text: string }) {
  const { t, f } = useText()
  const whyNone = useWhyNone()
  const look = useQuery({ ...lookupQuery(text), placeholderData: keepPreviousData })
  const list = useRef<HTMLUListElement>(null)
  if (look.isPending) {
    return (
      <div className={styles.list}>
        <SkeletonRows rows={3} height={76} />
      </div>
    )
  }
  if (look.isError) return <ErrorNotice error={look.error} onRetry={() => void look.refetch()} />
  const { matches, more, reasonsNone, whyNone: own, by, tookMs } = look.data
  // Of equals none is better: only a lead is told.
  const lead = (matches[0]?.score ?? 0) > (matches[1]?.score ?? 0)
  const byText = { phone: t.records.byPhone, email: t.records.byEmail, name: t.records.byName }[by]
  if (matches.length === 0) {
    return (
      <EmptyState
        title={t.records.noMatch(text)}
        text={`${reasonsNone.map((reason, index) => whyNone(reason, own[index])).join('. ')}.`}
      />
    )
  }
  return (
    <div>
      <p className={styles.head} role="status">
        <strong>{(more ? t.records.foundFirst : t.records.found)(matches.length)}</strong> {byText}
        {more ? ` · ${t.records.foundMore}` : ''} · {t.records.foundIn(f.count(Math.max(1, Math.round(tookMs))))}
      </p>
      <ul ref={list} className={styles.list} onKeyDown={(event) => move(event, list.current)}>
        {matches.map((match, index) => (
          <li key={match.id}>
            <MatchRow match={match} best={index === 0 && matches.length > 1 && lead} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function MatchRow({ match, best }: { match: Match; best: boolean }) {
  const { t, f } = useText()
  const names = useNames()
  const why = useWhy(match)
  return (
    <article className={styles.match}>
      <span className={styles.initial} aria-hidden="true">
        {(match.name ?? '?').trim().slice(0, 1).toUpperCase()}
      </span>
      <div className={styles.who}>
        <p className={styles.name}>
          <Link to={`/records/${match.id}`} className={link.covering}>
            {match.name ?? t.records.noName}
          </Link>
          {best ? <Tag tone="ok">{t.records.best}</Tag> : null}
        </p>
        <p className={styles.kind}>
          {names.one(match.entity)} · <RelativeTime at={match.asOf} />
        </p>
      </div>
      <div className={styles.why}>
        <VisuallyHidden>{t.records.why}</VisuallyHidden>
        <p>{match.reasons.map(why).join(' · ')}</p>
      </div>
      <span className={styles.score} title={t.records.why}>
        {f.percent(match.score, 1)}
      </span>
    </article>
  )
}

function move(event: KeyboardEvent, list: HTMLElement | null): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0 || !list) return
  const links = [...list.querySelectorAll('a')]
  const next = links[links.indexOf(event.target as HTMLAnchorElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
