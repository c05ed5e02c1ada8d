import { Checkbox, Field, Select } from '@fluentui/react-components'
import type { AgentWorkflowInput, Part, PartKind } from '../../api/configuration-parts.ts'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import editor from '../configuration-parts/editor.module.css'
import { EntityOptions } from '../configuration-parts/entity-fields.tsx'
import { useGround } from '../configuration-parts/entity-words.ts'
import { TemplateField } from '../configuration-parts/template-field.tsx'
import { emptyWorkflow } from './workflow-state.ts'

export type Definition = AgentWorkflowInput['definition']

interface Props {
  definition: Definition
  parts: readonly Part[]
  onChange(change: Partial<Definition>): void
}

/** Which search, mappings and workflows of the configuration run. */
export function RunsFields({ definition, parts, onChange }: Props) {
  const { t } = useText()
  const words = t.agentWorkflows
  const of = (kind: PartKind) => parts.filter((part) => part.kind === kind)
  return (
    <Section title={words.runs}>
      <div className={editor.fields}>
        <Field label={words.search}>
          <Select value={definition.searchId ?? ''} onChange={(_, { value }) => onChange({ searchId: value || null })}>
            <option value="">{words.defaultSearch}</option>
            {of('search').map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <Picks
          label={words.dynamicData}
          parts={of('dynamic_data')}
          ids={definition.dynamicDataIds}
          onChange={(dynamicDataIds) => onChange({ dynamicDataIds })}
        />
        <Timeline definition={definition} onChange={onChange} />
        <Picks
          label={words.memorialization}
          parts={of('memorialization')}
          ids={definition.memorializationIds}
          onChange={(memorializationIds) => onChange({ memorializationIds })}
        />
        <Picks
          label={words.creates}
          parts={of('create')}
          ids={definition.createIds}
          onChange={(createIds) => onChange({ createIds })}
        />
        <Picks
          label={words.updates}
          parts={of('update')}
          ids={definition.updateIds}
          onChange={(updateIds) => onChange({ updateIds })}
        />
      </div>
    </Section>
  )
}

function Picks(props: {
  label: string
  parts: readonly Part[]
  ids: readonly string[]
  onChange(ids: string[]): void
}) {
  const { t } = useText()
  const { parts, ids } = props
  return (
    <fieldset className={editor.group}>
      <legend>{props.label}</legend>
      {parts.length === 0 ? <p className={editor.hint}>{t.agentWorkflows.noneYet}</p> : null}
      <div className={editor.checks}>
        {parts.map(({ id, name, description, active }) => (
          <Checkbox
            key={id}
            checked={ids.includes(id)}
            onChange={(_, { checked }) =>
              props.onChange(checked === true ? [...ids, id] : ids.filter((each) => each !== id))
            }
            label={
              <>
                {name}
                {active ? null : ` (${t.configurationParts.off})`}
                {description ? <span className={editor.text}>{description}</span> : null}
              </>
            }
          />
        ))}
      </div>
    </fieldset>
  )
}

function Timeline({ definition, onChange }: Omit<Props, 'parts'>) {
  const { t } = useText()
  const words = t.agentWorkflows
  const { timeline = null } = definition
  const { offered } = useGround()
  const usual = emptyWorkflow(offered).definition.timeline
  return (
    <fieldset className={editor.group}>
      <legend>{words.timeline}</legend>
      <Checkbox
        label={words.timelineOn}
        checked={timeline !== null}
        onChange={(_, { checked }) => onChange({ timeline: checked === true ? usual : null })}
      />
      {timeline ? (
        <>
          <div className={editor.pair}>
            <Field label={words.timelineEntity}>
              <Select
                value={timeline.entity}
                onChange={(_, { value }) => onChange({ timeline: { ...timeline, entity: value } })}
              >
                <EntityOptions only={({ activity, entity }) => activity || entity === timeline.entity} />
              </Select>
            </Field>
            <div className={editor.stack}>
              <span aria-hidden="true">{words.subject}</span>
              <TemplateField
                label={words.subject}
                value={timeline.subject}
                onChange={(subject) => onChange({ timeline: { ...timeline, subject } })}
              />
              <p className={editor.hint}>{words.subjectHint}</p>
            </div>
          </div>
          <Checkbox
            label={words.complete}
            checked={timeline.complete !== false}
            onChange={(_, { checked }) => onChange({ timeline: { ...timeline, complete: checked === true } })}
          />
        </>
      ) : null}
    </fieldset>
  )
}
