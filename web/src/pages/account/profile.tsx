import { Field, Input } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { type Account, changeAccount, refreshAccount } from '../../api/account.ts'
import { Tag } from '../../parts/badge.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { Section } from '../../parts/page.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'

const anAddress = /^[^\s@]+@[^\s@]+$/

export function Profile({ account }: { account: Account }) {
  const { t } = useText()
  const toasts = useToasts()
  const words = useRoleWords(account.roleNames)
  const [name, setName] = useState(account.name)
  const [email, setEmail] = useState(account.email ?? '')
  const [tried, setTried] = useState(false)
  const save = useProven(changeAccount, {
    done: () => {
      setTried(false)
      toasts.done(t.account.saved)
      void refreshAccount()
    },
  })
  const patch = {
    ...(name.trim() === account.name ? {} : { name: name.trim() }),
    ...(email.trim() === (account.email ?? '') ? {} : { email: email.trim() }),
  }
  const changed = Object.keys(patch).length > 0
  const nameMissing = !name.trim()
  const emailWrong = patch.email !== undefined && !anAddress.test(patch.email)
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (changed && !nameMissing && !emailWrong) save.run(patch)
  }
  return (
    <Section title={t.account.who}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field
          label={t.account.name}
          hint={t.account.nameHint}
          validationState={tried && nameMissing ? 'error' : 'none'}
          validationMessage={tried && nameMissing ? t.wizard.missing : null}
        >
          <Input
            value={name}
            onChange={(_, data) => setName(data.value)}
            autoComplete="name"
            input={{ maxLength: 200 }}
          />
        </Field>
        <Field
          label={t.account.email}
          hint={t.account.emailHint}
          validationState={tried && emailWrong ? 'error' : 'none'}
          validationMessage={tried && emailWrong ? t.account.emailWrong : null}
        >
          <Input
            type="email"
            value={email}
            onChange={(_, data) => setEmail(data.value)}
            autoComplete="email"
            autoCapitalize="none"
            spellCheck={false}
            input={{ maxLength: 254 }}
          />
        </Field>
        <p className={styles.roles}>
          <span>{t.people.roles}</span>
          {account.roles.map((role) => (
            <Tag key={role}>{words.name(role)}</Tag>
          ))}
        </p>
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <MainButton type="submit" busy={save.busy} disabledFocusable={!changed}>
          {t.act.save}
        </MainButton>
      </form>
    </Section>
  )
}
