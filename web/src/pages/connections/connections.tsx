import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type ConnectionStatus, type Status, statusQuery } from '../../api/status.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, type Health, HealthDot, HealthLine } from '../../parts/health.tsx'
import link from '../../parts/link.module.css'
import { May } from '../../parts/may.tsx'
import { useNames } from '../../parts/names.ts'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import { connectionHealth } from './connection-health.ts'
import styles from './connections.module.css'

export function Connections() {
  const { t } = useText()
  const status = useQuery(statusQuery)
  const connections = status.data?.connections
  return (
    <>
      <PageHeader
        title={t.connections.title}
        tab={t.connections.title}
        health={status.data ? <Summary status={status.data} /> : <Bar width={220} />}
        actions={
          connections?.length ? (
            <May needs="create:integrations">
              <ButtonLink to="/connections/new" appearance="primary" icon={<Add20Regular />}>
                {t.connections.connect}
              </ButtonLink>
            </May>
          ) : null
        }
      />
      {status.isError ? <ErrorNotice error={status.error} onRetry={() => void status.refetch()} /> : null}
      {status.isPending ? <SkeletonBlock height={128} /> : null}
      {connections?.length === 0 ? <NoConnection /> : null}
      <ul className={styles.list}>
        {connections?.map((connection) => (
          <li key={connection.id}>
            <ConnectionCard connection={connection} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Summary({ status }: { status: Status }) {
  const { t } = useText()
  const broken = status.connections.filter((each) => each.state === 'needs_attention').length
  const paused = status.connections.filter((each) => each.state === 'paused').length
  const total = status.connections.length
  const health: Health = total === 0 ? 'none' : broken > 0 ? 'bad' : paused > 0 ? 'idle' : 'ok'
  return (
    <HealthLine health={health}>
      {total === 0 ? (
        t.connections.none
      ) : (
        <Facts>
          {broken > 0 ? t.connections.someBroken(broken) : null}
          {paused > 0 ? t.connections.somePaused(paused) : null}
          {broken + paused === 0 ? t.connections.allActive(total) : null}
        </Facts>
      )}
    </HealthLine>
  )
}

function ConnectionCard({ connection }: { connection: ConnectionStatus }) {
  const { t, f } = useText()
  const names = useNames()
  const { fromProblem } = useProblem()
  const read = connection.tables
    .map((table) => table.lastPassAt)
    .filter((at) => at !== null)
    .sort()
  const problem = connection.problem ? fromProblem(connection.problem) : null
  return (
    <article className={styles.card} data-state={connection.state}>
      <CrmMark crm={connection.crm} size={40} />
      <div className={styles.main}>
        <h2 className={styles.name}>
          <Link to={`/connections/${connection.id}`} className={link.covering}>
            {connection.name}
          </Link>
        </h2>
        <p className={styles.host}>{new URL(connection.url).host}</p>
        {problem ? <p className={styles.problem}>{problem.what}</p> : null}
      </div>
      <dl className={styles.tables}>
        {connection.tables
          .filter((table) => table.enabled)
          .sort((a, b) => b.counts.records - a.counts.records)
          .slice(0, 4)
          .map((table) => (
            <div key={table.entity}>
              <dt>{names.many(table.entity)}</dt>
              <dd>{f.count(table.counts.records)}</dd>
            </div>
          ))}
      </dl>
      <div className={styles.state}>
        <p>
          <HealthDot health={connectionHealth(connection)} />
          {t.state[connection.state]}
        </p>
        <p className={styles.fresh}>{read.length > 0 ? <RelativeTime at={read.at(-1) ?? null} /> : t.home.notRead}</p>
      </div>
    </article>
  )
}

function NoConnection() {
  const { t } = useText()
  return (
    <EmptyState
      title={t.connections.emptyTitle}
      text={t.connections.emptyText}
      picture={
        <div className={styles.ghosts}>
          {['dynamics', 'salesforce', 'servicenow', 'zendesk', 'hubspot'].map((crm) => (
            <CrmMark key={crm} crm={crm} size={44} />
          ))}
        </div>
      }
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
