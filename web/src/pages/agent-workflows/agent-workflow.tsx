import { Button } from '@fluentui/react-components'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useNavigate, useParams } from 'react-router'
import {
  type AgentWorkflow,
  agentWorkflowsQuery,
  partsQuery,
  removeAgentWorkflow,
} from '../../api/configuration-parts.ts'
import { configurationFieldsQuery, configurationQuery, refreshConfigurations } from '../../api/configurations.ts'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { Changeable, May } from '../../parts/may.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { WorkflowEditor } from './workflow-editor.tsx'
import { emptyWorkflow } from './workflow-state.ts'
import { useWhoWords } from './workflow-words.ts'

/** One agent workflow, or a new one. */
export function AgentWorkflowPage() {
  const { t } = useText()
  const { id = '', workflow = '' } = useParams()
  const configuration = useQuery(configurationQuery(id))
  const offered = useQuery(configurationFieldsQuery(id))
  const workflows = useQuery(agentWorkflowsQuery(id))
  const parts = useQuery(partsQuery(id))
  const broken = [configuration, offered, workflows, parts].find(({ error }) => error)
  const isNew = workflow === 'new'
  const empty = useMemo(() => offered.data && emptyWorkflow(offered.data), [offered.data])
  const shown = isNew ? empty : workflows.data?.find((each) => each.id === workflow)
  const isGone = !isNew && workflows.data !== undefined && !shown
  const words = t.agentWorkflows
  const title = isGone ? words.gone : isNew ? words.make : (shown?.name ?? words.one)
  const list = `/configurations/${id}/agent-workflows`
  return (
    <>
      <PageHeader
        title={shown || isGone || broken ? title : <Bar width={220} height={22} />}
        tab={title}
        mark={configuration.data ? <CrmMark crm={configuration.data.crm} /> : null}
        crumbs={[
          { to: '/configurations', text: t.configurations.title },
          { to: `/configurations/${id}`, text: configuration.data?.name ?? '…' },
          { to: list, text: t.configurations.tabs['agent-workflows'] },
        ]}
        health={shown ? <Health workflow={shown} all={workflows.data ?? []} /> : null}
        actions={shown && !isNew ? <Remove workflow={shown} list={list} /> : null}
      />
      {broken ? <ErrorNotice error={broken.error} onRetry={() => void broken.refetch()} /> : null}
      {configuration.data && offered.data && parts.data && shown ? (
        <Changeable needs="edit:integrations">
          <WorkflowEditor
            key={workflow}
            {...{ workflow: shown, list, parts: parts.data }}
            ground={{ configuration: configuration.data, offered: offered.data }}
          />
        </Changeable>
      ) : broken || isGone ? null : (
        <SkeletonBlock height={420} />
      )}
    </>
  )
}

function Health({ workflow, all }: { workflow: AgentWorkflow; all: AgentWorkflow[] }) {
  const { t } = useText()
  const who = useWhoWords()
  if (workflow.version === 0) return <HealthLine health="none">{t.agentWorkflows.order}</HealthLine>
  return (
    <HealthLine health="ok">
      {t.agentWorkflows.place} {t.agentWorkflows.placeOf(all.indexOf(workflow) + 1, all.length)} · {who(workflow)}
    </HealthLine>
  )
}

function Remove({ workflow, list }: { workflow: AgentWorkflow; list: string }) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  function remove(): void {
    void navigate(list)
    const act = async () => {
      await removeAgentWorkflow(workflow.configurationId, workflow.id)
      await refreshConfigurations()
    }
    toasts.later(t.agentWorkflows.removed(workflow.name), act, () => void navigate(`${list}/${workflow.id}`))
  }
  return (
    <May needs="edit:integrations">
      <Button icon={<Delete20Regular />} onClick={remove}>
        {t.configurationParts.remove}
      </Button>
    </May>
  )
}
