import { Button, Field, Input } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import type { Connector } from '../../api/connectors.ts'
import { useText } from '../../text/use-text.tsx'
import { isGuid } from './guid.ts'
import styles from './wizard.module.css'
import type { Draft, Send } from './wizard-state.ts'

type FieldOf = Connector['authentication']['fields'][number]

/** As whom the hub signs in, with what to click in the vendor's consoles beside it. */
export function SignInStep({ state, connector, send }: { state: Draft; connector: Connector; send: Send }) {
  const { t } = useText()
  const [tried, setTried] = useState(false)
  const { fields } = connector.authentication
  const first = fields.filter((field) => field.required)
  const rest = fields.filter((field) => !field.required)
  const missing = first.some((field) => !state.fields[field.name]?.trim())
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (!missing) send({ do: 'go', step: 'check' })
  }
  return (
    <form onSubmit={submit} noValidate>
      <h2 className={styles.title}>{t.wizard.app}</h2>
      <p className={styles.text}>{t.wizard.appText}</p>
      <div className={styles.beside}>
        <div className={styles.fields}>
          {first.map((field, index) => (
            <SettingField key={field.name} field={field} state={state} send={send} tried={tried} first={index === 0} />
          ))}
          <details className={styles.more} open={Object.keys(state.found).length === 0}>
            <summary>{t.wizard.advanced}</summary>
            <div className={styles.fields}>
              {rest.map((field) => (
                <SettingField key={field.name} field={field} state={state} send={send} tried={tried} />
              ))}
            </div>
          </details>
        </div>
        <aside className={styles.help} aria-label={t.wizard.console}>
          <h3>{t.wizard.console}</h3>
          <ol>
            {t.wizard.appWhere.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </aside>
      </div>
      <div className={styles.acts}>
        <Button onClick={() => send({ do: 'go', step: 'where' })}>{t.act.back}</Button>
        <Button type="submit" appearance="primary">
          {t.wizard.connectNow}
        </Button>
      </div>
    </form>
  )
}

function SettingField(props: { field: FieldOf; state: Draft; send: Send; tried: boolean; first?: boolean }) {
  const { t } = useText()
  const { field, state, send } = props
  const [left, setLeft] = useState(false)
  const value = state.fields[field.name] ?? ''
  const fault = faultOf()
  function faultOf(): { state: 'error' | 'warning'; text: string } | null {
    if (!value.trim()) return props.tried && field.required ? { state: 'error', text: t.wizard.missing } : null
    if (!left && !props.tried) return null
    if (field.name === 'clientId' && !isGuid(value.trim())) return { state: 'error', text: t.wizard.notGuid }
    if (field.secret && isGuid(value.trim())) return { state: 'warning', text: t.wizard.secretIsId }
    return null
  }
  return (
    <Field
      label={t.wizard.fields[field.name] ?? field.name}
      required={field.required}
      hint={t.wizard.hints[field.name] ?? null}
      validationState={fault?.state ?? 'none'}
      validationMessage={fault?.text ?? null}
    >
      <Input
        autoFocus={props.first === true}
        type={field.secret ? 'password' : 'text'}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(_, data) => {
          setLeft(false)
          send({ do: 'field', name: field.name, value: data.value })
        }}
        onBlur={() => setLeft(true)}
      />
    </Field>
  )
}
