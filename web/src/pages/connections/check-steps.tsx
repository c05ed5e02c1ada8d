import { Spinner } from '@fluentui/react-components'
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { Circle20Regular } from '@fluentui/react-icons/svg/circle'
import { DismissCircle20Filled } from '@fluentui/react-icons/svg/dismiss-circle'
import type { CheckStep } from '../../api/connections.ts'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './check-steps.module.css'

const order: CheckStep['check'][] = ['address', 'dns', 'tls', 'tenant', 'client', 'secret', 'consent', 'user', 'table']

/** One line for each thing that must answer, ticked as it does. */
export function CheckSteps({ steps, running }: { steps: CheckStep[]; running: boolean }) {
  const { t, language } = useText()
  const names = useNames()
  const failed = steps.some((step) => !step.ok)
  const last = steps.at(-1)
  const rest = failed || !running ? [] : order.slice(last ? order.indexOf(last.check) + 1 : 0)
  const textOf = (step: CheckStep) =>
    step.check === 'table' && step.subject ? t.wizard.tableRight(names.many(step.subject)) : t.wizard.checks[step.check]
  return (
    <ul className={styles.steps} aria-live="polite" aria-busy={running}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever appended
        <li key={index} data-ok={step.ok}>
          {step.ok ? <CheckmarkCircle20Filled aria-hidden="true" /> : <DismissCircle20Filled aria-hidden="true" />}
          <div>
            <p>{textOf(step)}</p>
            {tells(step) && language === 'en' ? <p className={styles.said}>{step.message}</p> : null}
          </div>
        </li>
      ))}
      {rest.map((check, index) => (
        <li key={check} data-ok="waiting">
          {index === 0 ? <Spinner size="extra-tiny" className={styles.spin} /> : <Circle20Regular aria-hidden="true" />}
          <p>{check === 'table' ? t.wizard.checks.table : t.wizard.checks[check]}</p>
        </li>
      ))}
    </ul>
  )
}

/** What the hub says beyond the tick; of the rest it would only repeat it, or name ids. */
function tells(step: CheckStep): boolean {
  return !step.ok || step.check === 'address' || step.check === 'tls'
}
