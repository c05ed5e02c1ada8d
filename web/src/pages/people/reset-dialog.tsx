import { Button } from '@fluentui/react-components'
import { type Person, refreshPeople, resetPerson } from '../../api/people.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useText } from '../../text/use-text.tsx'
import { ShownLink } from './handed-link.tsx'
import styles from './people.module.css'

/** Asked first, since nothing brings the old ways in back; then the link, shown this once. */
export function ResetDialog({ person, onClose }: { person: Person; onClose(): void }) {
  const { t } = useText()
  const reset = useProven(() => resetPerson(person.id), { done: () => void refreshPeople() })
  const { data } = reset
  return (
    <Modal
      title={data ? t.people.linkTitle : t.person.resetTitle(person.name)}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      held={data !== undefined}
      acts={
        data ? (
          <MainButton onClick={onClose}>{t.act.close}</MainButton>
        ) : (
          <>
            <Button onClick={onClose}>{t.act.cancel}</Button>
            <MainButton busy={reset.busy} onClick={() => reset.run(undefined)}>
              {t.person.resetGo}
            </MainButton>
          </>
        )
      }
    >
      {data ? (
        <>
          <p>{t.person.resetLink(person.name)}</p>
          <ShownLink path={`/sign-in#${data.token}`} expiresAt={data.expiresAt} />
        </>
      ) : (
        <p>{t.person.resetText}</p>
      )}
      {reset.error ? <ErrorNotice error={reset.error} /> : null}
    </Modal>
  )
}
