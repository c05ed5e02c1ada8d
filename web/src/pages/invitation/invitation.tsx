import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { showInvitation } from '../../api/people.ts'
import { ApiError } from '../../api/request.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { Door } from '../sign-in/door.tsx'
import styles from '../sign-in/sign-in.module.css'
import { AcceptForm } from './accept-form.tsx'

/** The link of an invitation ends here: who invites, as what, and the form that makes the account. */
export function InvitationPage() {
  const { t } = useText()
  const token = useToken()
  const shown = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => showInvitation(token ?? ''),
    enabled: Boolean(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const over = shown.error instanceof ApiError && shown.error.body.code === 'invitation.over'
  return (
    <Door tab={t.invitation.title}>
      {!token ? <Closed title={t.invitation.none} text={t.invitation.noneText} /> : null}
      {over ? <Closed title={t.invitation.over} text={t.invitation.overText} /> : null}
      {shown.isError && !over ? (
        <>
          <h1 className={styles.title}>{t.invitation.title}</h1>
          <ErrorNotice error={shown.error} onRetry={() => void shown.refetch()} />
        </>
      ) : null}
      {token && shown.isPending ? <SkeletonBlock height={360} /> : null}
      {token && shown.data ? <AcceptForm token={token} invitation={shown.data} /> : null}
    </Door>
  )
}

function Closed({ title, text }: { title: string; text: string }) {
  const { t } = useText()
  return (
    <>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.text}>{text}</p>
      <ButtonLink to="/sign-in">{t.invitation.toSignIn}</ButtonLink>
    </>
  )
}

/** Taken out of the address bar; a page that is loaded anew still has it, as long as its tab is open. */
function useToken(): string | null {
  const location = useLocation()
  const navigate = useNavigate()
  const given = location.hash.slice(1)
  const kept = (location.state as { token?: string } | null)?.token ?? null
  const [first] = useState(given || kept)
  useEffect(() => {
    if (given) void navigate('/invitation', { replace: true, state: { token: given } })
  }, [given, navigate])
  return given || kept || first
}
