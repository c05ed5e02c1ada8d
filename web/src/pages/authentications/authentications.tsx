import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { type Authentication, authenticationsQuery } from '../../api/authentications.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthDot, HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import { authenticationHealth } from './authentication-health.ts'
import styles from './authentications.module.css'
import { TokenEnd } from './token-end.tsx'

export function Authentications() {
  const { t } = useText()
  const { data, isPending, isError, error, refetch } = useQuery(authenticationsQuery)
  const make = (
    <ButtonLink to="/authentications/new" appearance="primary" icon={<Add20Regular />}>
      {t.authentications.make}
    </ButtonLink>
  )
  return (
    <>
      <PageHeader
        title={t.authentications.title}
        tab={t.authentications.title}
        health={data ? <Summary all={data} /> : <Bar width={180} />}
        actions={data?.length ? make : null}
      />
      {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonBlock height={160} /> : null}
      {data?.length === 0 ? (
        <EmptyState
          title={t.authentications.emptyTitle}
          text={t.authentications.emptyText}
          picture={<GhostRows rows={3} />}
          action={make}
        />
      ) : null}
      {data?.length ? <AuthenticationTable rows={data} /> : null}
    </>
  )
}

function Summary({ all }: { all: Authentication[] }) {
  const { t } = useText()
  const broken = all.filter((each) => authenticationHealth(each) === 'bad').length
  if (all.length === 0) return <HealthLine health="none">{t.authentications.none}</HealthLine>
  return (
    <HealthLine health={broken > 0 ? 'bad' : 'ok'}>
      {broken > 0 ? t.authentications.someBroken(broken) : t.authentications.health(all.length)}
    </HealthLine>
  )
}

function AuthenticationTable({ rows }: { rows: Authentication[] }) {
  const { t, f } = useText()
  const users = ({ connections }: Authentication) =>
    connections.length > 0 ? f.list(connections.map(({ name }) => name)) : t.authentications.unused
  return (
    <DataTable
      label={t.authentications.title}
      rows={rows}
      rowKey={(row) => row.id}
      href={(row) => `/authentications/${row.id}`}
      tone={(row) => (authenticationHealth(row) === 'bad' ? 'bad' : undefined)}
      under={(row) => (authenticationHealth(row) === 'bad' ? <State row={row} /> : users(row))}
      columns={[
        {
          key: 'name',
          head: t.authentications.name,
          cell: ({ name, crm }) => (
            <span className={styles.name}>
              <CrmMark crm={crm} size={20} />
              {name}
            </span>
          ),
        },
        { key: 'users', head: t.authentications.usedBy, rank: 2, width: '28%', cell: users },
        { key: 'state', head: t.authentications.state, rank: 2, width: '26%', cell: (row) => <State row={row} /> },
        {
          key: 'token',
          head: t.authentications.tokenEnds,
          rank: 3,
          width: '146px',
          cell: ({ tokenExpiresAt }) => <TokenEnd at={tokenExpiresAt} />,
        },
      ]}
    />
  )
}

/** In a word; what the issuer says of it stands before what an organisation says of its user. */
function State({ row }: { row: Authentication }) {
  const { t } = useText()
  const { fromProblem } = useProblem()
  const health = authenticationHealth(row)
  const said = row.problem ? fromProblem(row.problem).what : t.state.needs_attention
  if (health === 'warn') {
    return (
      <span className={styles.state}>
        <HealthDot health="warn" />
        {t.ownAccounts.waiting}
      </span>
    )
  }
  const calm = health === 'none' ? t.authentications.ready : t.authentications.well
  return (
    <span className={styles.state}>
      <HealthDot health={health} />
      {health === 'bad' ? said : calm}
    </span>
  )
}
