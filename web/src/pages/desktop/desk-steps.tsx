import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { configurationsQuery } from '../../api/configurations.ts'
import { connectionsQuery } from '../../api/connections.ts'
import { interactionsQuery } from '../../api/interactions.ts'
import { useMay } from '../../api/session.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './desk-steps.module.css'

export interface DeskStep {
  name: 'connect' | 'configure' | 'workflow' | 'calls'
  done: boolean
  to: string
}

/** What has to be so before callers appear, in its order. Null: whoever looks cannot change it; undefined: not known yet. */
export function useDeskSteps(): DeskStep[] | null | undefined {
  const may = useMay('edit:integrations')
  const maySee = useMay('read:status')
  const mayMakeKeys = useMay('manage:keys')
  const connections = useQuery({ ...connectionsQuery, enabled: may && maySee })
  const configurations = useQuery({ ...configurationsQuery, enabled: may && maySee })
  const told = useInfiniteQuery({ ...interactionsQuery({}), enabled: may && maySee })
  if (!may || !maySee || connections.isError || configurations.isError || told.isError) return null
  if (!connections.data || !configurations.data || !told.data) return undefined
  const first = configurations.data[0]
  const workflows = first ? `/configurations/${first.id}/agent-workflows/new` : '/configurations'
  return [
    { name: 'connect', done: connections.data.length > 0, to: '/connections/new' },
    { name: 'configure', done: configurations.data.length > 0, to: '/configurations/new' },
    { name: 'workflow', done: configurations.data.some(({ parts }) => parts.agentWorkflows > 0), to: workflows },
    {
      name: 'calls',
      done: (told.data.pages[0]?.interactions.length ?? 0) > 0,
      to: mayMakeKeys ? '/keys?new=1' : '/interactions',
    },
  ]
}

/** The steps to the first caller: what is done is quiet, and the next one has its button. */
export function DeskSteps({ steps }: { steps: DeskStep[] }) {
  const { t } = useText()
  const next = steps.find(({ done }) => !done)
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => {
        const { title, text } = t.desk.steps[step.name]
        return (
          <li key={step.name} data-done={step.done}>
            {step.done ? (
              <CheckmarkCircle20Filled className={styles.tick ?? ''} aria-hidden="true" />
            ) : (
              <span className={styles.place} aria-hidden="true">
                {index + 1}
              </span>
            )}
            <span className={styles.what}>
              <strong>{title}</strong>
              {step.done ? <VisuallyHidden>{`: ${t.desk.steps.done}`}</VisuallyHidden> : null}
              {step.done ? null : <span>{text}</span>}
            </span>
            {step === next ? (
              <ButtonLink to={step.to} appearance="primary">
                {t.desk.steps.go}
              </ButtonLink>
            ) : null}
          </li>
        )
      })}
    </ol>
  )
}
