import { Button, Field, Input } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { useText } from '../../text/use-text.tsx'
import styles from './sign-in.module.css'

/** For who has no account yet, or has lost what signs in: which way back there is, and the one-time link itself. */
export function NoWayIn({ onLink }: { onLink(token: string): void }) {
  const { t } = useText()
  const [link, setLink] = useState('')
  function submit(event: FormEvent): void {
    event.preventDefault()
    const token = link.trim().split('#').pop() ?? ''
    if (token) onLink(token)
  }
  return (
    <details className={styles.help}>
      <summary>{t.signIn.help}</summary>
      <div className={styles.helpBody}>
        <p>{t.signIn.helpLost}</p>
        <p>
          {t.signIn.helpFirst} <code>jackfield sign-in</code>.
        </p>
        <form className={styles.form} onSubmit={submit} noValidate>
          <Field label={t.signIn.pasteLabel} hint={t.signIn.paste}>
            <Input
              value={link}
              onChange={(_, data) => setLink(data.value)}
              type="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="http://…/sign-in#…"
            />
          </Field>
          <Button type="submit" disabledFocusable={link.trim() === ''}>
            {t.signIn.pasteGo}
          </Button>
        </form>
      </div>
    </details>
  )
}
