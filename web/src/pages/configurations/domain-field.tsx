import { Field, Input } from '@fluentui/react-components'
import { useText } from '../../text/use-text.tsx'
import { originOf } from '../connections/wizard-state.ts'

/** Where records are opened: an origin; what is pasted after it is cut off. */
export function DomainField(props: { value: string; tried: boolean; hint?: string; onChange(value: string): void }) {
  const { t } = useText()
  const { value } = props
  const origin = originOf(value)
  const wrong = origin === null && (props.tried || value.trim() !== '')
  const cut = origin !== null && origin !== value.trim() ? t.wizard.trimmed(origin) : null
  return (
    <Field
      label={t.configurations.domain}
      required
      hint={cut ?? [props.hint, t.configurations.domainHint].filter(Boolean).join(' ')}
      validationState={wrong ? 'error' : 'none'}
      validationMessage={wrong ? t.configurations.domainWrong : null}
    >
      <Input
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(_, data) => props.onChange(data.value)}
      />
    </Field>
  )
}
