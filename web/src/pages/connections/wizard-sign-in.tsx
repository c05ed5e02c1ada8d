import { Button, Checkbox, Field } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import type { Connector } from '../../api/connectors.ts'
import { useText } from '../../text/use-text.tsx'
import { ApiVersionField, isApiVersion } from './api-version.tsx'
import { useVendorWords } from './vendor-words.ts'
import styles from './wizard.module.css'
import { SettingField } from './wizard-field.tsx'
import { KeptChoice } from './wizard-kept.tsx'
import { type Draft, fieldsOf, needsWindow, type Send } from './wizard-state.ts'
import stepStyles from './wizard-steps.module.css'

interface StepProps {
  state: Draft
  connector: Connector
  send: Send
}

/** As whom the hub signs in, with what to click in the vendor's consoles beside it. */
export function SignInStep({ state, connector, send }: StepProps) {
  const { t } = useText()
  const words = useVendorWords(state.crm)
  const [tried, setTried] = useState(false)
  const fields = fieldsOf(connector, state.flow)
  const first = fields.filter((field) => field.required)
  const missing = !state.authentication && first.some((field) => !state.fields[field.name]?.trim())
  const byWindow = needsWindow(state)
  const goOn = state.makes === 'connection' ? t.wizard.connectNow : t.authentications.save
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (!missing && isApiVersion(state.apiVersion)) send({ do: 'go', step: byWindow ? 'window' : 'check' })
  }
  return (
    <form onSubmit={submit} noValidate>
      <h2 className={styles.title}>{t.wizard.app}</h2>
      <p className={styles.text}>{words.appText(state.authentication ? '' : state.flow)}</p>
      <div className={styles.beside}>
        <div className={styles.fields}>
          <KeptChoice state={state} send={send} />
          {state.authentication ? (
            <KeptSettings state={state} send={send} />
          ) : (
            <Entries state={state} connector={connector} send={send} tried={tried} />
          )}
          {isToSalesforce(state) ? <Consent state={state} send={send} /> : null}
        </div>
        <aside className={styles.help} aria-label={t.wizard.console}>
          <h3>{t.wizard.console}</h3>
          <ol>
            {words.appWhere(state.flow).map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </aside>
      </div>
      <div className={styles.acts}>
        <Button onClick={() => send({ do: 'go', step: 'where' })}>{t.act.back}</Button>
        <Button type="submit" appearance="primary">
          {byWindow ? t.ownAccounts.windowMake : goOn}
        </Button>
      </div>
    </form>
  )
}

function Entries({ state, connector, send, tried }: StepProps & { tried: boolean }) {
  const { t } = useText()
  const fields = fieldsOf(connector, state.flow)
  const first = fields.filter((field) => field.required)
  const rest = fields.filter((field) => !field.required)
  return (
    <>
      <Flows state={state} connector={connector} send={send} />
      {first.map((field, index) => (
        <SettingField key={field.name} field={field} state={state} send={send} tried={tried} first={index === 0} />
      ))}
      <details className={styles.more} open={state.crm === 'dynamics' && Object.keys(state.found).length === 0}>
        <summary>{t.wizard.advanced}</summary>
        <div className={styles.fields}>
          {rest.map((field) => (
            <SettingField key={field.name} field={field} state={state} send={send} tried={tried} />
          ))}
          {isToSalesforce(state) ? <Version state={state} send={send} /> : null}
        </div>
      </details>
    </>
  )
}

/** Of a sign-in that is there already nothing is entered but what is the connection's own. */
function KeptSettings({ state, send }: { state: Draft; send: Send }) {
  const { t } = useText()
  if (!isToSalesforce(state)) return null
  return (
    <details className={styles.more}>
      <summary>{t.wizard.advanced}</summary>
      <div className={styles.fields}>
        <Version state={state} send={send} />
      </div>
    </details>
  )
}

function Version({ state, send }: { state: Draft; send: Send }) {
  return (
    <ApiVersionField value={state.apiVersion} onChange={(value) => send({ do: 'put', name: 'apiVersion', value })} />
  )
}

const isToSalesforce = ({ crm, makes }: Draft) => crm === 'salesforce' && makes === 'connection'

function Flows({ state, connector, send }: StepProps) {
  const words = useVendorWords(state.crm)
  const flows = connector.authentication.flows ?? []
  if (flows.length < 2) return null
  return (
    <fieldset className={stepStyles.flows}>
      <legend>{words.flowLabel}</legend>
      {flows.map((flow) => (
        <label key={flow}>
          <input
            type="radio"
            name="flow"
            checked={state.flow === flow}
            onChange={() => send({ do: 'put', name: 'flow', value: flow })}
          />
          {words.flowTitle(flow)}
        </label>
      ))}
    </fieldset>
  )
}

/** A field of the hub's own in somebody's organisation is made only when they say so. */
function Consent({ state, send }: { state: Draft; send: Send }) {
  const { t } = useText()
  const { keyFields, keyFieldsText } = t.vendors.salesforce
  return (
    <Field hint={keyFieldsText}>
      <Checkbox
        checked={state.keyFields}
        label={keyFields}
        onChange={(_, data) => send({ do: 'consent', keyFields: data.checked === true })}
      />
    </Field>
  )
}
