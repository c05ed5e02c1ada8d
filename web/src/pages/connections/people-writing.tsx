import { Field, Select, Switch } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { authenticationsQuery } from '../../api/authentications.ts'
import { client, keepSaved } from '../../api/client.ts'
import { type Connection, type ConnectionChange, changeConnection } from '../../api/connections.ts'
import { callbackQuery } from '../../api/own-accounts.ts'
import { CallbackField } from '../../parts/callback-field.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './connection.module.css'

/** Whether people write to the CRM by their own accounts, and by which app they sign in to it for that. */
export function PeopleWriting({ connection }: { connection: Connection }) {
  const { t } = useText()
  const { id, name, settings } = connection
  const callback = useQuery(callbackQuery('connections', id))
  const change = useChange(connection)
  const needsApp = useNeedsApp(connection)
  const isOn = settings.writesAsPerson === true
  if (callback.isPending) return <SkeletonBlock height={160} />
  const hasWindow = typeof callback.data === 'string'
  return (
    <Section title={t.ownAccounts.people}>
      <div className={styles.people}>
        <Field hint={t.ownAccounts.peopleText}>
          <Switch
            label={t.ownAccounts.peopleSwitch}
            checked={isOn}
            disabled={!isOn && (!hasWindow || needsApp)}
            onChange={(_, { checked }) => change.mutate({ settings: { writesAsPerson: checked } })}
          />
        </Field>
        {callback.isError && !needsApp ? (
          <ErrorNotice error={callback.error} onRetry={() => void callback.refetch()} />
        ) : null}
        {callback.data === null ? <p>{t.ownAccounts.noWindow}</p> : null}
        {needsApp ? <p role="note">{t.ownAccounts.keyNeedsApp}</p> : null}
        {hasWindow || needsApp ? (
          <PeopleApp connection={connection} onChange={(app) => change.mutate({ peopleAuthenticationId: app })} />
        ) : null}
        {hasWindow ? <CallbackField address={callback.data ?? ''} hint={t.ownAccounts.callbackText} /> : null}
        {change.isError ? <ErrorNotice error={change.error} subject={name} /> : null}
      </div>
    </Section>
  )
}

function useChange({ id }: Connection) {
  const { t } = useText()
  const toasts = useToasts()
  return useMutation({
    mutationFn: (change: ConnectionChange) => changeConnection(id, change),
    onSuccess: (changed, { settings }) => {
      keepSaved(['connections', id], changed)
      void client.invalidateQueries({ queryKey: ['me', 'linked-accounts'] })
      void client.invalidateQueries({ queryKey: callbackQuery('connections', id).queryKey })
      if (!settings) return toasts.done(t.ownAccounts.saved)
      toasts.done(settings.writesAsPerson ? t.ownAccounts.peopleOn : t.ownAccounts.peopleOff)
    },
  })
}

/** A private key is no secret that could be shown beside the code of a window. */
function useNeedsApp({ authenticationId, peopleAuthenticationId }: Connection): boolean {
  const { data = [] } = useQuery(authenticationsQuery)
  const used = data.find(({ id }) => id === (peopleAuthenticationId ?? authenticationId))
  return used?.settings.flow === 'jwt_bearer'
}

function PeopleApp({ connection, onChange }: { connection: Connection; onChange(id: string | null): void }) {
  const { t } = useText()
  const { data = [] } = useQuery(authenticationsQuery)
  const { crm, url, authenticationId, peopleAuthenticationId } = connection
  const origin = URL.canParse(url) ? new URL(url).origin : url
  const others = data.filter(
    ({ id, places, ...one }) =>
      id === peopleAuthenticationId ||
      (one.crm === crm && id !== authenticationId && (places === null || places.includes(origin))),
  )
  return (
    <Field label={t.ownAccounts.peopleApp} hint={t.ownAccounts.peopleAppHint}>
      <Select value={peopleAuthenticationId ?? ''} onChange={(_, { value }) => onChange(value || null)}>
        <option value="">{t.ownAccounts.ownApp}</option>
        {others.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  )
}
