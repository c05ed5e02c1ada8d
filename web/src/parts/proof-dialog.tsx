import { Button } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { accountQuery } from '../api/account.ts'
import { client } from '../api/client.ts'
import { canHavePasskeys } from '../api/passkeys.ts'
import { proveByPasskey, proveByPassword } from '../api/session.ts'
import { useText } from '../text/use-text.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { MainButton, Modal } from './modal.tsx'
import { PasswordField } from './password-field.tsx'
import styles from './proof-dialog.module.css'
import { SkeletonBlock } from './skeletons.tsx'

/** Password or passkey once more, before what would outlast a stolen session. */
export function ProofDialog({ onProven, onClose }: { onProven(): void; onClose(): void }) {
  const { t } = useText()
  const account = useQuery(accountQuery)
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const proof = useMutation({
    mutationFn: (by: 'password' | 'passkey') => (by === 'password' ? proveByPassword(password) : proveByPasskey()),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: accountQuery.queryKey })
      onProven()
    },
  })
  const hasPassword = account.data?.hasPassword === true
  const hasPasskey = (account.data?.passkeys.length ?? 0) > 0 && canHavePasskeys()
  function submit(): void {
    setTried(true)
    if (!hasPassword) proof.mutate('passkey')
    else if (password) proof.mutate('password')
  }
  return (
    <Modal
      title={t.proof.title}
      onClose={onClose}
      onSubmit={submit}
      content={styles.content}
      acts={
        <>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          {hasPassword && hasPasskey ? (
            <Button onClick={() => proof.mutate('passkey')}>{t.proof.passkey}</Button>
          ) : null}
          <MainButton type="submit" busy={proof.isPending} disabledFocusable={!hasPassword && !hasPasskey}>
            {hasPassword || !hasPasskey ? t.proof.go : t.proof.passkey}
          </MainButton>
        </>
      }
    >
      <p>{t.proof.text}</p>
      {account.isPending ? <SkeletonBlock height={58} /> : null}
      {account.isError ? <ErrorNotice error={account.error} onRetry={() => void account.refetch()} /> : null}
      {hasPassword ? (
        <PasswordField
          label={t.proof.password}
          value={password}
          onValue={setPassword}
          kind="current-password"
          fault={tried && !password ? t.signIn.missing : null}
          focused
        />
      ) : null}
      {proof.isError ? <ErrorNotice error={proof.error} /> : null}
    </Modal>
  )
}
