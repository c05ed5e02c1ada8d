import { Button, Field, Input, Select } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import type { Connector } from '../../api/connectors.ts'
import { useText } from '../../text/use-text.tsx'
import { textAt } from '../http-api/definition-draft.ts'
import { ApiFields, TablesEditor } from '../http-api/definition-editor.tsx'
import { FormContext } from '../http-api/definition-field.tsx'
import styles from '../http-api/http-api.module.css'
import { PresetGallery } from '../http-api/preset-gallery.tsx'
import { Presets } from '../http-api/presets.tsx'
import { ReplacedNotice } from '../http-api/replaced-notice.tsx'
import { TryPanel } from '../http-api/try-panel.tsx'
import { useDefinition } from '../http-api/use-definition.ts'
import { useCountries } from './connection-settings.tsx'
import wizard from './wizard.module.css'
import { type Draft, inputOf, type Send } from './wizard-state.ts'

interface StepProps {
  state: Draft
  connector: Connector
  send: Send
}

/** What the API is like, told without code, and tried before anything is stored. */
export function DefinitionStep({ state, connector, send }: StepProps) {
  const { t } = useText()
  const [index, setIndex] = useState(0)
  const [tried, setTried] = useState(false)
  const { form, ready, note } = useDefinition(state, (edited) => send({ do: 'define', ...edited }))
  const kind = textAt(form.definition, 'authentication.kind')
  const lacking = signInFields(kind).filter((name) => !state.fields[name]?.trim())
  function input() {
    setTried(true)
    const definition = ready()
    if (!definition || lacking.length > 0) return null
    const { crm: _crm, name: _name, ...rest } = inputOf({ ...state, definition }, connector)
    return rest
  }
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (input()) send({ do: 'go', step: 'check' })
  }
  return (
    <FormContext value={form}>
      <form onSubmit={submit} noValidate>
        <h2 className={wizard.title}>{t.http.title}</h2>
        <p className={wizard.text}>{t.http.text}</p>
        <PresetGallery crm={connector.crm} onTaken={() => setIndex(0)} />
        <ReplacedNotice onSwapped={() => setIndex(0)} />
        <Presets onTaken={() => setIndex(0)} />
        <div className={styles.work}>
          <div>
            <ApiFields />
            <SignIn kind={kind} state={state} send={send} lacking={tried ? lacking : []} />
            <TablesEditor index={index} onIndex={setIndex} />
          </div>
          <TryPanel crm={connector.crm} index={index} input={input} onFault={note} />
        </div>
        {tried && (form.missing.length > 0 || lacking.length > 0) ? (
          <p className={styles.missing} role="alert">
            {t.http.missing(form.missing.length + lacking.length)}
          </p>
        ) : null}
        <div className={wizard.acts}>
          <Button onClick={() => send({ do: 'go', step: 'choose' })}>{t.act.back}</Button>
          <Button type="submit" appearance="primary">
            {t.wizard.connectNow}
          </Button>
        </div>
      </form>
    </FormContext>
  )
}

function signInFields(kind: string): string[] {
  if (kind === 'none') return []
  if (kind === 'basic') return ['user', 'secret']
  return kind === 'client_credentials' ? ['clientId', 'secret'] : ['secret']
}

function SignIn(props: { kind: string; state: Draft; send: Send; lacking: readonly string[] }) {
  const { t } = useText()
  const { kind, state, send } = props
  const countries = useCountries()
  return (
    <div className={styles.signIn}>
      {signInFields(kind).map((name) => (
        <Field
          key={name}
          label={name === 'secret' ? (t.http.secrets[kind] ?? name) : (t.http.fields[name] ?? name)}
          hint={name === 'secret' ? t.http.sealed : null}
          required
          validationState={props.lacking.includes(name) ? 'error' : 'none'}
          validationMessage={props.lacking.includes(name) ? t.wizard.missing : null}
        >
          <Input
            type={name === 'secret' ? 'password' : 'text'}
            autoComplete="off"
            spellCheck={false}
            value={state.fields[name] ?? ''}
            onChange={(_, { value }) => send({ do: 'field', name, value })}
          />
        </Field>
      ))}
      <Field label={t.connection.country} hint={t.connection.countryHint}>
        <Select value={state.country} onChange={(_, { value }) => send({ do: 'put', name: 'country', value })}>
          <option value="">{t.connection.countryNone}</option>
          {countries.map(([code, text]) => (
            <option key={code} value={code}>
              {text}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  )
}
