import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { client, keepSaved } from '../../api/client.ts'
import { type AgentWorkflow, agentWorkflowsQuery, orderAgentWorkflows } from '../../api/configuration-parts.ts'
import type { Configuration } from '../../api/configurations.ts'
import { useMay } from '../../api/session.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import editor from '../configuration-parts/editor.module.css'
import { moved, OrderButtons } from '../configuration-parts/row-parts.tsx'
import styles from './agent-workflows.module.css'
import { useRunsWords, useWhoWords } from './workflow-words.ts'

/** What runs for whom, in the order in which they are tried. */
export function AgentWorkflowList({ configuration }: { configuration: Configuration }) {
  const { t } = useText()
  const { id } = configuration
  const { data, isPending, isError, error, refetch } = useQuery(agentWorkflowsQuery(id))
  const mayEdit = useMay('edit:integrations')
  const make = mayEdit ? (
    <ButtonLink to={`/configurations/${id}/agent-workflows/new`} appearance="primary" icon={<Add20Regular />}>
      {t.agentWorkflows.make}
    </ButtonLink>
  ) : null
  const [title, text] = t.configurationParts.empty.agent_workflows ?? ['', '']
  return (
    <>
      {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonBlock height={160} /> : null}
      {data?.length === 0 ? (
        <EmptyState title={title} text={text} picture={<GhostRows rows={3} />} action={make} />
      ) : null}
      {data?.length ? (
        <Section title={t.configurations.tabs['agent-workflows']} text={t.agentWorkflows.order} actions={make}>
          <Ordered configuration={id} workflows={data} />
        </Section>
      ) : null}
    </>
  )
}

function Ordered({ configuration, workflows }: { configuration: string; workflows: AgentWorkflow[] }) {
  const toasts = useToasts()
  const mayEdit = useMay('edit:integrations')
  const { queryKey } = agentWorkflowsQuery(configuration)
  const who = useWhoWords()
  const runs = useRunsWords()
  const order = useMutation({
    mutationFn: (wanted: AgentWorkflow[]) =>
      orderAgentWorkflows(
        configuration,
        wanted.map(({ id }) => id),
      ),
    // It stands where it was moved to at once; the hub's answer counts.
    onMutate: (wanted) => {
      void client.cancelQueries({ queryKey, exact: true })
      client.setQueryData(queryKey, wanted)
    },
    onSuccess: ({ workflows: stored }) => keepSaved(queryKey, stored),
    onError: (error) => {
      toasts.failed(error)
      void client.invalidateQueries({ queryKey })
    },
  })
  return (
    <ol className={styles.workflows} data-ordered>
      {workflows.map((workflow, index) => (
        <li key={workflow.id}>
          <span className={styles.place}>{index + 1}</span>
          <span className={styles.what}>
            <Link to={`/configurations/${configuration}/agent-workflows/${workflow.id}`}>{workflow.name}</Link>
            <span className={editor.text}>{who(workflow)}</span>
            <span className={editor.text}>{runs(workflow)}</span>
          </span>
          {mayEdit && workflows.length > 1 ? (
            <span className={editor.acts}>
              <OrderButtons
                {...{ name: workflow.name, index, count: workflows.length }}
                onMove={(to) => order.mutate(moved(workflows, index, to))}
              />
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  )
}
