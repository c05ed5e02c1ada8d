import { Field, Input, Select } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { invite, type NewInvitation, refreshInvitations } from '../../api/people.ts'
import { signOnQuery } from '../../api/sign-on.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useText } from '../../text/use-text.tsx'
import { ShownLink } from './handed-link.tsx'
import styles from './people.module.css'
import { RolePicks } from './role-picks.tsx'

const anAddress = /^[^\s@]+@[^\s@]+$/

/** Who and as what; then the link, shown this once. */
export function InviteDialog({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [picked, setPicked] = useState<string[]>(['agent'])
  const [provider, setProvider] = useState('')
  const [tried, setTried] = useState(false)
  const make = useProven(invite, { done: () => void refreshInvitations() })
  if (make.data) return <Made made={make.data} onClose={onClose} />
  const wrongEmail = tried && !anAddress.test(email.trim())
  const noName = tried && !name.trim()
  function submit(): void {
    setTried(true)
    if (anAddress.test(email.trim()) && name.trim() && picked.length > 0) {
      make.run({ email: email.trim(), name: name.trim(), roles: picked, ...(provider ? { provider } : {}) })
    }
  }
  return (
    <FormModal
      title={t.people.inviteTitle}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      onSubmit={submit}
      go={provider ? t.people.invite : t.people.inviteGo}
      busy={make.busy}
    >
      <p>{provider ? t.people.inviteTextProvider : t.people.inviteText}</p>
      <Field
        label={t.people.email}
        validationState={wrongEmail ? 'error' : 'none'}
        validationMessage={wrongEmail ? t.account.emailWrong : null}
      >
        <Input
          type="email"
          value={email}
          onChange={(_, data) => setEmail(data.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          input={{ maxLength: 254 }}
        />
      </Field>
      <Field
        label={t.people.name}
        validationState={noName ? 'error' : 'none'}
        validationMessage={noName ? t.wizard.missing : null}
      >
        <Input value={name} onChange={(_, data) => setName(data.value)} autoComplete="off" input={{ maxLength: 200 }} />
      </Field>
      <ProviderField provider={provider} onProvider={setProvider} />
      <RolePicks picked={picked} missing={tried && picked.length === 0} onPick={setPicked} />
      {make.error ? <ErrorNotice error={make.error} /> : null}
    </FormModal>
  )
}

/** Where they sign in, which accepts the invitation; not asked where there is no provider. */
function ProviderField({ provider, onProvider }: { provider: string; onProvider(id: string): void }) {
  const { t } = useText()
  const { data: providers = [] } = useQuery(signOnQuery)
  if (providers.length === 0) return null
  return (
    <Field label={t.people.ways} hint={provider ? t.people.providerHint : null}>
      <Select value={provider} onChange={(_, { value }) => onProvider(value)}>
        <option value="">{t.people.byLink}</option>
        {providers.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  )
}

function Made({ made, onClose }: { made: NewInvitation; onClose(): void }) {
  const { t } = useText()
  return (
    <Modal
      title={made.provider === null ? t.people.linkTitle : t.people.addressTitle}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      held
      acts={<MainButton onClick={onClose}>{t.act.close}</MainButton>}
    >
      <p>{made.provider === null ? t.people.linkText(made.name) : t.people.addressText(made.name, made.email)}</p>
      <ShownLink path={made.token === null ? '/sign-in' : `/invitation#${made.token}`} expiresAt={made.expiresAt} />
    </Modal>
  )
}
