import { type FormEvent, useState } from 'react'
import { changePerson, type Person, refreshPeople } from '../../api/people.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { Section } from '../../parts/page.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './people.module.css'
import { RolePicks } from './role-picks.tsx'

export function PersonRoles({ person, last }: { person: Person; last: boolean }) {
  const { t } = useText()
  const toasts = useToasts()
  const held = person.roles
  const [picked, setPicked] = useState<string[]>(held)
  const [tried, setTried] = useState(false)
  const save = useProven((roles: string[]) => changePerson(person.id, { roles }), {
    done: () => {
      void refreshPeople()
      toasts.done(t.person.rolesSaved(person.name))
    },
  })
  const changed = picked.length !== held.length || picked.some((role) => !held.includes(role))
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (changed && picked.length > 0) save.run(picked)
  }
  return (
    <Section title={t.people.roles} text={t.people.rolesHint}>
      <form className={styles.roles} onSubmit={submit}>
        <RolePicks
          quiet
          picked={picked}
          held={last ? { role: 'administrator', reason: t.person.last } : null}
          missing={tried && picked.length === 0}
          onPick={setPicked}
        />
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <MainButton type="submit" busy={save.busy} disabledFocusable={!changed}>
          {t.act.save}
        </MainButton>
      </form>
    </Section>
  )
}
