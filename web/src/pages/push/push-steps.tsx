import { Spinner } from '@fluentui/react-components'
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { Circle20Regular } from '@fluentui/react-icons/svg/circle'
import { DismissCircle20Filled } from '@fluentui/react-icons/svg/dismiss-circle'
import type { Act, PushStep } from '../../api/pushes.ts'
import { useText } from '../../text/use-text.tsx'
import checks from '../connections/check-steps.module.css'
import styles from './push.module.css'

const linesOf: Record<Act, PushStep['step'][]> = {
  install: ['names', 'sent', 'components', 'tests', 'done', 'test_event'],
  renew: ['names', 'sent', 'components', 'tests', 'done', 'test_event'],
  check: ['names', 'sent', 'components', 'tests', 'done'],
  remove: ['sent', 'components', 'done'],
  test: ['test_event'],
}

interface Line {
  step: PushStep['step']
  state: 'done' | 'failed' | 'under_way' | 'waiting'
  last: PushStep | undefined
  faults: string[]
}

/** One line for each stage, whatever the CRM told of it last. Faults stand with the stage that they are of. */
function linesFor(act: Act, steps: readonly PushStep[], isOver: boolean): Line[] {
  const order = linesOf[act]
  const reached = Math.max(-1, ...steps.map(({ step }) => order.indexOf(step)))
  const hasFailed = steps.some(({ ok }) => !ok)
  return order.map((step, index) => {
    const told = steps.filter((one) => one.step === step)
    const last = told.findLast(({ ok }) => ok)
    const faults = told.filter(({ ok }) => !ok).map(({ message }) => message)
    const isWhole = last !== undefined && (last.total === undefined || last.done === last.total)
    const isPassed = index < reached || (index === reached && isWhole)
    if (faults.length > 0) return { step, state: 'failed', last, faults }
    if (isPassed && !(hasFailed && last === undefined)) return { step, state: 'done', last, faults }
    const isNow = !isOver && !hasFailed && index === (reached < 0 ? 0 : nextOf(order, steps, reached))
    return { step, state: isNow ? 'under_way' : 'waiting', last, faults }
  })
}

function nextOf(order: readonly string[], steps: readonly PushStep[], reached: number): number {
  const last = steps.findLast(({ step }) => step === order[reached])
  const isWhole = last?.total === undefined || last.done === last.total
  return isWhole ? reached + 1 : reached
}

export function PushSteps(props: { act: Act; steps: readonly PushStep[]; isOver: boolean }) {
  const { t } = useText()
  return (
    <ul className={checks.steps} aria-live="polite" aria-busy={!props.isOver}>
      {linesFor(props.act, props.steps, props.isOver).map((line) => (
        <li
          key={line.step}
          data-ok={line.state === 'done' ? true : line.state === 'failed' ? false : 'waiting'}
          aria-current={line.state === 'under_way' ? 'step' : undefined}
        >
          <StateIcon state={line.state} />
          <div className={styles.line}>
            <p className={styles.said}>
              <span>{t.push.steps[line.step]}</span>
              <Figure line={line} />
            </p>
            <More line={line} />
          </div>
        </li>
      ))}
    </ul>
  )
}

function StateIcon({ state }: { state: Line['state'] }) {
  if (state === 'done') return <CheckmarkCircle20Filled aria-hidden="true" />
  if (state === 'failed') return <DismissCircle20Filled aria-hidden="true" />
  if (state === 'under_way') return <Spinner size="extra-tiny" className={checks.spin} />
  return <Circle20Regular aria-hidden="true" />
}

function Figure({ line: { step, state, last } }: { line: Line }) {
  const { t, f } = useText()
  if (last?.ms !== undefined) {
    const seconds = f.decimal(last.ms / 1000, last.ms < 10_000 ? 1 : 0)
    return <span className={styles.figure}>{t.push.came(`${seconds} s`)}</span>
  }
  if (step === 'test_event' || !last?.total || last.done === undefined) return null
  return (
    <span className={styles.figure}>
      {t.push.of(f.count(state === 'done' ? last.total : last.done), f.count(last.total))}
    </span>
  )
}

function More({ line: { step, state, last, faults } }: { line: Line }) {
  const { t } = useText()
  if (step === 'test_event' && state === 'under_way' && last?.waitsFor) {
    return <p>{last.waitsFor === 'crm' ? t.push.waitsForCrm : t.push.waitsForPerson}</p>
  }
  if (state !== 'failed') return null
  const mend = (t.push.faultMend as Record<string, string>)[step]
  return (
    <>
      {step === 'test_event' ? null : (
        <ul className={styles.faults}>
          {[...new Set(faults)].map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      )}
      {mend ? <p className={styles.mend}>{mend}</p> : null}
    </>
  )
}
