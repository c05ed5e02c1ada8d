import { Button, Field, Input, Spinner } from '@fluentui/react-components'
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Connector, discover } from '../../api/connectors.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './wizard.module.css'
import { type Draft, originOf, type Send } from './wizard-state.ts'

/** The address; as it is left, the organisation is asked what it can tell. */
export function WhereStep({ state, connector, send }: { state: Draft; connector: Connector; send: Send }) {
  const { t } = useText()
  const [left, setLeft] = useState(false)
  const origin = originOf(state.url)
  const wrong = left && !origin
  const find = useMutation({
    mutationFn: (url: string) => discover(state.crm, url),
    onSuccess: (found) => send({ do: 'found', url: found.url, settings: found.settings }),
  })
  const known = Object.keys(state.found).length > 0
  function leave(): void {
    setLeft(state.url.trim() !== '')
    if (origin && !known && !find.isPending) find.mutate(state.url)
  }
  function submit(event: FormEvent): void {
    event.preventDefault()
    setLeft(true)
    if (!origin) return
    if (known) send({ do: 'go', step: 'app' })
    else find.mutate(state.url, { onSuccess: () => send({ do: 'go', step: 'app' }) })
  }
  return (
    <form onSubmit={submit} noValidate>
      <h2 className={styles.title}>{t.wizard.where}</h2>
      <p className={styles.text}>{t.wizard.whereText}</p>
      <div className={styles.fields}>
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
            placeholder={t.wizard.urlPlaceholder}
            value={state.url}
            onChange={(_, data) => {
              setLeft(false)
              find.reset()
              send({ do: 'put', name: 'url', value: data.value })
            }}
            onBlur={leave}
          />
        </Field>
        {find.isError ? (
          <ErrorNotice error={find.error} subject={`${connector.title} · ${origin ?? state.url}`} />
        ) : null}
        <div className={styles.found} aria-live="polite" hidden={find.isError}>
          {find.isPending ? <Spinner size="tiny" label={t.wizard.discovering} /> : null}
          {known ? (
            <>
              <CheckmarkCircle20Filled className={styles.tick ?? ''} aria-hidden="true" />
              <dl>
                {Object.entries(state.found).map(([name, value]) => (
                  <div key={name}>
                    <dt>{t.wizard.fields[name] ?? name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            </>
          ) : null}
        </div>
        <Field label={t.wizard.name} hint={t.wizard.nameHint}>
          <Input
            value={state.name}
            maxLength={200}
            onChange={(_, data) => send({ do: 'put', name: 'name', value: data.value })}
          />
        </Field>
      </div>
      <div className={styles.acts}>
        <Button onClick={() => send({ do: 'go', step: 'choose' })}>{t.act.back}</Button>
        <Button type="submit" appearance="primary" disabledFocusable={find.isPending}>
          {t.act.next}
        </Button>
      </div>
    </form>
  )
}
