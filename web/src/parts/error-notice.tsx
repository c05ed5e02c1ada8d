import { Button } from '@fluentui/react-components'
import { ArrowClockwise16Regular } from '@fluentui/react-icons/svg/arrow-clockwise'
import { ErrorCircle20Filled } from '@fluentui/react-icons/svg/error-circle'
import type { ReactNode } from 'react'
import type { Problem } from '../../../src/server/contract/shapes.ts'
import { ApiError } from '../api/request.ts'
import { useText } from '../text/use-text.tsx'
import { CopyButton } from './copy-button.tsx'
import styles from './error-notice.module.css'
import { type Lines, useProblem } from './use-problem.ts'

/** What happened, to what, what to do: three lines, with the details folded behind them. */
export function ErrorNotice(props: {
  error: unknown
  /** To what: words of the person's, not an id. */
  subject?: ReactNode
  onRetry?: () => void
  action?: ReactNode
}) {
  const { fromError } = useProblem()
  return <Notice lines={fromError(props.error)} {...props} />
}

/** The same for a problem that the hub keeps with a thing, below the header of its page. */
export function ProblemNotice(props: { problem: Problem; subject?: ReactNode; action?: ReactNode; calm?: boolean }) {
  const { fromProblem } = useProblem()
  return (
    <div className={styles.belowHeader}>
      <Notice lines={fromProblem(props.problem)} {...props} />
    </div>
  )
}

function Notice(props: {
  lines: Lines
  subject?: ReactNode
  onRetry?: () => void
  action?: ReactNode
  calm?: boolean
}) {
  const { t } = useText()
  const { lines } = props
  return (
    <div className={styles.notice} role={props.calm ? undefined : 'alert'}>
      <ErrorCircle20Filled className={styles.icon ?? ''} aria-hidden="true" />
      <div className={styles.body}>
        <p className={styles.what}>{lines.what}</p>
        {props.subject ? <p className={styles.subject}>{props.subject}</p> : null}
        {lines.mend ? <p className={styles.mend}>{lines.mend}</p> : null}
        {props.action || props.onRetry ? (
          <div className={styles.acts}>
            {props.action}
            {props.onRetry ? (
              <Button size="small" icon={<ArrowClockwise16Regular />} onClick={props.onRetry}>
                {t.act.retry}
              </Button>
            ) : null}
          </div>
        ) : null}
        <Details lines={lines} />
      </div>
    </div>
  )
}

function Details({ lines }: { lines: Lines }) {
  const { t } = useText()
  if (lines.details.length === 0) return null
  return (
    <details className={styles.details}>
      <summary>{t.act.details}</summary>
      <DetailList details={lines.details} />
    </details>
  )
}

/** Codes, ids and sentences for whoever runs the hub, to be copied in one click. */
export function DetailList({ details }: { details: Lines['details'] }) {
  const text = details.map(([name, value]) => `${name}: ${value}`).join('\n')
  return (
    <div className={styles.folded}>
      <dl>
        {details.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <CopyButton text={text} />
    </div>
  )
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}
