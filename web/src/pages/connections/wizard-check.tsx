import { Button } from '@fluentui/react-components'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../api/client.ts'
import { type CheckStep, connect } from '../../api/connections.ts'
import type { Connector } from '../../api/connectors.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import { CheckSteps } from './check-steps.tsx'
import styles from './wizard.module.css'
import { type Draft, inputOf, type Send, stepsOf } from './wizard-state.ts'

/** The check, run live; the first failure says how to mend it, and nothing is stored. */
export function CheckStepPanel({ state, connector, send }: { state: Draft; connector: Connector; send: Send }) {
  const { t } = useText()
  const [steps, setSteps] = useState<CheckStep[]>([])
  const [error, setError] = useState<unknown>(null)
  const [running, setRunning] = useState(false)
  const began = useRef(false)

  function run(): void {
    setSteps([])
    setError(null)
    setRunning(true)
    connect(inputOf(state, connector), (step) => setSteps((before) => [...before, step]))
      .then((connection) => {
        for (const queryKey of [['connections'], ['status'], ['runs']]) void client.invalidateQueries({ queryKey })
        send({ do: 'connected', connection })
      })
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
            <Button onClick={() => send({ do: 'go', step: stepsOf(connector).at(-2) ?? 'app' })}>{t.wizard.fix}</Button>
            <Button appearance="primary" onClick={run}>
              {t.act.retry}
            </Button>
          </div>
        </>
      ) : null}
    </>
  )
}
