import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { latestRunsQuery, type Run, type RunState, runsQuery } from '../../api/runs.ts'
import { statusQuery } from '../../api/status.ts'
import { runHealth } from '../../parts/badge.tsx'
import { ButtonLink } from '../../parts/button-link.tsx'
import { Chips } from '../../parts/chips.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, type Health, HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { useNames } from '../../parts/names.ts'
import { useNow } from '../../parts/now.ts'
import { PageHeader, Section } from '../../parts/page.tsx'
import { ShowMore } from '../../parts/show-more.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { StateChips } from '../../parts/state-chips.tsx'
import { type Lane, Timeline } from '../../parts/timeline.tsx'
import { useText } from '../../text/use-text.tsx'
import { RunningNow } from './running-now.tsx'
import styles from './runs.module.css'
import { RunsTable, useConnectionName } from './runs-table.tsx'

const states: RunState[] = ['running', 'waiting', 'paused', 'failed', 'done', 'cancelled']
const spans = [15, 60, 360, 1440]

export function Runs() {
  const { t } = useText()
  const latest = useQuery(latestRunsQuery)
  const status = useQuery(statusQuery)
  const runs = latest.data
  const empty = runs?.length === 0
  const open = status.data?.connections.flatMap((each) => each.tables.map((table) => table.run)).filter(isMoving) ?? []
  return (
    <>
      <PageHeader
        title={t.runs.title}
        tab={t.runs.title}
        health={runs ? <RunsHealth runs={runs} /> : <Bar width={260} />}
      />
      {latest.isError ? <ErrorNotice error={latest.error} onRetry={() => void latest.refetch()} /> : null}
      {latest.isPending ? <SkeletonBlock height={220} /> : null}
      {empty ? (
        <EmptyState
          title={t.runs.emptyTitle}
          text={t.runs.emptyText}
          picture={<GhostRows />}
          action={
            status.data?.connections.length === 0 ? (
              <May needs="create:integrations">
                <ButtonLink to="/connections/new" appearance="primary">
                  {t.connections.connect}
                </ButtonLink>
              </May>
            ) : null
          }
        />
      ) : null}
      {runs && !empty ? (
        <>
          {open.length > 0 ? <RunningNow runs={open} /> : null}
          <RunTimeline runs={runs} />
          <RunList />
        </>
      ) : null}
    </>
  )
}

function isMoving(run: Run | null): run is Run {
  return run !== null && run.kind !== 'incremental' && (run.state === 'running' || run.state === 'paused')
}

function RunsHealth({ runs }: { runs: Run[] }) {
  const { t, f } = useText()
  const now = useNow()
  const running = runs.filter((run) => run.state === 'running').length
  const paused = runs.filter((run) => run.state === 'paused').length
  const newest = new Map<string, Run>()
  for (const run of runs) {
    const key = `${run.connectionId}/${run.entity}/${run.kind}`
    if (!newest.has(key) && run.state !== 'waiting' && run.state !== 'running') newest.set(key, run)
  }
  const failed = [...newest.values()].filter((run) => run.state === 'failed').length
  const ended = runs.find((run) => run.finishedAt)?.finishedAt
  const health: Health = failed > 0 ? 'bad' : running > 0 ? 'busy' : paused > 0 ? 'idle' : 'ok'
  if (runs.length === 0) return <HealthLine health="none">{t.runs.none}</HealthLine>
  return (
    <HealthLine health={health}>
      <Facts>
        {failed > 0 ? t.runs.failed(failed) : null}
        {running > 0 ? t.runs.busy(running) : null}
        {paused > 0 ? t.runs.paused(paused) : null}
        {failed + running === 0 && ended ? t.runs.wellIdle(f.relative(ended, now)) : null}
      </Facts>
    </HealthLine>
  )
}

function RunTimeline({ runs }: { runs: Run[] }) {
  const { t } = useText()
  const now = useNow(60_000)
  const oldest = Math.min(...runs.map((run) => Date.parse(run.createdAt)))
  const fitting = spans.find((minutes) => now - oldest < minutes * 60_000) ?? 60
  const [picked, setPicked] = useState<number | null>(null)
  const span = picked ?? Math.min(60, fitting)
  const lanes = useLanes(runs)
  const spanText = (minutes: number) => (minutes < 60 ? t.runs.minutes(minutes) : t.runs.hours(minutes / 60))
  return (
    <Section
      title={t.runs.timeline}
      text={t.runs.timelineText(spanText(span))}
      actions={
        <Chips
          label={t.runs.span}
          chips={spans.map((minutes) => ({ value: String(minutes), text: spanText(minutes) }))}
          value={String(span)}
          onPick={(value) => setPicked(Number(value))}
        />
      }
      bare
    >
      <Timeline lanes={lanes} spanMs={span * 60_000} label={t.runs.timelineText(spanText(span))} />
    </Section>
  )
}

function useLanes(runs: Run[]): Lane[] {
  const { t } = useText()
  const names = useNames()
  const nameOf = useConnectionName()
  const lanes = new Map<string, Lane>()
  for (const run of runs) {
    if (!run.startedAt) continue
    const key = `${run.connectionId}/${run.entity}`
    const connection = nameOf(run.connectionId)
    const lane = lanes.get(key) ?? {
      key,
      name: connection ? `${names.many(run.entity)} · ${connection}` : names.many(run.entity),
      bars: [],
    }
    lanes.set(key, lane)
    lane.bars.push({
      key: run.id,
      from: Date.parse(run.startedAt),
      to: run.finishedAt ? Date.parse(run.finishedAt) : null,
      tone: runHealth[run.state],
      title: `${names.many(run.entity)} · ${t.runKind[run.kind]} · ${t.runState[run.state]} · ${t.unit.records(run.records)}`,
      href: `/runs/${run.id}`,
      share: run.expected ? run.records / Math.max(run.expected, run.records) : null,
    })
  }
  return [...lanes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function RunList() {
  const { t } = useText()
  const [search] = useSearchParams()
  const state = states.find((each) => each === search.get('state'))
  const connection = search.get('connection') ?? undefined
  const entity = search.get('entity') ?? undefined
  const list = useInfiniteQuery(runsQuery({ state, connection, entity }))
  const runs = list.data?.pages.flatMap((page) => page.runs) ?? []
  return (
    <Section
      title={t.runs.list}
      actions={<StateChips states={states} names={t.runState} all={t.runs.all} value={state} />}
      bare
    >
      {list.isError ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? (
        <SkeletonBlock height={400} />
      ) : (
        <div className={styles.list}>
          <RunsTable runs={runs} label={t.runs.list} foot={<ShowMore list={list} shown={runs.length} />} />
        </div>
      )}
    </Section>
  )
}
