import { Button } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { desktopLine } from '../../api/desktop.ts'
import { sessionQuery, useMay } from '../../api/session.ts'
import { Denied } from '../../frame/denied.tsx'
import { LineLost } from '../../frame/live-lamp.tsx'
import { Opening } from '../../frame/opening.tsx'
import { isFramed } from '../../frame/unframed.tsx'
import { Announcer } from '../../parts/announcer.tsx'
import { ErrorNotice, isSignedOut } from '../../parts/error-notice.tsx'
import { ToastRoom } from '../../parts/toasts.tsx'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './cards.module.css'
import { DeskHelp } from './desk-help.tsx'
import { DeskBody } from './desktop.tsx'
import door from './panel-sign-in.module.css'
import { PanelSignIn } from './panel-sign-in.tsx'
import { useDesktop } from './use-cards.ts'
import { useRinging } from './use-ringing.ts'
import { SoftphoneRoom, useSoftphone } from './use-softphone.ts'

/** The cards alone: for a side panel, a page that embeds them, and Teams. */
export function DesktopPanel() {
  const session = useQuery(sessionQuery)
  if (session.isPending) return <Opening />
  return (
    <ToastRoom>
      <main id="content" tabIndex={-1} className={styles.panel}>
        {session.data ? <Entered /> : isSignedOut(session.error) ? <NobodyIn /> : <ErrorNotice error={session.error} />}
      </main>
      <Announcer />
    </ToastRoom>
  )
}

function Entered() {
  return useMay('use:desktop') ? <Panel /> : <Denied />
}

function Panel() {
  const { t } = useText()
  const shown = useDesktop()
  const ringing = useRinging(shown.cards)
  const dial = useSoftphone(shown.cards, shown.desktop.data?.personId ?? null)
  return (
    <SoftphoneRoom value={dial}>
      <title>{`${ringing ?? t.desk.title} · ${t.product}`}</title>
      <VisuallyHidden>
        <h1>{t.desk.title}</h1>
      </VisuallyHidden>
      <LineLost line={desktopLine} />
      <DeskBody {...shown} />
      <DeskHelp alone />
    </SoftphoneRoom>
  )
}

const NobodyIn = () => (isFramed ? <PanelSignIn /> : <SignedOut />)

/** In a window of its own, so that nothing of this one goes. */
function SignedOut() {
  const { t } = useText()
  return (
    <div className={door.door}>
      <h1 className={door.title}>{t.desk.title}</h1>
      <p>{t.desk.signedOut}</p>
      <Button as="a" appearance="primary" href="/sign-in?to=/desktop/panel" target="_blank" rel="noopener">
        {t.desk.signIn}
      </Button>
    </div>
  )
}
