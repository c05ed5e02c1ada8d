import { Input, Select, Textarea } from '@fluentui/react-components'
import type { SourceField } from '../../api/tables.ts'
import { ToggleChip } from '../../parts/chips.tsx'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import { useEditing } from './context.tsx'
import styles from './filter-editor.module.css'
import type { Condition } from './filter-tree.ts'

interface ValueProps {
  condition: Condition
  field: SourceField
  describedBy: string | undefined
  onValues(values: string[]): void
}

/** The value of a condition, as its column's type is written. */
export function ValueField(props: ValueProps) {
  const { condition, field } = props
  if (condition.is === 'null' || condition.is === 'not_null') return null
  if (condition.is === 'within_days') return <Days {...props} />
  if (field.type === 'choice' && field.options?.length) return <Choice {...props} />
  if (field.type === 'boolean') return <YesNo {...props} />
  if (condition.is === 'in') return <Lines {...props} />
  return <One {...props} />
}

function Days({ condition, describedBy, onValues }: ValueProps) {
  const { t } = useText()
  const text = condition.values[0] ?? ''
  const ahead = text.startsWith('-')
  const days = text.replace('-', '')
  const put = (next: string, isAhead: boolean) => onValues([`${isAhead ? '-' : ''}${next}`])
  return (
    <span className={styles.days}>
      <Select
        aria-label={t.editor.direction}
        value={ahead ? 'ahead' : 'back'}
        onChange={(_, data) => put(days, data.value === 'ahead')}
      >
        <option value="back">{t.editor.lastDays}</option>
        <option value="ahead">{t.editor.nextDays}</option>
      </Select>
      <Input
        className={styles.number ?? ''}
        aria-label={t.editor.days}
        aria-describedby={describedBy}
        inputMode="numeric"
        value={days}
        onChange={(_, data) => put(data.value.replace(/\D/g, '').slice(0, 5), ahead)}
      />
      <span>{t.editor.days}</span>
    </span>
  )
}

function Choice({ condition, field, describedBy, onValues }: ValueProps) {
  const { t } = useText()
  const names = useNames()
  const options = field.options ?? []
  if (condition.is === 'in') {
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset inside the group's fieldset would be read out twice
      <span role="group" aria-label={t.editor.value} className={styles.options}>
        {options.map(({ value, labels }) => (
          <ToggleChip
            key={value}
            text={names.label(labels, String(value))}
            on={condition.values.includes(String(value))}
            onToggle={(on) =>
              onValues(
                on ? [...condition.values, String(value)] : condition.values.filter((each) => each !== String(value)),
              )
            }
          />
        ))}
      </span>
    )
  }
  const choices = options.map(({ value, labels }) => [String(value), names.label(labels, String(value))] as const)
  return <PickOne {...{ condition, describedBy, onValues, choices }} />
}

function YesNo(props: ValueProps) {
  const { t } = useText()
  const choices = [
    ['true', t.record.yes],
    ['false', t.record.no],
  ] as const
  return <PickOne {...props} choices={choices} />
}

function PickOne({
  condition,
  describedBy,
  onValues,
  choices,
}: Omit<ValueProps, 'field'> & { choices: readonly (readonly [value: string, text: string])[] }) {
  const { t } = useText()
  return (
    <Select
      className={styles.value ?? ''}
      aria-label={t.editor.value}
      aria-describedby={describedBy}
      value={condition.values[0] ?? ''}
      onChange={(_, data) => onValues([data.value])}
    >
      <option value="" disabled>
        {t.editor.pickValue}
      </option>
      {choices.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </Select>
  )
}

function Lines({ condition, describedBy, onValues }: ValueProps) {
  const { t } = useText()
  return (
    <Textarea
      className={styles.value ?? ''}
      aria-label={t.editor.valuesEach}
      aria-describedby={describedBy}
      placeholder={t.editor.valuesEach}
      rows={Math.min(6, Math.max(2, condition.values.length))}
      value={condition.values.join('\n')}
      onChange={(_, data) => onValues(data.value.split('\n').slice(0, 500))}
    />
  )
}

const numeric = new Set(['integer', 'bigint', 'decimal', 'money', 'choice'])

function One({ condition, field, describedBy, onValues }: ValueProps) {
  const { t } = useText()
  const { samples } = useEditing()
  const value = condition.values[0] ?? ''
  const isDay = (field.type === 'date' || field.type === 'datetime') && !value.includes('T')
  const list = field.type === 'date' || field.type === 'datetime' ? [] : (samples[field.name]?.values ?? [])
  const listId = `samples-${condition.id}`
  return (
    <>
      <Input
        className={styles.value ?? ''}
        type={isDay ? 'date' : 'text'}
        inputMode={numeric.has(field.type) ? 'decimal' : undefined}
        aria-label={t.editor.value}
        aria-describedby={describedBy}
        list={list.length > 0 ? listId : undefined}
        value={value}
        onChange={(_, data) => onValues([data.value])}
      />
      {list.length > 0 ? (
        <datalist id={listId}>
          {list.map((sample) => (
            <option key={String(sample.value)} value={String(sample.value)} label={sample.name} />
          ))}
        </datalist>
      ) : null}
    </>
  )
}
