import { Field, Input, Textarea } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { refreshAttention } from '../../api/attention.ts'
import { authenticationsQuery, replaceSecret } from '../../api/authentications.ts'
import type { Connection } from '../../api/connections.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { isGuid } from './guid.ts'
import styles from './secret-dialog.module.css'
import { pemFault } from './vendor-words.ts'

/** A new secret for a connection whose old one ended. It is sealed at once, and the connection is checked. */
export function SecretDialog({ connection, onClose }: { connection: Connection; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const [secret, setSecret] = useState('')
  const { data } = useQuery(authenticationsQuery)
  const settings = data?.find((each) => each.id === connection.authenticationId)?.settings
  const isKey = settings?.flow === 'jwt_bearer'
  const { secretWhere, secretWhereKey, fields, hints } = t.vendors.salesforce
  const where = { dynamics: t.connection.secretWhere, salesforce: isKey ? secretWhereKey : secretWhere }[connection.crm]
  const fault = faultOf()
  function faultOf(): string | null {
    const typed = secret.trim()
    if (!typed) return null
    if (isKey) return pemFault(typed, t.vendors.pem)
    return connection.crm === 'dynamics' && isGuid(typed) ? t.wizard.secretIsId : null
  }
  const save = useMutation({
    mutationFn: () => replaceSecret(connection.authenticationId, secret.trim()),
    onSuccess: () => {
      toasts.done(t.connection.secretSaved)
      refreshAttention()
      onClose()
    },
  })
  function submit(): void {
    if (secret.trim()) save.mutate()
  }
  return (
    <FormModal
      title={t.connection.newSecret}
      surface={styles.surface}
      content={styles.content}
      onClose={onClose}
      onSubmit={submit}
      go={t.connection.secretSave}
      disabledFocusable={!secret.trim()}
      busy={save.isPending}
    >
      <p className={styles.subject}>{connection.name}</p>
      {where ? <p className={styles.where}>{where}</p> : null}
      <Field
        label={isKey ? (fields.privateKey ?? '') : t.connection.secretLabel}
        hint={isKey ? (hints.privateKey ?? null) : t.connection.secretHint}
        validationState={fault ? 'warning' : 'none'}
        validationMessage={fault}
      >
        {isKey ? (
          <Textarea rows={6} value={secret} onChange={(_, { value }) => setSecret(value)} spellCheck={false} />
        ) : (
          <Input type="password" autoComplete="off" value={secret} onChange={(_, { value }) => setSecret(value)} />
        )}
      </Field>
      {save.isError ? <ErrorNotice error={save.error} subject={connection.name} /> : null}
    </FormModal>
  )
}
