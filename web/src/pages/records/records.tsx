import { SearchBox } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { type Status, statusQuery } from '../../api/status.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { Chips, ToggleChip } from '../../parts/chips.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { useNames } from '../../parts/names.ts'
import { PageHeader } from '../../parts/page.tsx'
import { Bar } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { overall } from '../home/overall.ts'
import { LookupResults } from './lookup-results.tsx'
import styles from './records.module.css'
import { RecordsTable } from './records-table.tsx'

/** So long a pause in typing is a question. */
const TYPING_MS = 140

export function Records() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const status = useQuery(statusQuery)
  const asked = search.get('q') ?? ''
  const [text, setText] = useState(asked)
  // The address follows the field a moment later, so that back, reload and a copied link show the same.
  useEffect(() => setText(asked), [asked])
  useEffect(() => {
    if (text === asked) return
    const timer = setTimeout(() => {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before)
          if (text.trim()) next.set('q', text)
          else next.delete('q')
          return next
        },
        { replace: true, preventScrollReset: true },
      )
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, asked, setSearch])

  const nothing = status.data !== undefined && status.data.connections.length === 0
  return (
    <>
      <PageHeader
        title={t.records.title}
        tab={t.records.title}
        health={status.data ? <Health status={status.data} /> : status.isLoading ? <Bar width={220} /> : null}
      />
      <div className={styles.search}>
        <SearchBox
          className={styles.box ?? ''}
          size="large"
          aria-label={t.records.searchLabel}
          placeholder={t.records.search}
          value={text}
          autoComplete="off"
          onChange={(_, data) => setText(data.value)}
        />
      </div>
      {asked.trim().length > 1 ? (
        <LookupResults text={asked.trim()} />
      ) : nothing ? (
        <NoRecords />
      ) : (
        <>
          {status.data ? (
            <Filters status={status.data} />
          ) : status.isLoading ? (
            <div className={styles.filters} />
          ) : null}
          <RecordsTable
            filter={{ entity: search.get('entity') ?? undefined, connection: search.get('connection') ?? undefined }}
            withDeleted={search.has('deleted')}
            withOutOfScope={search.has('outOfScope')}
          />
        </>
      )}
    </>
  )
}

function NoRecords() {
  const { t } = useText()
  return (
    <EmptyState
      title={t.records.emptyTitle}
      text={t.records.emptyText}
      picture={<GhostRows />}
      action={
        <May needs="create:integrations">
          <ButtonLink to="/connections/new" appearance="primary">
            {t.connections.connect}
          </ButtonLink>
        </May>
      }
    />
  )
}

function Health({ status }: { status: Status }) {
  const { t } = useText()
  const now = overall(status)
  return (
    <HealthLine health={now.health}>
      <Facts>
        {now.parked > 0 ? <Link to="/attention?kind=parked">{t.unit.parked(now.parked)}</Link> : null}
        {t.records.health(now.records)}
        {now.compared ? t.home.ofCrm(now.compared.held, now.compared.crm) : null}
      </Facts>
    </HealthLine>
  )
}

function Filters({ status }: { status: Status }) {
  const { t, f } = useText()
  const names = useNames()
  const [search, setSearch] = useSearchParams()
  const connection = search.get('connection')
  const counts = new Map<string, number>()
  for (const each of status.connections) {
    if (connection && each.id !== connection) continue
    for (const table of each.tables) {
      if (table.enabled) counts.set(table.entity, (counts.get(table.entity) ?? 0) + table.counts.records)
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const put = (name: string, value: string | null) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        if (value) next.set(name, value)
        else next.delete(name)
        return next
      },
      { replace: true, preventScrollReset: true },
    )
  return (
    <div className={styles.filters}>
      <Chips
        label={t.records.entity}
        chips={[
          { value: '', text: t.records.all, count: f.count(total) },
          ...[...counts].map(([entity, count]) => ({ value: entity, text: names.many(entity), count: f.count(count) })),
        ]}
        value={search.get('entity') ?? ''}
        onPick={(value) => put('entity', value)}
      />
      {status.connections.length > 1 ? (
        <Chips
          label={t.records.source}
          chips={status.connections.map((each) => ({ value: each.id, text: each.name }))}
          value={connection ?? ''}
          onPick={(value) => put('connection', value === connection ? null : value)}
        />
      ) : null}
      <div className={styles.toggles}>
        <ToggleChip
          text={t.records.withDeleted}
          on={search.has('deleted')}
          onToggle={(on) => put('deleted', on ? '1' : null)}
        />
        <ToggleChip
          text={t.records.withOutOfScope}
          on={search.has('outOfScope')}
          onToggle={(on) => put('outOfScope', on ? '1' : null)}
        />
      </div>
    </div>
  )
}
