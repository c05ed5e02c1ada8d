import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { goToWindow } from '../api/own-accounts.ts'
import { useText } from '../text/use-text.tsx'
import { ErrorNotice } from './error-notice.tsx'
import styles from './link-dialog.module.css'
import { MainButton, Modal } from './modal.tsx'

/** Asks for one's own account of a CRM before the console is left for its window. */
export function LinkDialog(props: {
  connection: { id: string; name: string }
  /** The path of the console to come back to. */
  returnTo: string
  /** What was typed is kept for the way back. */
  onLeave(): void
  onClose(): void
}) {
  const { t } = useText()
  const { connection, returnTo, onLeave, onClose } = props
  const go = useMutation({
    mutationFn: () => {
      onLeave()
      return goToWindow({ connection: connection.id, return: returnTo })
    },
  })
  return (
    <Modal
      title={t.ownAccounts.askTitle(connection.name)}
      surface={styles.surface}
      content={styles.content}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{t.ownAccounts.askLater}</Button>
          <MainButton busy={go.isPending} onClick={() => go.mutate()}>
            {t.ownAccounts.askGo}
          </MainButton>
        </>
      }
    >
      <p>{t.ownAccounts.askText(connection.name)}</p>
      <p className={styles.faint}>{t.ownAccounts.askKept}</p>
      {go.isError ? <ErrorNotice error={go.error} subject={connection.name} /> : null}
    </Modal>
  )
}
