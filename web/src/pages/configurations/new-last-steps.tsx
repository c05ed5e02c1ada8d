import { Button } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import wizard from '../connections/wizard.module.css'
import { originOf } from '../connections/wizard-state.ts'
import { DomainField } from './domain-field.tsx'
import type { NewStepProps } from './new-state.ts'
import { UsersPicker } from './users.tsx'

/** Where records are opened for agents. */
export function DomainStep({ draft, put }: NewStepProps) {
  const { t } = useText()
  const words = t.configurations.wizard
  const [tried, setTried] = useState(false)
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    const domain = originOf(draft.domain)
    if (domain) put({ domain, step: 'users' })
  }
  return (
    <form onSubmit={submit} noValidate>
      <h2 className={wizard.title}>{words.steps.domain}</h2>
      <p className={wizard.text}>{words.domainText}</p>
      <div className={wizard.beside}>
        <div className={wizard.fields}>
          <DomainField
            value={draft.domain}
            tried={tried}
            hint={words.domainFrom}
            onChange={(domain) => put({ domain })}
          />
        </div>
        <aside className={wizard.help} aria-label={t.configurationParts.help}>
          <h3>{t.configurationParts.help}</h3>
          <p>{words.help.domain}</p>
        </aside>
      </div>
      <div className={wizard.acts}>
        <Button onClick={() => put({ step: 'connection' })}>{t.act.back}</Button>
        <Button type="submit" appearance="primary">
          {t.act.next}
        </Button>
      </div>
    </form>
  )
}

interface Finish {
  run(): void
  busy: boolean
  error: unknown
}

/** Whose it is; with this it is made. */
export function UsersStep({ draft, put, finish }: NewStepProps & { finish: Finish }) {
  const { t } = useText()
  const words = t.configurations.wizard
  function submit(event: FormEvent): void {
    event.preventDefault()
    finish.run()
  }
  return (
    <form onSubmit={submit} noValidate>
      <h2 className={wizard.title}>{words.steps.users}</h2>
      <p className={wizard.text}>{words.usersText}</p>
      <div className={wizard.beside}>
        <UsersPicker users={draft} onChange={put} />
        <aside className={wizard.help} aria-label={t.configurationParts.help}>
          <h3>{t.configurationParts.help}</h3>
          <p>{words.help.users}</p>
        </aside>
      </div>
      {finish.error ? <ErrorNotice error={finish.error} subject={draft.name} /> : null}
      <div className={wizard.acts}>
        <Button onClick={() => put({ step: 'domain' })}>{t.act.back}</Button>
        <MainButton type="submit" busy={finish.busy}>
          {words.finish}
        </MainButton>
      </div>
    </form>
  )
}
