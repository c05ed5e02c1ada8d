import { CopyButton } from '../../parts/copy-button.tsx'
import { Ahead } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './people.module.css'

/** A link that is shown this once, to be handed over: the hub sends no mail. */
export function ShownLink({ path, expiresAt }: { path: string; expiresAt: string }) {
  const { t } = useText()
  const link = `${location.origin}${path}`
  return (
    <>
      <div className={styles.link}>
        <code>{link}</code>
        <CopyButton text={link} />
      </div>
      <p className={styles.until}>
        <Ahead at={expiresAt} say={t.people.linkUntil} />
      </p>
    </>
  )
}
