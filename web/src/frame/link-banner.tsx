import { Button } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'react-router'
import { accountQuery } from '../api/account.ts'
import { sessionQuery } from '../api/session.ts'
import { ButtonLink } from '../parts/button-link.tsx'
import { useText } from '../text/use-text.tsx'
import styles from './link-banner.module.css'

const KEY = 'jackfield.link-banner'

/** Who came by the one-time link and has no other way in is told so, quietly, until they say later. */
export function LinkBanner() {
  const { t } = useText()
  const { pathname } = useLocation()
  const { data: session } = useQuery(sessionQuery)
  const [later, setLater] = useState(() => read() !== null)
  const { data: account } = useQuery({ ...accountQuery, enabled: session?.kind === 'person' && !later })
  const hasWay = !account || account.hasPassword || account.passkeys.length > 0 || account.identities > 0
  if (later || hasWay || pathname === '/account') return null
  function put(): void {
    setLater(true)
    try {
      sessionStorage.setItem(KEY, 'later')
    } catch {
      // Storage is shut off: it comes again with the next page that is loaded.
    }
  }
  return (
    <aside className={styles.banner} aria-label={t.me.bannerGo}>
      <p>{t.me.banner}</p>
      <div className={styles.acts}>
        <ButtonLink size="small" to="/account">
          {t.me.bannerGo}
        </ButtonLink>
        <Button size="small" appearance="subtle" onClick={put}>
          {t.me.later}
        </Button>
      </div>
    </aside>
  )
}

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null
  }
}
