import { Checkbox, Field, Input, Select } from '@fluentui/react-components'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import type { Create } from './definitions.ts'
import styles from './editor.module.css'
import { useDataWords, useGround } from './entity-words.ts'
import { Choice } from './search-policies.tsx'

type When = Pick<Create, 'run' | 'condition'>
type Condition = NonNullable<When['condition']>

/** No datum is compared where only what was found counts; the hub wants a name all the same. */
const noMatchData = 'ani'
const valueless = new Set<Condition['operator']>(['present', 'absent', 'no_match'])

/** When a workflow runs, and under which condition. */
export function RunFields({ value, onChange }: { value: When; onChange(change: When): void }) {
  const { t } = useText()
  const words = t.configurationParts.records
  const { run, condition } = value
  const empty: Condition = { data: noMatchData, operator: 'no_match', value: '' }
  return (
    <Section title={words.when}>
      <div className={styles.fields}>
        <Choice
          label={words.run}
          names={words.runs}
          value={run}
          onChange={(next) => onChange({ run: next, condition })}
        />
        <Checkbox
          label={words.withCondition}
          checked={condition !== null}
          onChange={(_, { checked }) => onChange({ run, condition: checked === true ? empty : null })}
        />
        {condition ? (
          <ConditionFields condition={condition} onChange={(next) => onChange({ run, condition: next })} />
        ) : null}
      </div>
    </Section>
  )
}

function ConditionFields({ condition, onChange }: { condition: Condition; onChange(condition: Condition): void }) {
  const { t } = useText()
  const { offered } = useGround()
  const dataWords = useDataWords()
  const words = t.configurationParts.records
  const { operator } = condition
  return (
    <div className={styles.pair}>
      <Choice
        label={words.condition}
        names={words.operators}
        value={operator}
        onChange={(next) =>
          onChange({ ...condition, operator: next, value: valueless.has(next) ? '' : condition.value })
        }
      />
      {operator === 'no_match' ? null : (
        <Field label={words.data}>
          <Select value={condition.data} onChange={(_, { value }) => onChange({ ...condition, data: value })}>
            {offered.data.map(({ name }) => (
              <option key={name} value={name}>
                {dataWords(name)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {valueless.has(operator) ? null : (
        <Field label={words.conditionValue}>
          <Input
            value={condition.value}
            input={{ maxLength: 1000 }}
            onChange={(_, { value }) => onChange({ ...condition, value })}
          />
        </Field>
      )}
    </div>
  )
}
