import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useText } from '../text/use-text.tsx'
import styles from './consent-outcome.module.css'
import { ProblemNotice } from './error-notice.tsx'

/** With what a CRM's window sent the browser back: `done`, or an error's code. It leaves the address at once. */
export function useConsentReturn(): string | null {
  const [search, setSearch] = useSearchParams()
  const [came] = useState(() => search.get('consent'))
  useEffect(() => {
    if (!search.has('consent')) return
    const rest = new URLSearchParams(search)
    rest.delete('consent')
    setSearch(rest, { replace: true, preventScrollReset: true })
  }, [search, setSearch])
  return came
}

/** What came of the window, in words; the address holds a code alone, since anybody could write one. */
export function ConsentOutcome(props: { came: string | null; done: string; doneText: string }) {
  const { t } = useText()
  const { came } = props
  if (came === null) return null
  if (came === 'done') {
    return (
      <div className={styles.done} role="status">
        <CheckmarkCircle20Filled aria-hidden="true" />
        <div>
          <p className={styles.what}>{props.done}</p>
          <p>{props.doneText}</p>
        </div>
      </div>
    )
  }
  const { what, mend } = t.problems[came] ?? { what: t.ownAccounts.failed, mend: t.ownAccounts.failedText }
  const code = came.slice(0, 60)
  return <ProblemNotice problem={{ code, message: what, mend, since: null }} />
}
