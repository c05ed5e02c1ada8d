import { Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
import { addPasskey, type Passkey, refreshAccount, renamePasskey } from '../../api/account.ts'
import { deviceName } from '../../parts/device.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'

/** A name, then the browser's own window; or another name for one that is there. */
export function PasskeyDialog(props: { passkey: Passkey | 'new'; onClose(): void; onCodes(codes: string[]): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const { passkey, onClose, onCodes } = props
  const isNew = passkey === 'new'
  const [name, setName] = useState(() => (isNew ? deviceName(navigator.userAgent, t) : passkey.name))
  const save = useProven(
    async (chosen: string): Promise<string[] | null> => {
      if (isNew) return (await addPasskey(chosen)).recoveryCodes
      await renamePasskey(passkey.id, chosen)
      return null
    },
    {
      done: (codes, chosen) => {
        void refreshAccount()
        onClose()
        if (codes) onCodes(codes)
        else toasts.done(isNew ? t.account.passkeyAdded(chosen) : t.account.saved)
      },
    },
  )
  const missing = name.trim() === ''
  return (
    <FormModal
      title={isNew ? t.account.passkeyAdd : t.account.passkeyRenameTitle}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      onSubmit={() => (missing ? undefined : save.run(name.trim()))}
      go={isNew ? t.act.next : t.act.save}
      busy={save.busy}
    >
      <Field
        label={t.account.passkeyName}
        hint={t.account.passkeyNameHint}
        validationState={missing ? 'error' : 'none'}
        validationMessage={missing ? t.wizard.missing : null}
      >
        <Input value={name} onChange={(_, data) => setName(data.value)} autoFocus input={{ maxLength: 200 }} />
      </Field>
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </FormModal>
  )
}
