import { Field, Input } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { acceptInvitation, type ShownInvitation } from '../../api/people.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { NewPassword } from '../../parts/new-password.tsx'
import { judgePassword } from '../../parts/password-rules.ts'
import { useText } from '../../text/use-text.tsx'
import styles from '../sign-in/sign-in.module.css'
import { useEnter } from '../sign-in/use-enter.ts'

export function AcceptForm({ token, invitation }: { token: string; invitation: ShownInvitation }) {
  const { t, f } = useText()
  const enter = useEnter()
  const [name, setName] = useState(invitation.name)
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const nameInput = useRef<HTMLInputElement>(null)
  const passwordInput = useRef<HTMLInputElement>(null)
  const accept = useMutation({
    mutationFn: () => acceptInvitation({ token, name: name.trim(), password }),
    onSuccess: enter,
    onError: () => passwordInput.current?.focus(),
  })
  const owner = { name, email: invitation.email, hasFactor: false }
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (!name.trim()) nameInput.current?.focus()
    else if (!judgePassword(password, owner).fits) passwordInput.current?.focus()
    else accept.mutate()
  }
  const unnamed = tried && !name.trim()
  return (
    <>
      <h1 className={styles.title}>{t.invitation.welcome(invitation.name)}</h1>
      <p className={styles.text}>
        {t.invitation.text(invitation.invitedBy, invitation.email)}{' '}
        {t.invitation.roles(
          f.list(invitation.roles.map((role) => t.roles[role] ?? invitation.roleNames[role] ?? t.people.ownRole)),
        )}
      </p>
      <form className={styles.form} onSubmit={submit} noValidate>
        {/* So that password managers keep the address with the password. */}
        <input type="email" name="username" autoComplete="username" value={invitation.email} readOnly hidden />
        <Field
          label={t.invitation.name}
          validationState={unnamed ? 'error' : 'none'}
          validationMessage={unnamed ? t.signIn.missing : null}
        >
          <Input
            value={name}
            onChange={(_, data) => setName(data.value)}
            autoComplete="name"
            input={{ ref: nameInput, maxLength: 200 }}
          />
        </Field>
        <NewPassword value={password} onValue={setPassword} owner={owner} tried={tried} focused input={passwordInput} />
        {accept.isError ? <ErrorNotice error={accept.error} /> : null}
        <MainButton type="submit" busy={accept.isPending}>
          {t.invitation.go}
        </MainButton>
      </form>
    </>
  )
}
