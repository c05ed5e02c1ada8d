import { Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { createTeam, refreshTeams } from '../../api/teams.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { NameField } from '../../parts/name-field.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './teams.module.css'

export function TeamDialog({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [tried, setTried] = useState(false)
  const make = useProven(createTeam, {
    done: (team) => {
      void refreshTeams()
      void navigate(`/teams/${team.id}`)
    },
  })
  function submit(): void {
    setTried(true)
    if (name.trim()) make.run({ name: name.trim(), description: description.trim() })
  }
  return (
    <FormModal
      title={t.teamPage.make}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      onSubmit={submit}
      go={t.teamPage.go}
      busy={make.busy}
    >
      <p>{t.teamPage.makeText}</p>
      <NameField label={t.teamPage.name} value={name} tried={tried} onChange={setName} />
      <Field label={t.teamPage.description}>
        <Input
          value={description}
          onChange={(_, data) => setDescription(data.value)}
          autoComplete="off"
          input={{ maxLength: 500 }}
        />
      </Field>
      {make.error ? <ErrorNotice error={make.error} /> : null}
    </FormModal>
  )
}
