import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Spinner,
} from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { refreshAttention } from '../../api/attention.ts'
import { replaceSecret } from '../../api/authentications.ts'
import type { Connection } from '../../api/connections.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { isGuid } from './guid.ts'
import styles from './secret-dialog.module.css'

/** A new secret for a connection whose old one ended. It is sealed at once, and the connection is checked. */
export function SecretDialog({ connection, onClose }: { connection: Connection; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const [secret, setSecret] = useState('')
  const save = useMutation({
    mutationFn: () => replaceSecret(connection.authenticationId, secret.trim()),
    onSuccess: () => {
      toasts.done(t.connection.secretSaved)
      refreshAttention()
      onClose()
    },
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (secret.trim()) save.mutate()
  }
  return (
    <Dialog open onOpenChange={(_, data) => (data.open ? undefined : onClose())}>
      <DialogSurface className={styles.surface}>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{t.connection.newSecret}</DialogTitle>
            <DialogContent className={styles.content}>
              <p className={styles.subject}>{connection.name}</p>
              <p className={styles.where}>{t.connection.secretWhere}</p>
              <Field
                label={t.connection.secretLabel}
                hint={t.connection.secretHint}
                validationState={isGuid(secret.trim()) ? 'warning' : 'none'}
                validationMessage={isGuid(secret.trim()) ? t.wizard.secretIsId : null}
              >
                <Input
                  type="password"
                  autoComplete="off"
                  value={secret}
                  onChange={(_, data) => setSecret(data.value)}
                />
              </Field>
              {save.isError ? <ErrorNotice error={save.error} subject={connection.name} /> : null}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t.act.cancel}</Button>
              <Button
                type="submit"
                appearance="primary"
                disabledFocusable={!secret.trim() || save.isPending}
                icon={save.isPending ? <Spinner size="extra-tiny" appearance="inverted" /> : null}
              >
                {t.connection.secretSave}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}
