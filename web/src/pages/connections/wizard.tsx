import { useQuery } from '@tanstack/react-query'
import { useEffect, useReducer } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { client } from '../../api/client.ts'
import { type CheckStep, connect } from '../../api/connections.ts'
import { type Connector, connectorsQuery } from '../../api/connectors.ts'
import { useConsentReturn } from '../../parts/consent-outcome.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import { DefinitionStep } from './wizard-definition.tsx'
import { DoneStep } from './wizard-done.tsx'
import { WizardPanel } from './wizard-panel.tsx'
import { type Draft, inputOf, type Send, wizardReducer } from './wizard-state.ts'
import { draftIn, WindowStep } from './wizard-window.tsx'

/** A few steps from nothing to the first records seen; nothing is stored before the check succeeds. */
export function Wizard() {
  const { t } = useText()
  const connectors = useQuery(connectorsQuery)
  const came = useConsentReturn()
  const [search] = useSearchParams()
  const [state, send] = useReducer(wizardReducer, search, draftIn)
  const navigate = useNavigate()
  const connector = connectors.data?.find((each) => each.crm === state.crm)
  useNamedCrm(search.get('crm'), { state, send, connectors: connectors.data })
  async function work(chosen: Connector, onStep: (step: CheckStep) => void): Promise<void> {
    const connection = await connect(inputOf(state, chosen), onStep)
    for (const queryKey of [['connections'], ['authentications'], ['status'], ['runs']]) {
      void client.invalidateQueries({ queryKey })
    }
    if (state.next === 'configuration') void navigate(`/configurations/new?connection=${connection.id}`)
    else send({ do: 'connected', connection })
  }
  return (
    <>
      <PageHeader
        title={t.wizard.title}
        tab={t.wizard.title}
        crumbs={[{ to: '/connections', text: t.connections.title }]}
        health={
          <HealthLine health={state.step === 'done' ? 'ok' : 'none'}>
            {state.step === 'done' ? t.wizard.doneText : state.made ? t.ownAccounts.windowStored : t.wizard.health}
          </HealthLine>
        }
      />
      <WizardPanel title={t.wizard.title} state={state} send={send} connectors={connectors} work={work}>
        {state.step === 'define' && connector ? (
          <DefinitionStep state={state} connector={connector} send={send} />
        ) : null}
        {state.step === 'window' && connector ? (
          <WindowStep state={state} connector={connector} send={send} came={came} />
        ) : null}
        {state.step === 'done' && state.connection ? <DoneStep connection={state.connection} /> : null}
      </WizardPanel>
    </>
  )
}

/** Whoever comes for one CRM need not choose it again. */
function useNamedCrm(
  crm: string | null,
  { state, send, connectors = [] }: { state: Draft; send: Send; connectors: Connector[] | undefined },
): void {
  const named = state.crm === '' ? connectors.find((each) => each.crm === crm) : undefined
  useEffect(() => {
    if (named) send({ do: 'choose', connector: named })
  }, [named, send])
}
