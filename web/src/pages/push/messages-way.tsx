import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { unsignedAddress } from '../../api/pushes.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './push.module.css'

/** The address to copy into an outbound message; shown when it is asked for. */
export function MessagesWay({ connection, hasAddress }: { connection: string; hasAddress: boolean }) {
  const { t } = useText()
  const show = useMutation({ mutationFn: () => unsignedAddress(connection) })
  return (
    <li>
      <h3 className={styles.name}>{t.push.messages}</h3>
      <p className={styles.about}>{hasAddress ? t.push.messagesText : t.push.noAddress}</p>
      <div className={styles.acts}>
        {show.data ? null : (
          <Button disabledFocusable={!hasAddress || show.isPending} onClick={() => show.mutate()}>
            {t.push.showAddress}
          </Button>
        )}
      </div>
      <div className={styles.wide} aria-live="polite">
        {show.data ? (
          <>
            <div className={styles.address}>
              <code>{show.data.url}</code>
              <CopyButton text={show.data.url} />
            </div>
            <p className={styles.about}>{t.push.addressSecret}</p>
          </>
        ) : null}
        {show.isError ? <ErrorNotice error={show.error} /> : null}
      </div>
    </li>
  )
}
