import { useNavigate } from 'react-router'
import { client } from '../../api/client.ts'
import {
  type AgentWorkflow,
  type AgentWorkflowInput,
  agentWorkflowsQuery,
  changeAgentWorkflow,
  createAgentWorkflow,
  type Part,
} from '../../api/configuration-parts.ts'
import { refreshConfigurations } from '../../api/configurations.ts'
import { NameField } from '../../parts/name-field.tsx'
import { Section } from '../../parts/page.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { useEditing } from '../configuration-parts/editing.ts'
import editor from '../configuration-parts/editor.module.css'
import { EditorForm } from '../configuration-parts/editor-form.tsx'
import { PartContext, type PartGround } from '../configuration-parts/entity-words.ts'
import { WordList } from './word-list.tsx'
import { RunsFields } from './workflow-runs.tsx'
import { draftOf, missingOf } from './workflow-state.ts'
import { useChannelName } from './workflow-words.ts'
import { WrapUpFields } from './workflow-wrap-up.tsx'

interface Props {
  workflow: AgentWorkflow
  parts: readonly Part[]
  ground: Pick<PartGround, 'configuration' | 'offered'>
  /** The address of the list that it belongs to. */
  list: string
}

/** What runs for which skills and channels, while it is edited. */
export function WorkflowEditor({ workflow, parts, ground, list }: Props) {
  const { t } = useText()
  const { id } = ground.configuration
  const words = t.agentWorkflows
  const editing = useEditing<AgentWorkflow, AgentWorkflowInput>(
    `agent workflow ${id} ${workflow.id || 'new'}`,
    workflow,
    {
      draftOf,
      save: (draft, { id: stored, version }) => {
        const named = { ...draft, name: draft.name.trim() }
        return version === 0
          ? createAgentWorkflow(id, named)
          : changeAgentWorkflow(id, stored, { version, workflow: named })
      },
      done: useDone(id, list),
      queryKey: agentWorkflowsQuery(id).queryKey,
    },
  )
  const { draft, put } = editing
  const { definition } = draft
  const putIn = (change: Partial<typeof definition>) => put({ definition: { ...definition, ...change } })
  return (
    <EditorForm
      editing={editing}
      subject={draft.name}
      missing={missingOf(draft)}
      titles={{
        ...{ name: words.name, skills: words.skills, channels: words.channels, searchId: words.search },
        ...{ dynamicDataIds: words.dynamicData, memorializationIds: words.memorialization, tags: words.tags },
        ...{ createIds: words.creates, updateIds: words.updates, timeline: words.timeline },
        ...{ dispositions: words.dispositions, screenPop: words.screenPop, wrapUpMinutes: words.minutes },
      }}
      help={words.help}
    >
      {(tried) => (
        <PartContext value={{ ...ground, notices: [], tried }}>
          <For draft={draft} tried={tried} put={put} />
          <RunsFields definition={definition} parts={parts} onChange={putIn} />
          <WrapUpFields definition={definition} onChange={putIn} />
        </PartContext>
      )}
    </EditorForm>
  )
}

function useDone(configuration: string, list: string): (stored: AgentWorkflow) => void {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  return (stored) => {
    void client.invalidateQueries({ queryKey: agentWorkflowsQuery(configuration).queryKey })
    void refreshConfigurations()
    toasts.done(t.agentWorkflows.saved(stored.name))
    void navigate(list)
  }
}

const channels = ['voice', 'digital', 'video', 'sms', 'chat', 'social', 'email']

function For(props: { draft: AgentWorkflowInput; tried: boolean; put(change: Partial<AgentWorkflowInput>): void }) {
  const { t } = useText()
  const channelName = useChannelName()
  const { draft, put } = props
  const words = t.agentWorkflows
  return (
    <Section title={words.for}>
      <div className={editor.fields}>
        <NameField label={words.name} value={draft.name} tried={props.tried} onChange={(name) => put({ name })} />
        <WordList
          label={words.skills}
          hint={words.skillsHint}
          add={words.addSkill}
          words={draft.skills}
          onChange={(skills) => put({ skills })}
        />
        <WordList
          label={words.channels}
          hint={words.channelsHint}
          add={words.addChannel}
          words={draft.channels}
          offered={channels}
          nameOf={channelName}
          onChange={(next) => put({ channels: next })}
        />
      </div>
    </Section>
  )
}
