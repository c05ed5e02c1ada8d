import { Button } from '@fluentui/react-components'
import { refreshAccount, renewRecoveryCodes } from '../../api/account.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'

/** Asked first, since the old ones cannot be had back. */
export function NewCodesDialog({ onClose, onCodes }: { onClose(): void; onCodes(codes: string[]): void }) {
  const { t } = useText()
  const renew = useProven(renewRecoveryCodes, {
    done: ({ recoveryCodes }) => {
      void refreshAccount()
      onClose()
      if (recoveryCodes) onCodes(recoveryCodes)
    },
  })
  return (
    <Modal
      title={t.account.codesNewTitle}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          <MainButton busy={renew.busy} onClick={() => renew.run()}>
            {t.account.codesNew}
          </MainButton>
        </>
      }
    >
      <p>{t.account.codesNewText}</p>
      {renew.error ? <ErrorNotice error={renew.error} /> : null}
    </Modal>
  )
}
