import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { type Configuration, configurationsQuery } from '../../api/configurations.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthDot, HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { configurationHealth, useHeld } from './configuration-state.tsx'
import styles from './configurations.module.css'

export function Configurations() {
  const { t } = useText()
  const { data, isPending, isError, error, refetch } = useQuery(configurationsQuery)
  const make = (
    <May needs="create:integrations">
      <ButtonLink to="/configurations/new" appearance="primary" icon={<Add20Regular />}>
        {t.configurations.make}
      </ButtonLink>
    </May>
  )
  return (
    <>
      <PageHeader
        title={t.configurations.title}
        tab={t.configurations.title}
        health={data ? <Summary all={data} /> : <Bar width={180} />}
        actions={data?.length ? make : null}
      />
      {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonBlock height={160} /> : null}
      {data?.length === 0 ? (
        <EmptyState
          title={t.configurations.emptyTitle}
          text={t.configurations.emptyText}
          picture={<GhostRows rows={3} />}
          action={make}
        />
      ) : null}
      {data?.length ? <List all={data} /> : null}
    </>
  )
}

function Summary({ all }: { all: Configuration[] }) {
  const { t } = useText()
  const broken = all.filter(({ state }) => state === 'needs_attention').length
  return (
    <HealthLine health={all.length === 0 ? 'none' : broken > 0 ? 'bad' : 'ok'}>
      <Facts>
        {all.length === 0 ? t.configurations.none : t.configurations.health(all.length)}
        {broken > 0 ? t.configurations.broken(broken) : null}
      </Facts>
    </HealthLine>
  )
}

function List({ all }: { all: Configuration[] }) {
  const { t } = useText()
  const held = useHeld()
  const state = (one: Configuration) => (
    <span className={styles.state}>
      <HealthDot health={configurationHealth[one.state]} />
      {t.configurations.states[one.state]}
    </span>
  )
  return (
    <DataTable
      label={t.configurations.title}
      rows={all}
      rowKey={({ id }) => id}
      href={({ id }) => `/configurations/${id}`}
      tone={(one) => (one.state === 'needs_attention' ? 'bad' : one.state === 'off' ? 'faint' : undefined)}
      under={(one) => (
        <>
          {state(one)}
          <span className={styles.text}>{one.connectionName}</span>
        </>
      )}
      columns={[
        {
          key: 'name',
          head: t.configurations.name,
          cell: (one) => (
            <span className={styles.named}>
              <CrmMark crm={one.crm} size={24} />
              <span>
                {one.name}
                {one.description ? <span className={styles.text}>{one.description}</span> : null}
              </span>
            </span>
          ),
        },
        {
          key: 'connection',
          head: t.configurations.connection,
          rank: 2,
          width: '20%',
          cell: (one) => one.connectionName,
        },
        { key: 'state', head: t.configurations.state, rank: 2, width: '170px', cell: state },
        { key: 'parts', head: t.configurations.parts, rank: 3, width: '30%', cell: ({ parts }) => held(parts) },
      ]}
    />
  )
}
