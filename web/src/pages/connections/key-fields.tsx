import { Button } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import type { Connection } from '../../api/connections.ts'
import { consentToKeyFields, type KeyFields, keyFieldsQuery } from '../../api/key-fields.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { type Health, HealthDot } from '../../parts/health.tsx'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './key-fields.module.css'

type Table = KeyFields['tables'][number]

/** Where the section stands on the connection's page, behind the #. */
export const keysPlace = 'keys'

/** Consented to, and still creates of some tables go without: somebody has to see to it. */
export function useTablesWithoutKey(connection: string): number {
  const { data } = useQuery(keyFieldsQuery(connection))
  return data?.isConsented ? lacking(data).length : 0
}

const lacking = ({ tables }: KeyFields) => tables.filter(({ state }) => state !== 'there')

/** Whether creates carry a key in a CRM that chooses the ids itself, and the consent to the field that they need for it. */
export function KeyFieldsSection({ connection }: { connection: Connection }) {
  const { t } = useText()
  const { id, name } = connection
  const query = useQuery(keyFieldsQuery(id))
  const consent = useConsent(id)
  const fields = query.data
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
  if (!fields?.isNeeded) return null
  const words = t.connection.keys
  const isWhole = lacking(fields).length === 0
  const isTried = fields.isConsented
  const isRefused = fields.tables.some(({ problem }) => problem !== null)
  return (
    <Section title={words.title} text={words.text} place={keysPlace}>
      <div className={styles.body}>
        <div className={styles.head}>
          <HealthDot health={isWhole ? 'ok' : isTried ? 'warn' : 'none'} />
          <p className={styles.state}>{stateOf(fields, words)}</p>
          <Button
            appearance={isTried ? 'secondary' : 'primary'}
            disabledFocusable={consent.isPending}
            onClick={() => consent.mutate()}
          >
            {consent.isPending ? words.working : isTried ? words.again : words.consent}
          </Button>
        </div>
        {isWhole ? null : <p className={styles.about}>{isTried && !isRefused ? words.mend : words.about}</p>}
        <ul className={styles.tables}>
          {fields.tables.map((table) => (
            <TableLine key={table.entity} table={table} isConsented={isTried} />
          ))}
        </ul>
        {consent.isError ? <ErrorNotice error={consent.error} subject={name} /> : null}
      </div>
    </Section>
  )
}

function stateOf(fields: KeyFields, words: ReturnType<typeof useText>['t']['connection']['keys']): string {
  const missing = lacking(fields).length
  if (missing === 0) return words.whole
  return missing === fields.tables.length ? words.none : words.some
}

function useConsent(id: string) {
  const { t } = useText()
  const toasts = useToasts()
  return useMutation({
    mutationFn: () => consentToKeyFields(id),
    onSuccess: (fields) => {
      client.setQueryData(keyFieldsQuery(id).queryKey, fields)
      for (const queryKey of [
        ['connections', id],
        ['tables', id],
      ])
        void client.invalidateQueries({ queryKey })
      if (lacking(fields).length === 0) toasts.done(t.connection.keys.whole)
    },
  })
}

function TableLine({ table, isConsented }: { table: Table; isConsented: boolean }) {
  const { t } = useText()
  const names = useNames()
  const { fromProblem } = useProblem()
  const problem = table.problem ? fromProblem(table.problem) : null
  const lack: Health = isConsented ? 'warn' : 'none'
  return (
    <li>
      <span className={styles.name}>{names.many(table.entity)}</span>
      <span className={styles.said}>
        <HealthDot health={table.state === 'there' ? 'ok' : lack} />
        {t.connection.keys.states[table.state]}
      </span>
      {problem ? (
        <span className={styles.why}>
          {/[.!?]$/.test(problem.what) ? problem.what : `${problem.what}.`} {problem.mend}
        </span>
      ) : null}
    </li>
  )
}
