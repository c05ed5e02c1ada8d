import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type Connection, connectionsQuery } from '../../api/connections.ts'
import { type Status, statusQuery } from '../../api/status.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { Meter } from '../../parts/meter.tsx'
import { PageHeader, Section } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { Since } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import { Board, GhostBoard } from './board.tsx'
import styles from './home.module.css'
import { LatestChanges } from './latest-changes.tsx'
import { NextStep } from './next-step.tsx'
import { type Overall, overall } from './overall.ts'
import { PersonList } from './person-list.tsx'

/** Is all well, since when, on what evidence; and if not, the one next step. */
export function Home() {
  const { t } = useText()
  const status = useQuery(statusQuery)
  if (!status.data) {
    return (
      <>
        <PageHeader
          title={status.isError ? t.home.title : <Bar width={180} height={20} />}
          tab={t.home.title}
          health={status.isError ? null : <Bar width={320} />}
        />
        {status.isError ? (
          <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
        ) : (
          <SkeletonBlock height={280} />
        )}
      </>
    )
  }
  const now = overall(status.data)
  if (now.verdict === 'empty') return <EmptyHome />
  return (
    <>
      <PageHeader
        title={<Verdict now={now} />}
        tab={t.home.title}
        health={<Evidence status={status.data} now={now} />}
      />
      {now.copying ? (
        <div className={styles.copying}>
          <Meter
            label={t.home.copying}
            share={now.copying.expected ? now.copying.records / now.copying.expected : null}
          />
        </div>
      ) : null}
      {now.verdict === 'trouble' ? <NextStep status={status.data} /> : null}
      <Section title={t.home.board} text={t.home.boardText} bare>
        <Board status={status.data} />
      </Section>
      <div className={styles.lower}>
        <PersonList status={status.data} />
        <May needs="read:records">
          <LatestChanges status={status.data} />
        </May>
      </div>
    </>
  )
}

function Verdict({ now }: { now: Overall }) {
  const { t } = useText()
  if (now.verdict === 'trouble') return t.home.trouble(Math.max(1, now.pressing))
  if (now.verdict === 'copying') return t.home.copying
  if (now.verdict === 'paused') return t.home.pausedAll
  if (now.verdict === 'well') return t.home.well
  return now.parked === now.waiting && now.parked > 0 ? t.home.cautionParked(now.parked) : t.home.caution(now.waiting)
}

function Evidence({ status, now }: { status: Status; now: Overall }) {
  const { t, f } = useText()
  const { data: connections } = useQuery(connectionsQuery)
  const since = sinceOf(status, now, connections ?? [])
  const { copying, compared } = now
  return (
    <HealthLine health={now.health}>
      <Facts>
        {copying || now.verdict === 'caution' ? null : <Since at={since} />}
        {now.parked > 0 ? <Link to="/attention?kind=parked">{t.unit.parked(now.parked)}</Link> : null}
        {copying ? (
          <Link to="/runs">
            {copying.expected === null
              ? t.unit.records(copying.records)
              : t.unit.ofAll(copying.records, copying.expected)}
          </Link>
        ) : null}
        {copying?.secondsLeft ? t.time.left(f.duration(copying.secondsLeft * 1000)) : null}
        {compared ? (
          <Link to="/connections">{t.home.ofCrm(compared.held, compared.crm)}</Link>
        ) : copying ? null : (
          <Link to="/records">{t.home.held(now.records)}</Link>
        )}
        {compared ? <VerifiedAt compared={compared} /> : copying ? null : t.home.notVerified}
        {now.parked > 0 ? null : <Link to="/attention?kind=parked">{t.unit.parked(0)}</Link>}
        <Link to="/writes">{t.home.writesOpen(now.writesOpen)}</Link>
      </Facts>
    </HealthLine>
  )
}

/** Since when it is as it is: the oldest problem, or the last time that a connection or the hub itself changed. */
function sinceOf(status: Status, now: Overall, connections: Connection[]): string {
  const problems = status.connections
    .flatMap((connection) => [connection.problem, ...connection.tables.map((table) => table.problem)])
    .map((problem) => problem?.since)
    .filter((at) => typeof at === 'string')
  if (now.verdict === 'trouble' && problems.length > 0) return problems.sort()[0] ?? status.startedAt
  return [status.startedAt, ...connections.map((connection) => connection.changedAt)].sort().at(-1) ?? status.startedAt
}

function VerifiedAt({ compared }: { compared: NonNullable<Overall['compared']> }) {
  const { t, f } = useText()
  const at = compared.deletesVerifiedAt ?? compared.at
  return (
    <Link to="/runs">
      <time dateTime={at} title={f.exact(at)}>
        {compared.deletesVerifiedAt ? t.home.deletesVerified(f.moment(at)) : t.home.verified(f.moment(at))}
      </time>
    </Link>
  )
}

function EmptyHome() {
  const { t } = useText()
  return (
    <>
      <PageHeader
        title={t.home.empty}
        tab={t.home.title}
        health={<HealthLine health="none">{t.home.emptyNext}</HealthLine>}
        actions={
          <May needs="create:integrations">
            <ButtonLink to="/connections/new" appearance="primary">
              {t.home.start}
            </ButtonLink>
          </May>
        }
      />
      <Section title={t.home.board} text={t.home.boardText} bare>
        <GhostBoard />
      </Section>
    </>
  )
}
