import { Button, Field, Input } from '@fluentui/react-components'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { changeTeam, refreshTeams, removeTeam, type Team, teamsQuery } from '../../api/teams.ts'
import { useAuditLink } from '../../parts/audit-link.tsx'
import { CrmOwners } from '../../parts/crm-owners.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { PageHeader, Section, SideBySide } from '../../parts/page.tsx'
import { useProven } from '../../parts/proof.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { keepTeam } from './keep-team.ts'
import { Members } from './members.tsx'
import styles from './teams.module.css'

export function TeamPage() {
  const { t } = useText()
  const { id = '' } = useParams()
  const teams = useQuery(teamsQuery)
  const team = teams.data?.find((each) => each.id === id)
  const crumbs = [{ to: '/teams', text: t.teamPage.title }]
  if (teams.data && !team) return <PageHeader title={t.teamPage.gone} tab={t.teamPage.title} crumbs={crumbs} />
  return (
    <>
      <PageHeader
        title={team?.name ?? <Bar width={180} height={22} />}
        tab={team?.name ?? t.teamPage.title}
        crumbs={crumbs}
        health={team ? <About team={team} /> : <Bar width={140} />}
        actions={team ? <Remove team={team} /> : null}
      />
      {teams.isError ? <ErrorNotice error={teams.error} onRetry={() => void teams.refetch()} /> : null}
      {teams.isPending ? <SkeletonBlock height={240} /> : null}
      {team ? (
        <>
          <Members team={team} />
          <SideBySide>
            <Owners team={team} />
            <Named key={team.version} team={team} />
          </SideBySide>
        </>
      ) : null}
    </>
  )
}

function About({ team }: { team: Team }) {
  const { t } = useText()
  const acts = useAuditLink(team.id)
  return (
    <HealthLine health="none">
      <Facts>
        {team.description || null}
        {t.teamPage.memberCount(team.members.length)}
        {t.teamPage.ownerCount(team.owners.length)}
        {acts}
      </Facts>
    </HealthLine>
  )
}

function Remove({ team }: { team: Team }) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  function remove(): void {
    void navigate('/teams')
    const act = async () => {
      await removeTeam(team.id)
      await refreshTeams()
    }
    toasts.later(t.teamPage.removed(team.name), act, () => void navigate(`/teams/${team.id}`))
  }
  return (
    <Button icon={<Delete20Regular />} onClick={remove}>
      {t.act.remove}
    </Button>
  )
}

function Owners({ team }: { team: Team }) {
  const { t } = useText()
  const toasts = useToasts()
  const put = useProven((owners: string[]) => changeTeam(team.id, { owners, version: team.version }), {
    done: (changed) => {
      keepTeam(changed)
      toasts.done(t.owners.saved)
    },
    failed: (error) => toasts.failed(error, team.name),
  })
  return (
    <Section title={t.owners.ofTeam} text={t.owners.ofTeamText}>
      <CrmOwners owners={team.owners} none={t.owners.none} onChange={put.run} />
    </Section>
  )
}

function Named({ team }: { team: Team }) {
  const { t } = useText()
  const toasts = useToasts()
  const [name, setName] = useState(team.name)
  const [description, setDescription] = useState(team.description)
  const changed = name.trim() !== team.name || description.trim() !== team.description
  const save = useProven(
    () => changeTeam(team.id, { name: name.trim(), description: description.trim(), version: team.version }),
    {
      done: (saved) => {
        keepTeam(saved)
        toasts.done(t.teamPage.saved)
      },
    },
  )
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (changed && name.trim()) save.run(undefined)
  }
  return (
    <Section title={t.teamPage.about}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field
          label={t.teamPage.name}
          validationState={name.trim() ? 'none' : 'error'}
          validationMessage={name.trim() ? null : t.wizard.missing}
        >
          <Input value={name} onChange={(_, { value }) => setName(value)} input={{ maxLength: 200 }} />
        </Field>
        <Field label={t.teamPage.description}>
          <Input value={description} onChange={(_, { value }) => setDescription(value)} input={{ maxLength: 500 }} />
        </Field>
        {save.error ? <ErrorNotice error={save.error} subject={team.name} /> : null}
        <MainButton type="submit" busy={save.busy} disabledFocusable={!changed}>
          {t.act.save}
        </MainButton>
      </form>
    </Section>
  )
}
