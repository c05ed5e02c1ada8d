import { Spinner } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { type SecondStep, signIn } from '../../api/session.ts'
import { ErrorNotice, isSignedOut } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import { Door } from './door.tsx'
import { FirstStep } from './first-step.tsx'
import { NoWayIn } from './no-way-in.tsx'
import { Providers, SignOnProblem } from './providers.tsx'
import { SecondStepForm } from './second-step.tsx'
import styles from './sign-in.module.css'
import { useEnter } from './use-enter.ts'

/** All ways in: password or passkey, a second step after a password, and the one-time link, which ends here. */
export function SignIn() {
  const { t } = useText()
  const enter = useEnter()
  const [second, setSecond] = useState<SecondStep | null>(null)
  const link = useMutation({ mutationFn: signIn, onSuccess: enter })
  useTokenOfAddress(link.mutate)
  const over = link.isError && isSignedOut(link.error)
  return (
    <Door tab={t.signIn.title}>
      {link.isPending ? (
        <div className={styles.working}>
          <Spinner size="small" label={t.signIn.working} />
        </div>
      ) : second ? (
        <SecondStepForm step={second} onSignedIn={enter} onAnew={() => setSecond(null)} />
      ) : (
        <>
          <h1 className={styles.title}>{t.signIn.title}</h1>
          {over ? (
            <div className={styles.over} role="alert">
              <p className={styles.overWhat}>{t.signIn.over}</p>
              <p>{t.signIn.overText}</p>
            </div>
          ) : null}
          {link.isError && !over ? <ErrorNotice error={link.error} /> : null}
          {link.isIdle ? <SignOnProblem /> : null}
          <Providers />
          <FirstStep onSignedIn={enter} onSecondStep={setSecond} />
          <NoWayIn onLink={link.mutate} />
        </>
      )}
    </Door>
  )
}

/** The one-time link ends here; its token stands behind the #, which no server sees. */
function useTokenOfAddress(onToken: (token: string) => void): void {
  const { hash, search } = useLocation()
  const navigate = useNavigate()
  const began = useRef('')
  useEffect(() => {
    const token = hash.slice(1)
    if (!token || began.current === token) return
    began.current = token
    // Gone from the address bar and from the history at once.
    void navigate({ pathname: '/sign-in', search }, { replace: true })
    onToken(token)
  }, [hash, search, navigate, onToken])
}
