import { Field, Input, Textarea } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { refreshAttention } from '../../api/attention.ts'
import { authenticationsQuery, replaceSecret, type SecretReplaced } from '../../api/authentications.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { isGuid } from './guid.ts'
import styles from './secret-dialog.module.css'
import { pemFault } from './vendor-words.ts'

interface Props {
  /** Id of the authentication. */
  authentication: string
  crm: string
  /** Of the connection, or of the authentication, from which it was opened. */
  subject: string
  onClose(): void
}

/** A new secret where the old one ended. It is sealed at once, and the connections that use it are checked. */
export function SecretDialog({ authentication, crm, subject, onClose }: Props) {
  const { t, f } = useText()
  const toasts = useToasts()
  const [secret, setSecret] = useState('')
  const { data } = useQuery(authenticationsQuery)
  const kept = data?.find((each) => each.id === authentication)
  const users = kept?.connections ?? []
  const isKey = kept?.settings.flow === 'jwt_bearer'
  const { secretWhere, secretWhereKey, fields, hints } = t.vendors.salesforce
  const where = { dynamics: t.connection.secretWhere, salesforce: isKey ? secretWhereKey : secretWhere }[crm]
  const fault = faultOf()
  function faultOf(): string | null {
    const typed = secret.trim()
    if (!typed) return null
    if (isKey) return pemFault(typed, t.vendors.pem)
    return crm === 'dynamics' && isGuid(typed) ? t.wizard.secretIsId : null
  }
  const save = useMutation({
    mutationFn: () => replaceSecret(authentication, secret.trim()),
    onSuccess: ({ connections }) => {
      toasts.done(said(connections))
      refreshAttention()
      onClose()
    },
  })
  function said(connections: SecretReplaced['connections']): string {
    const mended = connections.filter((each) => each.mended).map(({ name }) => name)
    if (mended.length > 0) return t.authentications.mended(f.list(mended))
    return connections.length > 0 ? t.connection.secretSaved : t.authentications.replaced
  }
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
      <p className={styles.subject}>{subject}</p>
      {users.length > 1 ? <p>{t.authentications.alsoMends(f.list(users.map(({ name }) => name)))}</p> : null}
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
      {save.isError ? <ErrorNotice error={save.error} subject={subject} /> : null}
    </FormModal>
  )
}
