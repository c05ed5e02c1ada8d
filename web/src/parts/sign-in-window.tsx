import { Button } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { callbackQuery, goToWindow } from '../api/own-accounts.ts'
import { useText } from '../text/use-text.tsx'
import { CallbackField } from './callback-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { MainButton } from './modal.tsx'
import styles from './sign-in-window.module.css'
import { SkeletonBlock } from './skeletons.tsx'

/** Somebody signs in to the CRM for the hub: the address that its app must know first, and the way to the window. */
export function SignInWindow(props: {
  /** Id of the authentication. */
  authentication: string
  /** Path of the console to come back to. */
  returnTo: string
  /** On the button. */
  text: string
  /** Somebody is signed in already. */
  calm?: boolean
}) {
  const { t } = useText()
  const { authentication, returnTo, text } = props
  const callback = useQuery(callbackQuery('authentications', authentication))
  const go = useMutation({ mutationFn: () => goToWindow({ authentication, return: returnTo }) })
  if (callback.isPending) return <SkeletonBlock height={120} />
  return (
    <div className={styles.window}>
      {callback.isError ? <ErrorNotice error={callback.error} onRetry={() => void callback.refetch()} /> : null}
      {callback.data ? <CallbackField address={callback.data} hint={t.ownAccounts.windowText} /> : null}
      {go.isError ? <ErrorNotice error={go.error} /> : null}
      {props.calm ? (
        <Button disabledFocusable={go.isPending} onClick={() => go.mutate()}>
          {text}
        </Button>
      ) : (
        <MainButton busy={go.isPending} onClick={() => go.mutate()}>
          {text}
        </MainButton>
      )}
    </div>
  )
}
