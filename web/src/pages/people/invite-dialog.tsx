import { Button, Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
import { invite, type NewInvitation, refreshInvitations } from '../../api/people.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
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
  const [tried, setTried] = useState(false)
  const make = useProven(invite, { done: () => void refreshInvitations() })
  if (make.data) return <Made made={make.data} onClose={onClose} />
  const wrongEmail = tried && !anAddress.test(email.trim())
  const noName = tried && !name.trim()
  function submit(): void {
    setTried(true)
    if (anAddress.test(email.trim()) && name.trim() && picked.length > 0) {
      make.run({ email: email.trim(), name: name.trim(), roles: picked })
    }
  }
  return (
    <Modal
      title={t.people.inviteTitle}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      onSubmit={submit}
      acts={
        <>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          <MainButton type="submit" busy={make.busy}>
            {t.people.inviteGo}
          </MainButton>
        </>
      }
    >
      <p>{t.people.inviteText}</p>
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
      <RolePicks picked={picked} missing={tried && picked.length === 0} onPick={setPicked} />
      {make.error ? <ErrorNotice error={make.error} /> : null}
    </Modal>
  )
}

function Made({ made, onClose }: { made: NewInvitation; onClose(): void }) {
  const { t } = useText()
  return (
    <Modal
      title={t.people.linkTitle}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      held
      acts={<MainButton onClick={onClose}>{t.act.close}</MainButton>}
    >
      <p>{t.people.linkText(made.name)}</p>
      <ShownLink path={made.token === null ? '/sign-in' : `/invitation#${made.token}`} expiresAt={made.expiresAt} />
    </Modal>
  )
}
