import { Button, Spinner } from '@fluentui/react-components'
import { ShieldCheckmark20Regular } from '@fluentui/react-icons/svg/shield-checkmark'
import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import type { AuditLogPage } from '../../../../src/server/contract/audit-log.ts'
import { type ActFilter, actsQuery } from '../../api/audit-log.ts'
import { client } from '../../api/client.ts'
import { useMay } from '../../api/session.ts'
import { statusQuery } from '../../api/status.ts'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { ShowMore } from '../../parts/show-more.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { ActList } from './act-list.tsx'
import styles from './audit-log.module.css'
import { ExportMenu } from './export-menu.tsx'
import { isFiltered, noFilter, readFilter, type ShownFilter, toAsk, toSearch } from './filter-state.ts'
import { Filters } from './filters.tsx'
import { Findings } from './findings.tsx'
import { FreshActs } from './fresh.tsx'
import { SealHead, SealLine } from './seal.tsx'
import { useVerification, type Verification } from './use-verification.ts'

/** Who did what to what, when, from where, with what outcome; and whether that was tampered with. */
export function AuditLog() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const filter = readFilter(search)
  const { asked } = useAsked(filter)
  const verification = useVerification()
  const change = (part: Partial<ShownFilter>) =>
    setSearch(toSearch({ ...filter, ...part }), { replace: true, preventScrollReset: true })
  return (
    <>
      <PageHeader
        title={t.auditLog.title}
        tab={t.auditLog.title}
        health={<SealLine verification={verification} />}
        actions={
          <>
            <VerifyButton verification={verification} />
            <ExportMenu filter={asked} />
          </>
        }
      />
      {verification.error ? <ErrorNotice error={verification.error} onRetry={verification.start} /> : null}
      {verification.result ? <Findings verified={verification.result} /> : null}
      <Acts filter={filter} asked={asked} onChange={change} verification={verification} />
      <SealHead verification={verification} />
    </>
  )
}

/** A span begins where it began when it was chosen, so that pages fit together. */
function useAsked(filter: ShownFilter): { asked: ActFilter } {
  const key = JSON.stringify(filter)
  return useMemo(() => ({ asked: toAsk(JSON.parse(key) as ShownFilter, Date.now()) }), [key])
}

function VerifyButton({ verification }: { verification: Verification }) {
  const { t } = useText()
  return (
    <Button
      icon={verification.running ? <Spinner size="extra-tiny" /> : <ShieldCheckmark20Regular />}
      disabledFocusable={verification.running || verification.isGivenBad}
      onClick={verification.start}
    >
      {t.auditLog.verify}
    </Button>
  )
}

function Acts(props: {
  filter: ShownFilter
  asked: ActFilter
  onChange(part: Partial<ShownFilter>): void
  verification: Verification
}) {
  const { filter, asked, onChange, verification } = props
  const list = useInfiniteQuery(actsQuery(asked))
  const maySee = useMay('read:status')
  const { data: status } = useQuery({ ...statusQuery, enabled: maySee })
  const acts = list.data?.pages.flatMap((page) => page.acts) ?? []
  const { actor, act, subject, outcome } = filter
  const held = {
    everything: actor === null && act === null && subject === null && outcome === null,
    toTheEnd: !list.hasNextPage,
    from: asked.from ?? null,
    to: asked.to ?? null,
  }
  const findings = verification.result?.findings ?? []
  const isNothing = list.isSuccess && acts.length === 0 && findings.length === 0
  return (
    <>
      <div className={styles.bar}>
        <Filters filter={filter} onChange={onChange} acts={acts} />
        <div className={styles.fresh}>
          {list.isSuccess ? (
            <FreshActs filter={asked} acts={acts} loading={list.isFetching} onShow={() => showNewest(asked)} />
          ) : null}
        </div>
      </div>
      {list.isError ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <SkeletonBlock height={480} /> : null}
      {isNothing ? <Nothing filtered={isFiltered(filter)} onClear={() => onChange(noFilter)} /> : null}
      {list.isSuccess && !isNothing ? (
        <ActList
          acts={acts}
          findings={findings}
          held={held}
          startedAt={status?.startedAt ?? null}
          foot={<ShowMore list={list} shown={acts.length} />}
        />
      ) : null}
    </>
  )
}

/** From the newest on again: the pages behind the first are read anew when they are asked for. */
async function showNewest(asked: ActFilter): Promise<void> {
  const { queryKey } = actsQuery(asked)
  client.setQueryData<InfiniteData<AuditLogPage, string>>(queryKey, (data) =>
    data ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : data,
  )
  await client.refetchQueries({ queryKey })
  document.querySelector<HTMLElement>('[data-act-row]')?.focus()
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear(): void }) {
  const { t } = useText()
  const w = t.auditLog
  return (
    <EmptyState
      title={filtered ? w.emptyFilter : w.emptyTitle}
      text={filtered ? w.emptyFilterText : w.emptyText}
      picture={filtered ? undefined : <GhostRows />}
      action={filtered ? <Button onClick={onClear}>{w.filter.clear}</Button> : null}
    />
  )
}
