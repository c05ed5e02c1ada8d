import link from '../parts/link.module.css'
import { useText } from '../text/use-text.tsx'
import styles from './frame.module.css'

/** Within another page stands the agent's panel and nothing else: what lies over a page would steer its reader's clicks. */
export const isFramed = window.parent !== window

export function Unframed() {
  const { t } = useText()
  return (
    <main className={styles.alone}>
      <p>{t.frames.outside}</p>
      <a className={link.coloured} href={window.location.href} target="_blank" rel="noopener">
        {t.frames.openOutside}
      </a>
    </main>
  )
}
