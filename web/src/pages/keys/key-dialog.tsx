import { Button, Field, Input } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { createKey, type NewApiKey } from '../../api/keys.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import { KeyRights, type KeyRightsDraft } from './key-rights.tsx'
import styles from './keys.module.css'

/** Name and rights; then the key itself, shown this once. */
export function KeyDialog({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const [name, setName] = useState('')
  const [rights, setRights] = useState<KeyRightsDraft>({ scopes: ['read:records'], role: null, owners: [] })
  const [tried, setTried] = useState(false)
  const make = useMutation({
    mutationFn: () => {
      const { role, ...rest } = rights
      return createKey({ name: name.trim(), ...rest, ...(role === null ? {} : { role }) })
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: ['keys'] }),
  })
  const made = make.data
  function submit(): void {
    setTried(true)
    if (name.trim() && rights.scopes.length > 0) make.mutate()
  }
  return (
    <Modal
      title={made ? t.keys.newTitle : t.keys.create}
      surface={styles.surface}
      content={made ? undefined : styles.form}
      held={made !== undefined}
      onClose={onClose}
      onSubmit={made ? undefined : submit}
      acts={
        made ? (
          <MainButton onClick={onClose}>{t.act.close}</MainButton>
        ) : (
          <>
            <Button onClick={onClose}>{t.act.cancel}</Button>
            <MainButton type="submit" busy={make.isPending}>
              {t.keys.create}
            </MainButton>
          </>
        )
      }
    >
      {made ? (
        <MadeKey made={made} />
      ) : (
        <>
          <NameField name={name} missing={tried && !name.trim()} onName={setName} />
          <KeyRights
            draft={rights}
            set={(change) => setRights((before) => ({ ...before, ...change }))}
            missing={tried && rights.scopes.length === 0}
          />
          {make.isError ? <ErrorNotice error={make.error} /> : null}
        </>
      )}
    </Modal>
  )
}

function MadeKey({ made }: { made: NewApiKey }) {
  const { t } = useText()
  return (
    <>
      <p className={styles.text}>{t.keys.newText}</p>
      <div className={styles.key}>
        <code>{made.key}</code>
        <CopyButton text={made.key} />
      </div>
    </>
  )
}

function NameField({ name, missing, onName }: { name: string; missing: boolean; onName(name: string): void }) {
  const { t } = useText()
  return (
    <Field
      label={t.keys.name}
      hint={t.keys.nameHint}
      required
      validationState={missing ? 'error' : 'none'}
      validationMessage={missing ? t.wizard.missing : null}
    >
      <Input
        value={name}
        maxLength={200}
        placeholder={t.keys.namePlaceholder}
        onChange={(_, data) => onName(data.value)}
      />
    </Field>
  )
}
