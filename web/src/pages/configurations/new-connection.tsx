import { Button } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { authenticationsQuery } from '../../api/authentications.ts'
import { type Connection, connectionsQuery } from '../../api/connections.ts'
import { connectorsQuery } from '../../api/connectors.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthDot } from '../../parts/health.tsx'
import { useText } from '../../text/use-text.tsx'
import { connectionHealth } from '../connections/connection-health.ts'
import wizard from '../connections/wizard.module.css'
import styles from './configurations.module.css'
import type { NewStepProps } from './new-state.ts'

/** As whom: one of those that are connected, or a new one, from which the way leads back here. */
export function ConnectionStep({ draft, put }: NewStepProps) {
  const { t } = useText()
  const words = t.configurations.wizard
  const connections = useQuery(connectionsQuery)
  const [tried, setTried] = useState(false)
  const title = useCrmTitle(draft.crm)
  const fitting = connections.data?.filter(({ crm, state }) => crm === draft.crm && state !== 'removed') ?? []
  // Where there is one alone, nobody has to choose.
  const chosen = fitting.length === 1 ? fitting[0] : fitting.find(({ id }) => id === draft.connectionId)
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (chosen) put({ step: 'domain', connectionId: chosen.id, domain: draft.domain || originOf(chosen) })
  }
  return (
    <form onSubmit={submit} noValidate>
      <h2 className={wizard.title}>{words.steps.connection}</h2>
      <p className={wizard.text}>{words.connectionText}</p>
      {connections.isError ? (
        <ErrorNotice error={connections.error} onRetry={() => void connections.refetch()} />
      ) : null}
      {fitting.length === 0 ? <p>{words.noConnection(title)}</p> : null}
      {fitting.length > 0 ? (
        <fieldset className={styles.choices}>
          <legend>{words.connections(title)}</legend>
          {fitting.map((connection) => (
            <Choice
              key={connection.id}
              connection={connection}
              checked={connection === chosen}
              onChoose={() => put({ connectionId: connection.id, domain: originOf(connection) })}
            />
          ))}
        </fieldset>
      ) : null}
      {tried && !chosen && fitting.length > 0 ? (
        <p className={styles.fault} role="alert">
          {words.pickConnection}
        </p>
      ) : null}
      <p className={styles.another}>
        <ButtonLink to={`/connections/new?crm=${encodeURIComponent(draft.crm)}&next=configuration`}>
          {words.newAuthentication}
        </ButtonLink>
        {words.newAuthenticationText}
      </p>
      <div className={wizard.acts}>
        <Button onClick={() => put({ step: 'about' })}>{t.act.back}</Button>
        <Button type="submit" appearance="primary" disabledFocusable={fitting.length === 0}>
          {t.act.next}
        </Button>
      </div>
    </form>
  )
}

const originOf = ({ url }: Connection) => (URL.canParse(url) ? new URL(url).origin : url)

function useCrmTitle(crm: string): string {
  const { t } = useText()
  const { data: connectors = [] } = useQuery(connectorsQuery)
  return t.http.titles[crm] ?? connectors.find((each) => each.crm === crm)?.title ?? crm
}

function Choice(props: { connection: Connection; checked: boolean; onChoose(): void }) {
  const { t } = useText()
  const { data = [] } = useQuery(authenticationsQuery)
  const { name, url, state, authenticationId } = props.connection
  const authentication = data.find(({ id }) => id === authenticationId)
  return (
    <label className={styles.choice}>
      <input type="radio" name="connection" checked={props.checked} onChange={props.onChoose} />
      <span>
        {name}
        <span className={styles.text}>
          {url.replace(/^https?:\/\//, '')}
          {authentication ? ` · ${t.configurations.wizard.signedInBy(authentication.name)}` : null}
        </span>
      </span>
      <span className={styles.state}>
        <HealthDot health={connectionHealth({ state, tables: [] })} />
        {t.state[state]}
      </span>
    </label>
  )
}
