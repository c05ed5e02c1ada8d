import { Button } from '@fluentui/react-components'
import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { peopleQuery } from '../../api/people.ts'
import { type Team, teamsQuery } from '../../api/teams.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { TeamDialog } from './team-dialog.tsx'
import styles from './teams.module.css'

export function Teams() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const teams = useQuery(teamsQuery)
  const make = (
    <Button appearance="primary" icon={<Add20Regular />} onClick={() => setSearch({ new: '1' })}>
      {t.teamPage.make}
    </Button>
  )
  const count = teams.data?.length ?? 0
  return (
    <>
      <PageHeader
        title={t.teamPage.title}
        tab={t.teamPage.title}
        health={
          teams.data ? (
            <HealthLine health="none">{count > 0 ? t.teamPage.health(count) : t.teamPage.none}</HealthLine>
          ) : (
            <Bar width={120} />
          )
        }
        actions={count > 0 ? make : null}
      />
      {teams.isError ? <ErrorNotice error={teams.error} onRetry={() => void teams.refetch()} /> : null}
      {teams.isPending ? <SkeletonBlock height={160} /> : null}
      {teams.data && count === 0 ? (
        <EmptyState
          title={t.teamPage.emptyTitle}
          text={t.teamPage.emptyText}
          picture={<GhostRows rows={3} />}
          action={make}
        />
      ) : null}
      {teams.data && count > 0 ? <TeamTable teams={teams.data} /> : null}
      {search.has('new') ? <TeamDialog onClose={() => setSearch({}, { replace: true })} /> : null}
    </>
  )
}

function TeamTable({ teams }: { teams: Team[] }) {
  const { t, f } = useText()
  const { data: people = [] } = useQuery(peopleQuery)
  const membersOf = ({ members }: Team) => {
    const names = people.filter(({ id }) => members.includes(id)).map(({ name }) => name)
    return names.length > 0 && names.length <= 4 ? f.list(names) : t.teamPage.memberCount(members.length)
  }
  return (
    <DataTable
      label={t.teamPage.title}
      rows={teams}
      rowKey={(team) => team.id}
      href={(team) => `/teams/${team.id}`}
      under={membersOf}
      columns={[
        {
          key: 'name',
          head: t.teamPage.name,
          cell: (team) => (
            <>
              {team.name}
              {team.description ? <span className={styles.text}>{team.description}</span> : null}
            </>
          ),
        },
        { key: 'members', head: t.teamPage.members, rank: 2, width: '36%', cell: membersOf },
        {
          key: 'owners',
          head: t.owners.ofTeam,
          rank: 3,
          width: '24%',
          cell: (team) => t.teamPage.ownerCount(team.owners.length),
        },
      ]}
    />
  )
}
