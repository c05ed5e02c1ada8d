import { useRef, useState } from 'react'
import { type Account, refreshAccount, setPassword } from '../../api/account.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { NewPassword } from '../../parts/new-password.tsx'
import { judgePassword } from '../../parts/password-rules.ts'
import { useProven } from '../../parts/proof.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'

export function PasswordDialog({ account, onClose }: { account: Account; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const [password, setNew] = useState('')
  const [tried, setTried] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const save = useProven(setPassword, {
    done: () => {
      toasts.done(t.account.passwordSaved)
      void refreshAccount()
      onClose()
    },
  })
  const owner = {
    name: account.name,
    email: account.email,
    hasFactor: account.hasTotp || account.passkeys.length > 0,
  }
  function submit(): void {
    setTried(true)
    if (judgePassword(password, owner).fits) save.run(password)
    else input.current?.focus()
  }
  return (
    <FormModal
      title={account.hasPassword ? t.account.passwordChange : t.account.passwordMake}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      onSubmit={submit}
      go={t.act.save}
      busy={save.busy}
    >
      {account.hasPassword ? <p>{t.account.passwordText}</p> : null}
      <input type="email" name="username" autoComplete="username" value={account.email ?? ''} readOnly hidden />
      <NewPassword value={password} onValue={setNew} owner={owner} tried={tried} focused input={input} />
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </FormModal>
  )
}
