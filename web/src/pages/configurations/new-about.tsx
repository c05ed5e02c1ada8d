import { Button, Field, Select, Textarea } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { connectorsQuery } from '../../api/connectors.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { NameField } from '../../parts/name-field.tsx'
import { useText } from '../../text/use-text.tsx'
import wizard from '../connections/wizard.module.css'
import type { NewStepProps } from './new-state.ts'

/** Which CRM, and what the configuration is called. */
export function AboutStep({ draft, put }: NewStepProps) {
  const { t } = useText()
  const connectors = useQuery(connectorsQuery)
  const [tried, setTried] = useState(false)
  const words = t.configurations
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (draft.crm && draft.name.trim()) put({ step: 'connection' })
  }
  /** A connection of another CRM is none of this one. */
  function choose(crm: string): void {
    put(crm === draft.crm ? { crm } : { crm, connectionId: '', domain: '' })
  }
  const untyped = tried && !draft.crm
  return (
    <form onSubmit={submit} noValidate>
      <h2 className={wizard.title}>{words.wizard.steps.about}</h2>
      <p className={wizard.text}>{words.wizard.aboutText}</p>
      {connectors.isError ? <ErrorNotice error={connectors.error} onRetry={() => void connectors.refetch()} /> : null}
      <div className={wizard.beside}>
        <div className={wizard.fields}>
          <Field
            label={words.wizard.type}
            hint={words.wizard.typeHint}
            required
            validationState={untyped ? 'error' : 'none'}
            validationMessage={untyped ? words.wizard.pickType : null}
          >
            <Select value={draft.crm} onChange={(_, { value }) => choose(value)}>
              <option value="">{words.wizard.pickType}</option>
              {connectors.data?.map(({ crm, title }) => (
                <option key={crm} value={crm}>
                  {t.http.titles[crm] ?? title}
                </option>
              ))}
            </Select>
          </Field>
          <NameField
            label={words.name}
            hint={words.nameHint}
            value={draft.name}
            tried={tried}
            onChange={(name) => put({ name })}
          />
          <Field label={words.description}>
            <Textarea
              value={draft.description}
              textarea={{ maxLength: 2000, rows: 2 }}
              onChange={(_, { value }) => put({ description: value })}
            />
          </Field>
        </div>
        <aside className={wizard.help} aria-label={t.configurationParts.help}>
          <h3>{t.configurationParts.help}</h3>
          <ol>
            <li>{words.wizard.help.type}</li>
            <li>{words.wizard.help.connection}</li>
            <li>{words.wizard.help.rights}</li>
          </ol>
        </aside>
      </div>
      <div className={wizard.acts}>
        <Button type="submit" appearance="primary">
          {words.wizard.authenticate}
        </Button>
      </div>
    </form>
  )
}
