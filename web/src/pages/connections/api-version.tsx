import { Field, Input } from '@fluentui/react-components'
import { useText } from '../../text/use-text.tsx'

const oldest = 60

/** Empty, or a version that the hub can speak; whether the organisation speaks it, the hub asks it. */
export function isApiVersion(text: string): boolean {
  const version = /^v?(\d{2,3})(?:\.0)?$/.exec(text.trim())?.[1]
  return text.trim() === '' || Number(version) >= oldest
}

export function ApiVersionField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useText()
  const isWrong = !isApiVersion(value)
  return (
    <Field
      label={t.vendors.salesforce.apiVersion}
      hint={t.vendors.salesforce.apiVersionHint}
      validationState={isWrong ? 'error' : 'none'}
      validationMessage={isWrong ? t.vendors.salesforce.apiVersionWrong : null}
    >
      <Input
        value={value}
        maxLength={10}
        autoComplete="off"
        spellCheck={false}
        placeholder={`${oldest}.0`}
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  )
}
