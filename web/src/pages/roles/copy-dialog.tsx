import { Field, Input, Select } from '@fluentui/react-components'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { createRole, type Role, refreshRoles } from '../../api/roles.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { NameField } from '../../parts/name-field.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './roles.module.css'

/** A new role begins as another; its own page is where it becomes what it is to be. */
export function CopyDialog({ roles, from, onClose }: { roles: Role[]; from: string | null; onClose(): void }) {
  const { t } = useText()
  const words = useRoleWords()
  const toasts = useToasts()
  const navigate = useNavigate()
  const [copyOf, setCopyOf] = useState(roles.find((role) => role.id === from)?.id ?? 'office-worker')
  const [name, setName] = useState(from === null ? '' : t.rolePage.copyName(words.name(from)))
  const [description, setDescription] = useState('')
  const [tried, setTried] = useState(false)
  const make = useProven(createRole, {
    done: (role) => {
      void refreshRoles()
      toasts.done(t.rolePage.made(role.name))
      void navigate(`/roles/${role.id}`)
    },
  })
  function submit(): void {
    setTried(true)
    if (name.trim()) make.run({ name: name.trim(), copyOf, description: description.trim() })
  }
  return (
    <FormModal
      title={t.rolePage.make}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      onSubmit={submit}
      go={t.rolePage.go}
      busy={make.busy}
    >
      <p>{t.rolePage.makeText}</p>
      <Field label={t.rolePage.copyOf}>
        <Select value={copyOf} onChange={(_, data) => setCopyOf(data.value)}>
          {roles.map((role) => (
            <option key={role.id} value={role.id}>
              {words.name(role.id)}
            </option>
          ))}
        </Select>
      </Field>
      <NameField label={t.rolePage.name} value={name} tried={tried} onChange={setName} />
      <Field label={t.rolePage.description}>
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
