import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { createConfiguration, refreshConfigurations } from '../../api/configurations.ts'
import { connectionsQuery } from '../../api/connections.ts'
import { sessionQuery } from '../../api/session.ts'
import { HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import wizard from '../connections/wizard.module.css'
import { originOf } from '../connections/wizard-state.ts'
import { WizardSteps } from '../connections/wizard-stepper.tsx'
import { AboutStep } from './new-about.tsx'
import { ConnectionStep } from './new-connection.tsx'
import { DomainStep, UsersStep } from './new-last-steps.tsx'
import { dropDraft, keepDraft, keptDraft, type NewDraft, newSteps } from './new-state.ts'

/** From a CRM to a configuration of it; nothing is kept by the hub before the last step. */
export function NewConfigurationPage() {
  const { t } = useText()
  const { data: session } = useQuery(sessionQuery)
  const connections = useQuery(connectionsQuery)
  return (
    <>
      <PageHeader
        title={t.configurations.make}
        tab={t.configurations.make}
        crumbs={[{ to: '/configurations', text: t.configurations.title }]}
        health={<HealthLine health="none">{t.configurations.wizard.health}</HealthLine>}
      />
      {session && !connections.isPending ? <Steps person={session.id} /> : <SkeletonBlock height={380} />}
    </>
  )
}

function Steps({ person }: { person: string }) {
  const { t } = useText()
  const { draft, put } = useDraft(person)
  const finish = useFinish(draft)
  const { steps } = t.configurations.wizard
  return (
    <div className={wizard.wizard}>
      <WizardSteps
        label={t.configurations.make}
        steps={newSteps.map((step) => ({ step, title: steps[step] }))}
        at={draft.step}
        onGo={(step) => put({ step })}
      />
      <div className={wizard.panel}>
        {draft.step === 'about' ? <AboutStep draft={draft} put={put} /> : null}
        {draft.step === 'connection' ? <ConnectionStep draft={draft} put={put} /> : null}
        {draft.step === 'domain' ? <DomainStep draft={draft} put={put} /> : null}
        {draft.step === 'users' ? (
          <UsersStep
            draft={draft}
            put={put}
            finish={{ run: () => finish.mutate(), busy: finish.isPending, error: finish.error }}
          />
        ) : null}
      </div>
    </div>
  )
}

/** Whoever comes back from connecting finds what was entered, with the new connection chosen. */
function useDraft(person: string) {
  const [search, setSearch] = useSearchParams()
  const { data: connections = [] } = useQuery(connectionsQuery)
  const came = connections.find(({ id }) => id === search.get('connection'))
  const [draft, setDraft] = useState(() => keptDraft(person))
  const put = (change: Partial<NewDraft>) => setDraft((now) => ({ ...now, ...change }))
  useEffect(() => keepDraft(person, draft), [person, draft])
  // The list may still be without the new one when the page is entered.
  useEffect(() => {
    if (!came) return
    setDraft((now) => ({ ...now, crm: came.crm, connectionId: came.id, domain: '', step: 'connection' }))
    setSearch({}, { replace: true })
  }, [came, setSearch])
  return { draft, put }
}

function useFinish(draft: NewDraft) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  const { connectionId, teamIds, personIds } = draft
  return useMutation({
    mutationFn: () =>
      createConfiguration({
        ...{ connectionId, teamIds, personIds },
        name: draft.name.trim(),
        description: draft.description.trim(),
        screenPopDomain: originOf(draft.domain) ?? draft.domain.trim(),
      }),
    onSuccess: async (made) => {
      dropDraft()
      await navigate(`/configurations/${made.id}`)
      await refreshConfigurations()
      toasts.done(t.configurations.wizard.active(made.name))
    },
  })
}
