import { CheckmarkCircle16Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { Circle16Regular } from '@fluentui/react-icons/svg/circle'
import { type Ref, useId } from 'react'
import { useText } from '../text/use-text.tsx'
import styles from './new-password.module.css'
import { PasswordField } from './password-field.tsx'
import { judgePassword, longest, type PasswordOwner, type RuleState } from './password-rules.ts'
import { VisuallyHidden } from './visually-hidden.tsx'

/** A password that is being chosen, with what is asked of it in words that fill as it is typed. */
export function NewPassword(props: {
  value: string
  onValue(value: string): void
  owner: PasswordOwner
  /** It was sent before it was long enough. */
  tried: boolean
  focused?: boolean
  input?: Ref<HTMLInputElement>
}) {
  const { t } = useText()
  const id = useId()
  const { length, least, rules } = judgePassword(props.value, props.owner)
  return (
    <div>
      <PasswordField
        label={t.password.new}
        value={props.value}
        onValue={props.onValue}
        kind="new-password"
        describedBy={id}
        focused={props.focused ?? false}
        {...(props.input ? { input: props.input } : {})}
      />
      <ul id={id} className={styles.rules} data-tried={props.tried}>
        <Rule state={rules.long}>
          {length > longest ? t.password.tooLong(longest) : t.password.length(length, least)}
        </Rule>
        <Rule state={rules.noName}>{t.password.noName}</Rule>
        <Rule state={rules.notCommon}>{t.password.notCommon}</Rule>
      </ul>
      <p className={styles.tip}>{t.password.tip}</p>
    </div>
  )
}

function Rule({ state, children }: { state: RuleState; children: string }) {
  const { t } = useText()
  return (
    <li data-state={state}>
      {state === 'met' ? <CheckmarkCircle16Filled aria-hidden="true" /> : <Circle16Regular aria-hidden="true" />}
      <span>
        {children}
        <VisuallyHidden>{`: ${t.password[state]}`}</VisuallyHidden>
      </span>
    </li>
  )
}
