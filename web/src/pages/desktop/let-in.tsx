import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Navigate } from 'react-router'
import { makeFrameTicket } from '../../api/frames.ts'
import { sessionQuery, useMay } from '../../api/session.ts'
import { Denied } from '../../frame/denied.tsx'
import { Opening } from '../../frame/opening.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice, isSignedOut } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import { Door } from '../sign-in/door.tsx'
import { type LetIn, letInPath, readLetIn } from './let-in-words.ts'
import styles from './panel-sign-in.module.css'

/** A window of the hub's own, opened by the panel in another site's page: whoever is signed in here lets it in. */
export function LetInPage() {
  const session = useQuery(sessionQuery)
  const may = useMay('use:desktop')
  if (session.isPending) return <Opening />
  if (session.isError && isSignedOut(session.error)) return <Navigate to={`/sign-in?to=${letInPath}`} replace />
  if (session.isError) return <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
  return may ? <LetPanelIn name={session.data.name} /> : <Denied />
}

/** Nobody but a page of this hub hears of the ticket, whoever opened the window. */
function LetPanelIn({ name }: { name: string }) {
  const { t } = useText()
  const [entered, setEntered] = useState(false)
  const ticket = useMutation({
    mutationFn: makeFrameTicket,
    onSuccess: ({ ticket: made }) => {
      const told: LetIn = { jackfield: 'let-in', ticket: made }
      ;(window.opener as Window | null)?.postMessage(told, location.origin)
    },
  })
  const { mutate } = ticket
  useEffect(() => {
    const listen = (message: MessageEvent) => {
      const told = readLetIn(message, window.opener as Window | null)
      if (!told || !('entered' in told)) return
      setEntered(true)
      window.close()
    }
    window.addEventListener('message', listen)
    mutate()
    return () => window.removeEventListener('message', listen)
  }, [mutate])
  return (
    <Door tab={t.frames.title}>
      <h1 className={styles.title}>{t.frames.title}</h1>
      <div className={styles.letIn} role="status">
        <p>{entered ? t.frames.entered(name) : t.frames.letting(name)}</p>
        {ticket.isError ? <ErrorNotice error={ticket.error} onRetry={() => mutate()} /> : null}
        {ticket.data && !entered ? (
          <>
            <p>{t.frames.byHand}</p>
            <CopyButton text={ticket.data.ticket} label={t.frames.copy} />
          </>
        ) : null}
      </div>
    </Door>
  )
}
