import { Field, Input } from '@fluentui/react-components'
import { useText } from '../text/use-text.tsx'

interface NameFieldProps {
  label: string
  hint?: string
  value: string
  /** It was handed in: a name that is missing is told from then on. */
  tried: boolean
  onChange(name: string): void
}

/** What something that people make is called; the hub takes none without. */
export function NameField({ label, hint, value, tried, onChange }: NameFieldProps) {
  const { t } = useText()
  const unnamed = tried && !value.trim()
  return (
    <Field
      label={label}
      {...(hint ? { hint } : {})}
      required
      validationState={unnamed ? 'error' : 'none'}
      validationMessage={unnamed ? t.wizard.missing : null}
    >
      <Input value={value} autoComplete="off" input={{ maxLength: 200 }} onChange={(_, data) => onChange(data.value)} />
    </Field>
  )
}
