import {
  Button,
  Checkbox,
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
import { client } from '../../api/client.ts'
import { createKey, type NewApiKey, type Scope } from '../../api/keys.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './keys.module.css'

const scopes: Scope[] = [
  'read:records',
  'read:status',
  'write:records',
  'manage:connections',
  'manage:sync',
  'manage:keys',
]

/** Name and rights; then the key itself, shown this once. */
export function KeyDialog({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const [made, setMade] = useState<NewApiKey | null>(null)
  return (
    <Dialog open modalType={made ? 'alert' : 'modal'} onOpenChange={(_, data) => (data.open ? undefined : onClose())}>
      <DialogSurface className={styles.surface}>
        {made ? (
          <DialogBody>
            <DialogTitle>{t.keys.newTitle}</DialogTitle>
            <DialogContent>
              <p className={styles.text}>{t.keys.newText}</p>
              <div className={styles.key}>
                <code>{made.key}</code>
                <CopyButton text={made.key} />
              </div>
            </DialogContent>
            <DialogActions>
              <Button appearance="primary" onClick={onClose}>
                {t.act.close}
              </Button>
            </DialogActions>
          </DialogBody>
        ) : (
          <KeyForm onMade={setMade} onClose={onClose} />
        )}
      </DialogSurface>
    </Dialog>
  )
}

function KeyForm({ onMade, onClose }: { onMade(key: NewApiKey): void; onClose(): void }) {
  const { t } = useText()
  const [name, setName] = useState('')
  const [picked, setPicked] = useState<Scope[]>(['read:records'])
  const [tried, setTried] = useState(false)
  const make = useMutation({
    mutationFn: () => createKey({ name: name.trim(), scopes: picked }),
    onSuccess: (key) => {
      void client.invalidateQueries({ queryKey: ['keys'] })
      onMade(key)
    },
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (name.trim() && picked.length > 0) make.mutate()
  }
  const noName = tried && !name.trim()
  const noScope = tried && picked.length === 0
  return (
    <form onSubmit={submit} noValidate>
      <DialogBody>
        <DialogTitle>{t.keys.create}</DialogTitle>
        <DialogContent className={styles.form}>
          <Field
            label={t.keys.name}
            hint={t.keys.nameHint}
            required
            validationState={noName ? 'error' : 'none'}
            validationMessage={noName ? t.wizard.missing : null}
          >
            <Input
              value={name}
              maxLength={200}
              placeholder={t.keys.namePlaceholder}
              onChange={(_, data) => setName(data.value)}
            />
          </Field>
          <fieldset className={styles.picks}>
            <legend>{t.keys.scopes}</legend>
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                checked={picked.includes(scope)}
                onChange={(_, data) =>
                  setPicked((before) => (data.checked ? [...before, scope] : before.filter((each) => each !== scope)))
                }
                label={
                  <>
                    {t.keys.scopeNames[scope]}
                    <span className={styles.scopeText}>{t.keys.scopeTexts[scope]}</span>
                  </>
                }
              />
            ))}
            {noScope ? (
              <p className={styles.fault} role="alert">
                {t.keys.pickOne}
              </p>
            ) : null}
          </fieldset>
          {make.isError ? <ErrorNotice error={make.error} /> : null}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          <Button
            type="submit"
            appearance="primary"
            disabledFocusable={make.isPending}
            icon={make.isPending ? <Spinner size="extra-tiny" /> : null}
          >
            {t.keys.create}
          </Button>
        </DialogActions>
      </DialogBody>
    </form>
  )
}
