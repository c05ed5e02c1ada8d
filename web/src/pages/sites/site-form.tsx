import { Button, Field, Input } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { useText } from '../../text/use-text.tsx'
import { readSite } from './read-site.ts'
import styles from './sites.module.css'

/** Says why an address is none that may be listed, before the hub has to. */
export function SiteForm(props: {
  listed: readonly string[]
  busy: boolean
  onAdd(origin: string, done: () => void): void
}) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const read = readSite(text, props.listed)
  const fault = tried && 'fault' in read ? t.sites.faults[read.fault] : null
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if ('fault' in read || props.busy) return
    props.onAdd(read.origin, () => {
      setText('')
      setTried(false)
    })
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        className={styles.field ?? ''}
        label={t.sites.site}
        hint={t.sites.hint}
        validationState={fault ? 'error' : 'none'}
        validationMessage={fault}
      >
        <Input
          value={text}
          onChange={(_, { value }) => setText(value)}
          placeholder="https://phone.example.com"
          autoComplete="off"
          spellCheck={false}
          inputMode="url"
        />
      </Field>
      <Button className={styles.go ?? ''} type="submit" appearance="primary" disabledFocusable={props.busy}>
        {t.sites.add}
      </Button>
    </form>
  )
}
