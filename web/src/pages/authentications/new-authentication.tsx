import { useQuery } from '@tanstack/react-query'
import { useReducer } from 'react'
import { useNavigate } from 'react-router'
import { createAuthentication, refreshAuthentications } from '../../api/authentications.ts'
import type { CheckStep } from '../../api/connections.ts'
import { type Connector, connectorsQuery } from '../../api/connectors.ts'
import { HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import { WizardPanel } from '../connections/wizard-panel.tsx'
import { emptyDraft, enteredOf, originOf, wizardReducer } from '../connections/wizard-state.ts'

/** Credentials made by themselves, by the steps by which a CRM is connected, for connections to share. */
export function NewAuthenticationPage() {
  const { t } = useText()
  const navigate = useNavigate()
  const connectors = useQuery(connectorsQuery)
  const [state, send] = useReducer(wizardReducer, { ...emptyDraft, makes: 'authentication' })
  async function work(connector: Connector, onStep: (step: CheckStep) => void): Promise<void> {
    const { crm, title } = connector
    const url = originOf(state.url) ?? state.url.trim()
    const name = state.name.trim() || `${title} ${url.replace(/^https?:\/\//, '')}`
    const made = await createAuthentication({ name, crm, url, ...enteredOf(state, connector) }, onStep)
    await refreshAuthentications()
    void navigate(`/authentications/${made.id}`)
  }
  return (
    <>
      <PageHeader
        title={t.authentications.newTitle}
        tab={t.authentications.newTitle}
        crumbs={[{ to: '/authentications', text: t.authentications.title }]}
        health={<HealthLine health="none">{t.wizard.health}</HealthLine>}
      />
      <WizardPanel title={t.authentications.newTitle} state={state} send={send} connectors={connectors} work={work} />
    </>
  )
}
