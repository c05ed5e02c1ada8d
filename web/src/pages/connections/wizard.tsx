import { useQuery } from '@tanstack/react-query'
import { useReducer } from 'react'
import { connectorsQuery } from '../../api/connectors.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './wizard.module.css'
import { CheckStepPanel } from './wizard-check.tsx'
import { ChooseStep } from './wizard-choose.tsx'
import { DefinitionStep } from './wizard-definition.tsx'
import { DoneStep } from './wizard-done.tsx'
import { SignInStep } from './wizard-sign-in.tsx'
import { type Draft, emptyDraft, type Send, stepsOf, type WizardStep, wizardReducer } from './wizard-state.ts'
import stepStyles from './wizard-steps.module.css'
import { WhereStep } from './wizard-where.tsx'

/** A few steps from nothing to the first records seen; nothing is stored before the check succeeds. */
export function Wizard() {
  const { t } = useText()
  const connectors = useQuery(connectorsQuery)
  const [state, send] = useReducer(wizardReducer, emptyDraft)
  const connector = connectors.data?.find((each) => each.crm === state.crm)
  return (
    <>
      <PageHeader
        title={t.wizard.title}
        tab={t.wizard.title}
        crumbs={[{ to: '/connections', text: t.connections.title }]}
        health={
          <HealthLine health={state.step === 'done' ? 'ok' : 'none'}>
            {state.step === 'done' ? t.wizard.doneText : t.wizard.health}
          </HealthLine>
        }
      />
      <div className={styles.wizard} data-wide={state.step === 'define'}>
        <Steps state={state} steps={stepsOf(connector)} send={send} />
        <div className={styles.panel}>
          {connectors.isPending ? <SkeletonBlock height={280} /> : null}
          {connectors.isError ? (
            <ErrorNotice error={connectors.error} onRetry={() => void connectors.refetch()} />
          ) : null}
          {connectors.data && state.step === 'choose' ? <ChooseStep connectors={connectors.data} send={send} /> : null}
          {state.step === 'define' && connector ? (
            <DefinitionStep state={state} connector={connector} send={send} />
          ) : null}
          {state.step === 'where' && connector ? <WhereStep state={state} connector={connector} send={send} /> : null}
          {state.step === 'app' && connector ? <SignInStep state={state} connector={connector} send={send} /> : null}
          {state.step === 'check' && connector ? (
            <CheckStepPanel state={state} connector={connector} send={send} />
          ) : null}
          {state.step === 'done' && state.connection ? <DoneStep connection={state.connection} /> : null}
        </div>
      </div>
    </>
  )
}

function Steps({ state, steps, send }: { state: Draft; steps: WizardStep[]; send: Send }) {
  const { t } = useText()
  const at = state.step === 'done' ? steps.length : steps.indexOf(state.step)
  const titles: Record<WizardStep, string> = {
    choose: t.wizard.choose,
    define: t.http.step,
    where: t.wizard.where,
    app: t.wizard.app,
    check: t.wizard.check,
    done: t.wizard.done,
  }
  return (
    <ol className={stepStyles.steps} aria-label={t.wizard.title}>
      {steps.map((step, index) => (
        <li key={step} aria-current={step === state.step ? 'step' : undefined} data-done={index < at}>
          <button
            type="button"
            disabled={index >= at || state.step === 'done'}
            onClick={() => send({ do: 'go', step })}
          >
            <span className={stepStyles.number}>{index + 1}</span>
            {titles[step]}
          </button>
        </li>
      ))}
    </ol>
  )
}
