import { Field, Input, Select, Textarea } from '@fluentui/react-components'
import type { ChangeableField } from '../../api/records.ts'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'

interface Props {
  field: ChangeableField
  text: string
  fault: string | null
  onChange(text: string): void
}

/** One field of a record, to be typed or chosen as the CRM takes it. */
export function EntryField(props: Props) {
  const names = useNames()
  const { field, fault } = props
  return (
    <Field
      label={names.label(field.labels, field.field)}
      required={field.required}
      validationState={fault ? 'error' : 'none'}
      validationMessage={fault}
    >
      <Control {...props} />
    </Field>
  )
}

/** What the field around it gives, its id and what describes it, goes on to the control. */
function Control({ field: { type, maxLength, options }, fault: _fault, text, onChange, ...labelled }: Props) {
  const { t } = useText()
  const names = useNames()
  const shared = { ...labelled, value: text, onChange: (_: unknown, data: { value: string }) => onChange(data.value) }
  const limit = maxLength === undefined ? {} : { maxLength }
  if (type === 'memo') return <Textarea {...shared} rows={3} textarea={limit} />
  if (type === 'boolean' || (type === 'choice' && options?.length)) {
    const choices =
      type === 'boolean'
        ? [
            ['true', t.record.yes],
            ['false', t.record.no],
          ]
        : (options ?? []).map(({ value, labels }) => [String(value), names.label(labels, String(value))])
    return (
      <Select {...shared}>
        <option value="">{t.record.empty}</option>
        {choices.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    )
  }
  const isNumber = type === 'integer' || type === 'decimal' || type === 'money'
  return (
    <Input
      {...shared}
      type={type === 'date' ? 'date' : 'text'}
      input={{ ...limit, ...(isNumber ? { inputMode: type === 'integer' ? 'numeric' : 'decimal' } : {}) }}
      autoComplete="off"
    />
  )
}
