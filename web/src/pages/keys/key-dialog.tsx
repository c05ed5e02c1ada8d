import { Button, Checkbox, Field, Input } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { createKey, type NewApiKey, type Scope } from '../../api/keys.ts'
import { sessionQuery } from '../../api/session.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './keys.module.css'

const scopes: Scope[] = [
  'read:records',
  'read:status',
  'write:records',
  'create:integrations',
  'edit:integrations',
  'manage:sync',
  'manage:people',
  'manage:keys',
  'read:audit',
]

/** Name and rights; then the key itself, shown this once. */
export function KeyDialog({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const [name, setName] = useState('')
  const [picked, setPicked] = useState<Scope[]>(['read:records'])
  const [tried, setTried] = useState(false)
  const make = useMutation({
    mutationFn: () => createKey({ name: name.trim(), scopes: picked }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['keys'] }),
  })
  const made = make.data
  function submit(): void {
    setTried(true)
    if (name.trim() && picked.length > 0) make.mutate()
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
          <ScopePicks picked={picked} missing={tried && picked.length === 0} onPick={setPicked} />
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

function ScopePicks({ picked, missing, onPick }: { picked: Scope[]; missing: boolean; onPick(picked: Scope[]): void }) {
  const { t } = useText()
  const { data: session } = useQuery(sessionQuery)
  // Nobody gives a key more than they have.
  const may = (scope: Scope) => session?.permissions.includes(scope)
  return (
    <fieldset className={styles.picks}>
      <legend>{t.keys.scopes}</legend>
      {scopes.filter(may).map((scope) => (
        <Checkbox
          key={scope}
          checked={picked.includes(scope)}
          onChange={(_, { checked }) => onPick(checked ? [...picked, scope] : picked.filter((each) => each !== scope))}
          label={
            <>
              {t.keys.scopeNames[scope]}
              <span className={styles.scopeText}>{t.keys.scopeTexts[scope]}</span>
            </>
          }
        />
      ))}
      {missing ? (
        <p className={styles.fault} role="alert">
          {t.keys.pickOne}
        </p>
      ) : null}
    </fieldset>
  )
}
