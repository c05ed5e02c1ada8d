import { Button } from '@fluentui/react-components'
import { useEffect, useRef, useState } from 'react'
import type { CheckStep } from '../../api/connections.ts'
import type { Connector } from '../../api/connectors.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import { CheckSteps } from './check-steps.tsx'
import styles from './wizard.module.css'
import { type Draft, inputOf, type Send, stepsOf } from './wizard-state.ts'

interface Props {
  state: Draft
  connector: Connector
  send: Send
  /** Checks and stores; throws what is wrong. */
  work(onStep: (step: CheckStep) => void): Promise<void>
}

/** The check, run live; the first failure says how to mend it, and nothing is stored. */
export function CheckStepPanel({ state, connector, send, work }: Props) {
  const { t } = useText()
  const [steps, setSteps] = useState<CheckStep[]>([])
  const [error, setError] = useState<unknown>(null)
  const [running, setRunning] = useState(false)
  const began = useRef(false)

  function run(): void {
    setSteps([])
    setError(null)
    setRunning(true)
    work((step) => setSteps((before) => [...before, step]))
      .catch((failure: unknown) => setError(failure))
      .finally(() => setRunning(false))
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs once, as the step is entered
  useEffect(() => {
    if (began.current) return
    began.current = true
    run()
  }, [])

  return (
    <>
      <h2 className={styles.title}>{error ? t.wizard.failed : t.wizard.checkingNow}</h2>
      <p className={styles.text}>{t.wizard.checkText}</p>
      <CheckSteps steps={steps} running={running} />
      {error ? (
        <>
          <ErrorNotice
            error={error}
            subject={`${t.http.titles[connector.crm] ?? connector.title} · ${inputOf(state, connector).url}`}
          />
          <div className={styles.acts}>
            <Button onClick={() => send({ do: 'go', step: stepsOf(connector, state).at(-2) ?? 'app' })}>
              {t.wizard.fix}
            </Button>
            <Button appearance="primary" onClick={run}>
              {t.act.retry}
            </Button>
          </div>
        </>
      ) : null}
    </>
  )
}
