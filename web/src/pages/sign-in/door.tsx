import type { ReactNode } from 'react'
import { Mark } from '../../frame/mark.tsx'
import { isFramed, Unframed } from '../../frame/unframed.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './sign-in.module.css'

/** What stands before the console: one card, and whose it is. */
export function Door({ tab, children }: { tab: string; children: ReactNode }) {
  const { t } = useText()
  if (isFramed) return <Unframed />
  return (
    <main className={styles.page}>
      <title>{`${tab} · ${t.product}`}</title>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Mark size={36} />
          <span>{t.product}</span>
        </div>
        {children}
      </div>
    </main>
  )
}
