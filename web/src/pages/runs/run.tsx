import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Link, useParams } from 'react-router'
import type { AttentionItem } from '../../api/attention.ts'
import { connectionsQuery } from '../../api/connections.ts'
import { type Run, runQuery } from '../../api/runs.ts'
import { announce } from '../../parts/announcer.tsx'
import { runHealth } from '../../parts/badge.tsx'
import { ErrorNotice, ProblemNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { useNames } from '../../parts/names.ts'
import { PageHeader, Pair, Pairs, Section } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { Ahead, Exact } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import { AttentionAct } from '../attention/attention-act.tsx'
import { AuditFindings } from './audit-findings.tsx'
import { RunActs } from './run-acts.tsx'
import { RunProgress } from './run-progress.tsx'
import { Took } from './runs-table.tsx'

export function RunPage() {
  const { t } = useText()
  const names = useNames()
  const { id = '' } = useParams()
  const query = useQuery(runQuery(id))
  const run = query.data
  useEndSaid(run)
  const title = run ? `${names.many(run.entity)} · ${t.runKind[run.kind]}` : ''
  return (
    <>
      <PageHeader
        title={run ? title : query.isError ? t.runs.title : <Bar width={260} height={20} />}
        tab={title || t.runs.title}
        crumbs={[{ to: '/runs', text: t.runs.title }]}
        health={run ? <RunHealth run={run} /> : query.isError ? null : <Bar width={320} />}
        actions={run ? <RunActs run={run} /> : null}
      />
      {query.isError ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending ? <SkeletonBlock height={260} /> : null}
      {run?.problem ? <RunProblem run={run} /> : null}
      {run ? (
        <>
          {run.kind === 'audit' && run.result ? null : <RunProgress run={run} />}
          {run.kind === 'audit' && run.result ? <AuditFindings result={run.result} /> : null}
          <Section title={t.runs.times}>
            <Pairs>
              <Pair name={t.runs.why}>{whyOf(run, names.cause)}</Pair>
              <Pair name={t.runs.created}>
                <Exact at={run.createdAt} />
              </Pair>
              {run.startedAt ? (
                <Pair name={t.runs.started}>
                  <Exact at={run.startedAt} />
                </Pair>
              ) : null}
              {run.finishedAt ? (
                <Pair name={t.runs.ended}>
                  <Exact at={run.finishedAt} />
                </Pair>
              ) : null}
              {run.attempts > 1 ? <Pair name={t.runs.attempts}>{run.attempts}</Pair> : null}
            </Pairs>
          </Section>
        </>
      ) : null}
    </>
  )
}

function whyOf(run: Run, cause: (cause: string) => string): string {
  return run.requestedBy ? `${cause(run.cause)} (${run.requestedBy})` : cause(run.cause)
}

function RunHealth({ run }: { run: Run }) {
  const { t, f } = useText()
  const { data } = useQuery(connectionsQuery)
  const connection = data?.find((each) => each.id === run.connectionId)
  const waiting = run.notBefore && run.state === 'waiting' && Date.parse(run.notBefore) > Date.now()
  return (
    <HealthLine health={runHealth[run.state]}>
      <Facts>
        {t.runState[run.state]}
        {connection ? <Link to={`/connections/${connection.id}`}>{connection.name}</Link> : null}
        {run.startedAt ? <Took run={run} /> : null}
        {run.secondsLeft !== null && run.state === 'running' ? t.time.left(f.duration(run.secondsLeft * 1000)) : null}
        {waiting && run.notBefore ? <Ahead at={run.notBefore} /> : null}
      </Facts>
    </HealthLine>
  )
}

function RunProblem({ run }: { run: Run }) {
  const { t } = useText()
  const names = useNames()
  const { data } = useQuery(connectionsQuery)
  if (!run.problem) return null
  const connectionName = data?.find((each) => each.id === run.connectionId)?.name ?? ''
  const page = run.problem.page === undefined ? '' : t.runs.page(run.problem.page)
  const sweep = run.problem.code === 'sync.sweep_needs_person' && run.state === 'failed'
  const item: AttentionItem = {
    kind: 'sweep',
    id: run.id,
    connectionId: run.connectionId,
    connectionName,
    entity: run.entity,
    recordId: null,
    sourceId: null,
    name: null,
    field: null,
    reason: null,
    problem: run.problem,
    times: 1,
    at: run.finishedAt ?? run.createdAt,
  }
  return (
    <ProblemNotice
      problem={run.problem}
      subject={[connectionName, names.many(run.entity), page].filter(Boolean).join(' · ')}
      action={sweep ? <AttentionAct item={item} primary /> : undefined}
      calm={run.state !== 'failed'}
    />
  )
}

/** The end of a run that is being watched is said aloud, once. */
function useEndSaid(run: Run | undefined): void {
  const { t } = useText()
  const names = useNames()
  const before = useRef<Run['state'] | null>(null)
  useEffect(() => {
    if (!run) return
    const was = before.current
    before.current = run.state
    if (was !== 'running') return
    if (run.state === 'done') announce(t.runs.endedDone(names.many(run.entity)))
    if (run.state === 'failed') announce(t.runs.endedFailed(names.many(run.entity)))
  }, [run, t, names])
}
