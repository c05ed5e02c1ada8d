import { Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import editor from '../configuration-parts/editor.module.css'
import { Choice } from '../configuration-parts/search-policies.tsx'
import { WordList } from './word-list.tsx'
import type { Definition } from './workflow-runs.tsx'
import { fitsMinutes } from './workflow-state.ts'

interface Props {
  definition: Definition
  onChange(change: Partial<Definition>): void
}

/** What agents choose from when they wrap up, and what opens by itself. */
export function WrapUpFields({ definition, onChange }: Props) {
  const { t } = useText()
  const words = t.agentWorkflows
  const { screenPop } = definition
  return (
    <>
      <Section title={words.wrapUp}>
        <div className={editor.fields}>
          <WordList
            label={words.dispositions}
            hint={words.dispositionsHint}
            add={words.addDisposition}
            words={definition.dispositions}
            onChange={(dispositions) => onChange({ dispositions })}
          />
          <WordList
            label={words.tags}
            hint={words.tagsHint}
            add={words.addTag}
            words={definition.tags}
            onChange={(tags) => onChange({ tags })}
          />
          <Minutes minutes={definition.wrapUpMinutes} onChange={(wrapUpMinutes) => onChange({ wrapUpMinutes })} />
        </div>
      </Section>
      <Section title={words.screenPop}>
        <div className={editor.fields}>
          <div className={editor.pair}>
            <Choice
              label={words.popWhen}
              names={words.popWhens}
              value={screenPop.when}
              onChange={(when) => onChange({ screenPop: { ...screenPop, when } })}
            />
            {screenPop.when === 'never' ? null : (
              <Choice
                label={words.popHow}
                names={words.popHows}
                value={screenPop.how}
                onChange={(how) => onChange({ screenPop: { ...screenPop, how } })}
              />
            )}
          </div>
        </div>
      </Section>
    </>
  )
}

function Minutes({ minutes, onChange }: { minutes: number; onChange(minutes: number): void }) {
  const { t } = useText()
  const [typed, setTyped] = useState(String(minutes))
  // Discarding or another's change puts another number in its place.
  const text = Number(typed) === minutes || Number.isNaN(minutes) ? typed : String(minutes)
  const wrong = !fitsMinutes(minutes)
  return (
    <Field
      label={t.agentWorkflows.minutes}
      hint={t.agentWorkflows.minutesHint}
      validationState={wrong ? 'error' : 'none'}
      validationMessage={wrong ? t.agentWorkflows.minutesWrong : null}
    >
      <Input
        inputMode="numeric"
        value={text}
        onChange={(_, { value }) => {
          setTyped(value)
          onChange(value.trim() === '' ? Number.NaN : Number(value))
        }}
      />
    </Field>
  )
}
