import { Button, Field, Input, Spinner } from '@fluentui/react-components'
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { type Connector, discover } from '../../api/connectors.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import { useVendorWords } from './vendor-words.ts'
import styles from './wizard.module.css'
import { type Draft, originOf, type Send } from './wizard-state.ts'

interface StepProps {
  state: Draft
  connector: Connector
  send: Send
}

/** The address; as it is left, the organisation is asked what it can tell. */
export function WhereStep({ state, connector, send }: StepProps) {
  const { t } = useText()
  const words = useVendorWords(state.crm)
  // Next may be pressed while the organisation is still being asked: then it goes on with the answer.
  const goOn = useRef(false)
  const [tried, setTried] = useState(false)
  const known = Object.keys(state.found).length > 0
  const find = useMutation({
    mutationFn: (url: string) => discover(state.crm, url),
    onSuccess: (found) => {
      send({ do: 'found', url: found.url, settings: found.settings })
      if (goOn.current) send({ do: 'go', step: 'app' })
    },
    onError: () => {
      goOn.current = false
    },
  })
  function ask(): void {
    if (!known && !find.isPending && originOf(state.url)) find.mutate(state.url)
  }
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (!originOf(state.url)) return
    goOn.current = true
    if (known) send({ do: 'go', step: 'app' })
    else ask()
  }
  return (
    <form onSubmit={submit} noValidate>
      <h2 className={styles.title}>{t.wizard.where}</h2>
      <p className={styles.text}>{words.whereText}</p>
      <div className={styles.fields}>
        <AddressField state={state} send={send} tried={tried} onChange={find.reset} onLeave={ask} />
        {find.isError ? <NotFound state={state} connector={connector} send={send} error={find.error} /> : null}
        <Found state={state} asking={find.isPending} hidden={find.isError} />
        <Field
          label={t.wizard.name}
          hint={state.makes === 'connection' ? t.wizard.nameHint : t.authentications.nameHint}
        >
          <Input
            value={state.name}
            maxLength={200}
            onChange={(_, data) => send({ do: 'put', name: 'name', value: data.value })}
          />
        </Field>
      </div>
      <div className={styles.acts}>
        <Button onClick={() => send({ do: 'go', step: 'choose' })}>{t.act.back}</Button>
        <Button type="submit" appearance="primary">
          {t.act.next}
        </Button>
      </div>
    </form>
  )
}

function AddressField(props: { state: Draft; send: Send; tried: boolean; onChange(): void; onLeave(): void }) {
  const { t } = useText()
  const [left, setLeft] = useState(false)
  const { state } = props
  const words = useVendorWords(state.crm)
  const origin = originOf(state.url)
  const wrong = (left || props.tried) && !origin
  return (
    <Field
      label={t.wizard.url}
      required
      validationState={wrong ? 'error' : 'none'}
      validationMessage={wrong ? t.wizard.notUrl : null}
      hint={origin && origin !== state.url.trim() ? t.wizard.trimmed(origin) : null}
    >
      <Input
        autoFocus
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder={words.urlPlaceholder}
        value={state.url}
        onChange={(_, data) => {
          setLeft(false)
          props.onChange()
          props.send({ do: 'put', name: 'url', value: data.value })
        }}
        onBlur={() => {
          setLeft(state.url.trim() !== '')
          props.onLeave()
        }}
      />
    </Field>
  )
}

/** A sovereign cloud or a test system, which the hub does not know by itself, can still be entered by hand. */
function NotFound({ state, connector, send, error }: StepProps & { error: unknown }) {
  const { t } = useText()
  const origin = originOf(state.url)
  function byHand(): void {
    send({ do: 'found', url: origin ?? state.url, settings: {} })
    send({ do: 'go', step: 'app' })
  }
  return (
    <ErrorNotice
      error={error}
      subject={`${connector.title} · ${origin ?? state.url}`}
      action={
        origin ? (
          <Button size="small" onClick={byHand}>
            {t.wizard.byHand}
          </Button>
        ) : null
      }
    />
  )
}

function Found({ state, asking, hidden }: { state: Draft; asking: boolean; hidden: boolean }) {
  const words = useVendorWords(state.crm)
  const found = Object.entries(state.found)
  return (
    <div className={styles.found} aria-live="polite" hidden={hidden}>
      {asking ? <Spinner size="tiny" label={words.discovering} /> : null}
      {found.length > 0 ? (
        <>
          <CheckmarkCircle20Filled className={styles.tick ?? ''} aria-hidden="true" />
          <dl>
            {found.map(([name, value]) => (
              <div key={name}>
                <dt>{words.label(name)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : null}
    </div>
  )
}
