import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { CheckStep } from '../../api/connections.ts'
import type { Connector } from '../../api/connectors.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './wizard.module.css'
import { CheckStepPanel } from './wizard-check.tsx'
import { ChooseStep } from './wizard-choose.tsx'
import { SignInStep } from './wizard-sign-in.tsx'
import { type Draft, type Send, stepsOf, type WizardStep } from './wizard-state.ts'
import { WizardSteps } from './wizard-stepper.tsx'
import { WhereStep } from './wizard-where.tsx'

interface Props {
  title: string
  state: Draft
  send: Send
  connectors: UseQueryResult<Connector[]>
  /** What the last step does. */
  work(connector: Connector, onStep: (step: CheckStep) => void): Promise<void>
  /** Steps of some alone. */
  children?: ReactNode
}

/** The steps beside, and the one that is at hand: which CRM, where, as whom, and the check. */
export function WizardPanel({ title, state, send, connectors, work, children }: Props) {
  const connector = connectors.data?.find((each) => each.crm === state.crm)
  const given = connector ? { state, connector, send } : null
  return (
    <div className={styles.wizard} data-wide={state.step === 'define'}>
      <Steps title={title} state={state} steps={stepsOf(connector, state)} send={send} />
      <div className={styles.panel}>
        {connectors.isPending ? <SkeletonBlock height={280} /> : null}
        {connectors.isError ? <ErrorNotice error={connectors.error} onRetry={() => void connectors.refetch()} /> : null}
        {connectors.data && state.step === 'choose' ? (
          <ChooseStep connectors={connectors.data} makes={state.makes} send={send} />
        ) : null}
        {state.step === 'where' && given ? <WhereStep {...given} /> : null}
        {state.step === 'app' && given ? <SignInStep {...given} /> : null}
        {state.step === 'check' && given ? (
          <CheckStepPanel {...given} work={(onStep) => work(given.connector, onStep)} />
        ) : null}
        {children}
      </div>
    </div>
  )
}

function Steps(props: { title: string; state: Draft; steps: WizardStep[]; send: Send }) {
  const { state, steps, send } = props
  const { t } = useText()
  const titles: Record<WizardStep, string> = {
    choose: t.wizard.choose,
    define: t.http.step,
    where: t.wizard.where,
    app: t.wizard.app,
    window: t.ownAccounts.windowTitle,
    check: t.wizard.check,
    done: t.wizard.done,
  }
  return (
    <WizardSteps
      label={props.title}
      steps={steps.map((step) => ({ step, title: titles[step] }))}
      at={state.step === 'done' ? null : state.step}
      onGo={(step) => send({ do: 'go', step })}
    />
  )
}
