import { useId } from 'react'
import { useText } from '../text/use-text.tsx'
import styles from './callback-field.module.css'
import { CopyButton } from './copy-button.tsx'

/** The address to which a CRM sends browsers back, to be copied into the app's registration there. */
export function CallbackField({ address, hint }: { address: string; hint: string }) {
  const { t } = useText()
  const id = useId()
  return (
    <section className={styles.field} aria-labelledby={id}>
      <h3 id={id}>{t.ownAccounts.callback}</h3>
      <div className={styles.address}>
        <code>{address}</code>
        <CopyButton text={address} />
      </div>
      <p className={styles.hint}>{hint}</p>
    </section>
  )
}
