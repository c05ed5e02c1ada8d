import { Button, Spinner } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { type Trial, type TrialInput, tryTable } from '../../api/http-apis.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import { cleaned, tablesOf, textAt } from './definition-draft.ts'
import { useForm } from './definition-field.tsx'
import form from './http-api.module.css'
import { TriedFields } from './tried-fields.tsx'
import styles from './try-panel.module.css'

interface Tried {
  trial: Trial
  entity: string
  /** Counted from 1. */
  page: number
  /** The definition that it was read by. */
  by: string
}

const shownRecords = 6

/** Reads one page by what stands in the form, and shows what came of it; nothing is stored. */
export function TryPanel(props: {
  crm: string
  index: number
  /** What goes with the definition; null: something is missing yet, and is marked. */
  input(): Omit<TrialInput, 'entity' | 'link'> | null
  onFault(error: unknown): void
}) {
  const { t } = useText()
  const names = useNames()
  const id = useId()
  const { definition } = useForm()
  const [tried, setTried] = useState<Tried | null>(null)
  const entity = textAt(tablesOf(definition)[props.index], 'entity')
  const by = JSON.stringify(cleaned(definition))
  const attempt = useMutation({
    mutationFn: async ({ link, page }: { link: string | null; page: number }) => {
      const input = props.input()
      if (!input) return null
      const trial = await tryTable(props.crm, { ...input, entity, ...(link === null ? {} : { link }) })
      return { trial, entity, page, by }
    },
    onSuccess: (result) => {
      props.onFault(null)
      if (result) setTried(result)
    },
    onError: props.onFault,
  })
  const shown = tried?.entity === entity ? tried : null
  const begin = () => attempt.mutate({ link: null, page: 1 })
  return (
    <section className={styles.try} aria-labelledby={id} aria-busy={attempt.isPending}>
      <div className={styles.tryHead}>
        <h3 id={id}>{t.http.tryTitle}</h3>
        <Button
          onClick={begin}
          disabledFocusable={attempt.isPending}
          icon={attempt.isPending ? <Spinner size="extra-tiny" /> : null}
        >
          {entity ? t.http.tryTable(names.many(entity)) : t.http.tryIt}
        </Button>
      </div>
      <div aria-live="polite">
        {attempt.isError ? <ErrorNotice error={attempt.error} subject={names.many(entity)} /> : null}
        {shown && !attempt.isError ? <Summary tried={shown} stale={shown.by !== by} /> : null}
        {!shown && !attempt.isError ? <p className={form.note}>{t.http.tryText}</p> : null}
      </div>
      {shown ? (
        <>
          <RequestShown trial={shown.trial} />
          <Records trial={shown.trial} entity={entity} />
          {shown.trial.next === null ? null : (
            <Button
              size="small"
              disabledFocusable={attempt.isPending}
              onClick={() => attempt.mutate({ link: shown.trial.next, page: shown.page + 1 })}
            >
              {t.http.nextPage}
            </Button>
          )}
          <TriedFields trial={shown.trial} index={props.index} />
        </>
      ) : null}
    </section>
  )
}

function Summary({ tried, stale }: { tried: Tried; stale: boolean }) {
  const { t, f } = useText()
  const { trial, page } = tried
  return (
    <>
      <p className={styles.summary}>
        {t.http.came(trial.records, page)}
        {trial.total === null ? '' : ` · ${t.http.ofTotal(f.count(trial.total))}`}
        {trial.next === null ? ` · ${t.http.lastPage}` : ` · ${t.http.morePages}`}
      </p>
      {stale ? <p className={styles.stale}>{t.http.stale}</p> : null}
    </>
  )
}

function RequestShown({ trial }: { trial: Trial }) {
  const { t } = useText()
  const { method, url, headers, body } = trial.request
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return (
    <figure className={styles.request}>
      <figcaption>{t.http.asked}</figcaption>
      <pre>{[`${method} ${url}`, ...lines, ...(body ? ['', body] : [])].join('\n')}</pre>
    </figure>
  )
}

function Records({ trial, entity }: { trial: Trial; entity: string }) {
  const { t } = useText()
  const names = useNames()
  if (trial.shown.length === 0) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={styles.scroll} aria-label={names.many(entity)} tabIndex={0}>
      <table className={styles.records}>
        <thead>
          <tr>
            {[t.http.uses.id, t.http.uses.name, t.http.uses.phone, t.http.uses.email].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trial.shown.slice(0, shownRecords).map((record, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a page may show one id twice, or none
            <tr key={i}>
              <td>{record.sourceId ?? '–'}</td>
              {record.problem ? (
                <td colSpan={3} className={styles.bad}>
                  {record.problem}
                </td>
              ) : (
                <>
                  <td>{record.name ?? '–'}</td>
                  <td>{record.phones.join(', ') || '–'}</td>
                  <td>{record.emails.join(', ') || '–'}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
