import { Button } from '@fluentui/react-components'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { Pause20Regular } from '@fluentui/react-icons/svg/pause'
import { Play20Regular } from '@fluentui/react-icons/svg/play'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { keepSaved } from '../../api/client.ts'
import {
  type Configuration,
  changeConfiguration,
  configurationQuery,
  neededRightsQuery,
  refreshConfigurations,
} from '../../api/configurations.ts'
import { connectionQuery } from '../../api/connections.ts'
import { useMay } from '../../api/session.ts'
import { Lost } from '../../frame/lost.tsx'
import { useAuditLink } from '../../parts/audit-link.tsx'
import { ButtonLink } from '../../parts/button-link.tsx'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { ErrorNotice, ProblemNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import offer from '../../parts/offer.module.css'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { AgentWorkflowList } from '../agent-workflows/agent-workflow-list.tsx'
import { PartList } from '../configuration-parts/part-list.tsx'
import { MendActs } from '../connections/connection-acts.tsx'
import { configurationHealth } from './configuration-state.tsx'
import { ConfigurationTabs, isTab } from './configuration-tabs.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { Overview } from './overview.tsx'
import { rightsPlace } from './rights.tsx'

/** One configuration: how it is, and its parts by tab. */
export function ConfigurationPage() {
  const { t } = useText()
  const { id = '', tab = 'overview' } = useParams()
  const { data: configuration, isError, error, refetch } = useQuery(configurationQuery(id))
  const crumbs = [{ to: '/configurations', text: t.configurations.title }]
  if (!isTab(tab)) return <Lost />
  if (!configuration) {
    return (
      <>
        <PageHeader
          title={isError ? t.configurations.title : <Bar width={240} height={20} />}
          tab={t.configurations.title}
          crumbs={crumbs}
          health={isError ? null : <Bar width={320} />}
        />
        {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <SkeletonBlock height={320} />}
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={configuration.name}
        tab={`${t.configurations.tabs[tab]} · ${configuration.name}`}
        crumbs={crumbs}
        mark={<CrmMark crm={configuration.crm} size={32} />}
        health={<Health configuration={configuration} tab={tab} />}
        actions={<Acts configuration={configuration} />}
      />
      <Problem configuration={configuration} />
      {tab === 'agent-workflows' ? null : <Next configuration={configuration} />}
      <ConfigurationTabs configuration={configuration} tab={tab} />
      {tab === 'overview' ? (
        <Overview key={id} configuration={configuration} />
      ) : tab === 'agent-workflows' ? (
        <AgentWorkflowList configuration={configuration} />
      ) : (
        <PartList key={tab} configuration={configuration} tab={tab} />
      )}
    </>
  )
}

/** The CRM is asked for the rights where they are listed. */
function Health({ configuration, tab }: { configuration: Configuration; tab: string }) {
  const { t } = useText()
  const { id, teamIds, personIds, state } = configuration
  const acts = useAuditLink(id)
  const { data: needed } = useQuery({ ...neededRightsQuery(id), enabled: tab === 'overview' })
  const missing = needed?.rights.filter((right) => right.state === 'missing').length ?? 0
  return (
    <HealthLine health={missing > 0 && state === 'active' ? 'warn' : configurationHealth[state]}>
      <Facts>
        {t.configurations.states[state]}
        {missing > 0 && tab === 'overview' ? (
          <a href={`#${rightsPlace}`}>{t.configurations.rights.missing(missing)}</a>
        ) : null}
        <Link to={`/connections/${configuration.connectionId}`}>{configuration.connectionName}</Link>
        {teamIds.length + personIds.length > 0
          ? t.configurations.usersOf(teamIds.length, personIds.length)
          : t.configurations.everybody}
        {acts}
      </Facts>
    </HealthLine>
  )
}

/** What its connection waits for, with the connection's own mend. */
function Problem({ configuration }: { configuration: Configuration }) {
  const { t } = useText()
  const { problem, state, connectionId, connectionName } = configuration
  const mayEdit = useMay('edit:integrations')
  const connection = useQuery({ ...connectionQuery(connectionId), enabled: problem !== null && mayEdit })
  if (problem === null || state !== 'needs_attention') return null
  return (
    <ProblemNotice
      problem={problem}
      subject={t.configurations.problemTo(connectionName)}
      action={mayEdit && connection.data ? <MendActs connection={connection.data} /> : null}
    />
  )
}

/** Without an agent workflow nothing of it is used. */
function Next({ configuration: { id, state, parts } }: { configuration: Configuration }) {
  const { t } = useText()
  const mayEdit = useMay('edit:integrations')
  if (!mayEdit || state !== 'active' || parts.agentWorkflows > 0) return null
  return (
    <section className={offer.offer} aria-label={t.configurations.nextTitle}>
      <div>
        <strong>{t.configurations.nextTitle}</strong>
        {t.configurations.nextText}
      </div>
      <ButtonLink to={`/configurations/${id}/agent-workflows/new`} appearance="primary">
        {t.agentWorkflows.make}
      </ButtonLink>
    </section>
  )
}

function Acts({ configuration }: { configuration: Configuration }) {
  const { t } = useText()
  const toasts = useToasts()
  const [deleting, setDeleting] = useState(false)
  const mayEdit = useMay('edit:integrations')
  const { id, name, version } = configuration
  const isOff = configuration.state === 'off'
  const put = useMutation({
    mutationFn: (state: 'active' | 'off') => changeConfiguration(id, { state, version }),
    onSuccess: (changed, state) => {
      keepSaved(configurationQuery(id).queryKey, changed)
      void refreshConfigurations()
      toasts.done(state === 'off' ? t.configurations.isOff(name) : t.configurations.isOn(name))
    },
    onError: (error) => {
      void refreshConfigurations()
      toasts.failed(error, name)
    },
  })
  if (!mayEdit) return null
  return (
    <>
      <Button
        icon={isOff ? <Play20Regular /> : <Pause20Regular />}
        appearance={isOff ? 'primary' : 'secondary'}
        onClick={() => put.mutate(isOff ? 'active' : 'off')}
      >
        {isOff ? t.configurations.turnOn : t.configurations.turnOff}
      </Button>
      <Button icon={<Delete20Regular />} onClick={() => setDeleting(true)}>
        {t.configurations.remove}
      </Button>
      {deleting ? <DeleteDialog configuration={configuration} onClose={() => setDeleting(false)} /> : null}
    </>
  )
}
