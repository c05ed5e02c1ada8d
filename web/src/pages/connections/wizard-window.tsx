import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { createAuthentication, refreshAuthentications } from '../../api/authentications.ts'
import type { Connector } from '../../api/connectors.ts'
import { ConsentOutcome } from '../../parts/consent-outcome.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { SignInWindow } from '../../parts/sign-in-window.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './wizard.module.css'
import { type Draft, emptyDraft, enteredOf, originOf, type Send, windowFlow } from './wizard-state.ts'

interface Props {
  state: Draft
  connector: Connector
  send: Send
  /** With what the window sent the browser back. */
  came: string | null
}

/** Somebody signs in in the CRM's own window; what is entered, but no secret, waits in the address to come back to. */
export function WindowStep({ state, connector, send, came }: Props) {
  const { t } = useText()
  const { made } = state
  const make = useMake({ state, connector, send })
  const isDone = made !== null && came === 'done'
  return (
    <>
      <h2 className={styles.title}>{t.ownAccounts.windowTitle}</h2>
      <p className={styles.text}>{isDone ? t.ownAccounts.signedInText : t.ownAccounts.windowMade}</p>
      {made ? <ConsentOutcome came={came} done={t.ownAccounts.signedIn} doneText={t.ownAccounts.windowBack} /> : null}
      {make.isPending ? <SkeletonBlock height={120} /> : null}
      {make.isError ? <ErrorNotice error={make.error} subject={state.url} onRetry={() => make.mutate()} /> : null}
      {made && !isDone ? (
        <SignInWindow authentication={made} returnTo={addressOf(state, made)} text={t.ownAccounts.windowGo} />
      ) : null}
      <div className={styles.acts}>
        <Button onClick={() => send({ do: 'go', step: 'app' })}>{t.act.back}</Button>
        {isDone ? (
          <Button appearance="primary" onClick={() => send({ do: 'go', step: 'check' })}>
            {t.wizard.connectNow}
          </Button>
        ) : null}
      </div>
    </>
  )
}

/** What was entered is kept as an authentication first, since the window is that one's. */
function useMake({ state, connector, send }: Omit<Props, 'came'>) {
  const began = useRef(false)
  const make = useMutation({
    mutationFn: () => {
      const { crm, title } = connector
      const url = originOf(state.url) ?? state.url.trim()
      const name = state.name.trim() || `${title} ${url.replace(/^https?:\/\//, '')}`
      return createAuthentication({ name, crm, url, ...enteredOf(state, connector) }, () => undefined)
    },
    onSuccess: ({ id }) => {
      send({ do: 'made', authentication: id })
      void refreshAuthentications()
    },
  })
  useEffect(() => {
    if (began.current || state.made !== null) return
    began.current = true
    make.mutate()
  }, [state.made, make.mutate])
  return make
}

const entered = ['crm', 'url', 'name', 'country', 'apiVersion'] as const

function addressOf(draft: Draft, made: string): string {
  const query = new URLSearchParams({ authentication: made })
  for (const name of entered) if (draft[name]) query.set(name, draft[name])
  if (draft.keyFields) query.set('keyFields', '1')
  if (draft.next) query.set('next', draft.next)
  return `/connections/new?${query}`
}

/** The wizard as it was left for the window; empty where the address names none. Nothing is done before a person says so. */
export function draftIn(search: URLSearchParams): Draft {
  const made = search.get('authentication')
  const next = search.get('next') === 'configuration' ? 'configuration' : ''
  if (!made) return { ...emptyDraft, next }
  const draft: Draft = { ...emptyDraft, next, made, authentication: made, flow: windowFlow, step: 'window' }
  for (const name of entered) draft[name] = search.get(name) ?? ''
  return { ...draft, keyFields: search.get('keyFields') === '1' }
}
