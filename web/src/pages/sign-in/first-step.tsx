import { Button, Divider, Field, Input } from '@fluentui/react-components'
import { Fingerprint20Regular } from '@fluentui/react-icons/svg/fingerprint'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { canHavePasskeys } from '../../api/passkeys.ts'
import { type SecondStep, type Session, signInByPasskey, signInByPassword } from '../../api/session.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { PasswordField } from '../../parts/password-field.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './sign-in.module.css'
import { usePasskeyAutofill } from './use-passkey-autofill.ts'

/** Address and password, or a passkey alone. What is wrong of the two is not told, here or by the hub. */
export function FirstStep(props: { onSignedIn(session: Session): void; onSecondStep(step: SecondStep): void }) {
  const { t } = useText()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const emailInput = useRef<HTMLInputElement>(null)
  const passwordInput = useRef<HTMLInputElement>(null)
  const byPasskey = useMutation({ mutationFn: () => signInByPasskey(false), onSuccess: props.onSignedIn })
  const byPassword = useMutation({
    mutationFn: signInByPassword,
    onSuccess: (answer) =>
      'session' in answer ? props.onSignedIn(answer.session) : props.onSecondStep(answer.secondStep),
    onError: () => passwordInput.current?.select(),
  })
  usePasskeyAutofill(byPasskey.isIdle, props.onSignedIn)
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    byPasskey.reset()
    if (!email.trim()) emailInput.current?.focus()
    else if (!password) passwordInput.current?.focus()
    else byPassword.mutate({ email: email.trim(), password })
  }
  function showPasskey(): void {
    setTried(false)
    byPassword.reset()
    byPasskey.mutate()
  }
  const error = byPassword.error ?? byPasskey.error
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        label={t.signIn.email}
        validationState={tried && !email.trim() ? 'error' : 'none'}
        validationMessage={tried && !email.trim() ? t.signIn.missing : null}
      >
        <Input
          type="email"
          value={email}
          onChange={(_, data) => setEmail(data.value)}
          // Browsers that can, offer passkeys in this field too.
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          input={{ ref: emailInput, maxLength: 254 }}
        />
      </Field>
      <PasswordField
        label={t.signIn.password}
        value={password}
        onValue={setPassword}
        kind="current-password"
        fault={tried && !password ? t.signIn.missing : null}
        input={passwordInput}
      />
      {error ? <ErrorNotice error={error} /> : null}
      <MainButton type="submit" busy={byPassword.isPending}>
        {t.signIn.go}
      </MainButton>
      {canHavePasskeys() ? (
        <>
          <Divider>{t.signIn.or}</Divider>
          <Button icon={<Fingerprint20Regular />} onClick={showPasskey} disabledFocusable={byPasskey.isPending}>
            {t.signIn.passkey}
          </Button>
        </>
      ) : null}
    </form>
  )
}
