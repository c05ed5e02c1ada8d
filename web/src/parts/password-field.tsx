import { Button, Field, Input } from '@fluentui/react-components'
import { Eye20Regular } from '@fluentui/react-icons/svg/eye'
import { EyeOff20Regular } from '@fluentui/react-icons/svg/eye-off'
import { type Ref, useState } from 'react'
import { useText } from '../text/use-text.tsx'

/** A password can be looked at while it is typed: long ones are otherwise typed wrong. */
export function PasswordField(props: {
  label: string
  value: string
  onValue(value: string): void
  /** Password managers fill in the one that is known, and offer one where it is new. */
  kind: 'current-password' | 'new-password'
  fault?: string | null
  describedBy?: string
  focused?: boolean
  input?: Ref<HTMLInputElement>
}) {
  const { t } = useText()
  const [shown, setShown] = useState(false)
  return (
    <Field label={props.label} validationState={props.fault ? 'error' : 'none'} validationMessage={props.fault ?? null}>
      <Input
        type={shown ? 'text' : 'password'}
        value={props.value}
        onChange={(_, data) => props.onValue(data.value)}
        autoComplete={props.kind}
        autoCapitalize="none"
        spellCheck={false}
        input={{
          ref: props.input,
          maxLength: 1000,
          ...(props.describedBy ? { 'aria-describedby': props.describedBy } : {}),
        }}
        autoFocus={props.focused ?? false}
        contentAfter={
          <Button
            appearance="transparent"
            size="small"
            icon={shown ? <EyeOff20Regular /> : <Eye20Regular />}
            aria-label={shown ? t.signIn.hide : t.signIn.show}
            onClick={() => setShown(!shown)}
          />
        }
      />
    </Field>
  )
}
