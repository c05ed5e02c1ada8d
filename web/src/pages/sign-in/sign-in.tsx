import { Button, Field, Input, Spinner } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { client } from '../../api/client.ts'
import { signIn } from '../../api/session.ts'
import { Mark } from '../../frame/mark.tsx'
import { ErrorNotice, isSignedOut } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './sign-in.module.css'

/** The one-time link ends here; its token stands behind the #, which no server sees. */
export function SignIn() {
  const { t } = useText()
  const location = useLocation()
  const navigate = useNavigate()
  const [link, setLink] = useState('')
  const began = useRef(false)
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      client.clear()
      client.setQueryData(['session'], session)
      const from = (location.state as { from?: string } | null)?.from
      void navigate(from ?? '/', { replace: true })
    },
  })
  const { mutate } = attempt
  useEffect(() => {
    const token = location.hash.slice(1)
    if (!token || began.current) return
    began.current = true
    // Gone from the address bar and from the history at once.
    history.replaceState(history.state, '', '/sign-in')
    mutate(token)
  }, [location.hash, mutate])

  function submit(event: FormEvent): void {
    event.preventDefault()
    const token = link.trim().split('#').pop() ?? ''
    if (token) mutate(token)
  }

  const over = attempt.isError && isSignedOut(attempt.error)
  return (
    <main className={styles.page}>
      <title>{`${t.signIn.title} · ${t.product}`}</title>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Mark size={36} />
          <span>{t.product}</span>
        </div>
        {attempt.isPending ? (
          <div className={styles.working}>
            <Spinner size="small" label={t.signIn.working} />
          </div>
        ) : (
          <>
            <h1 className={styles.title}>{over ? t.signIn.over : t.signIn.need}</h1>
            <p className={styles.text}>{over ? t.signIn.overText : t.signIn.needText}</p>
            {attempt.isError && !over ? <ErrorNotice error={attempt.error} /> : null}
            <form className={styles.form} onSubmit={submit}>
              <Field label={t.signIn.pasteLabel} hint={t.signIn.paste}>
                <Input
                  value={link}
                  onChange={(_, data) => setLink(data.value)}
                  type="url"
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="http://…/sign-in#…"
                />
              </Field>
              <Button type="submit" appearance="primary" disabledFocusable={link.trim() === ''}>
                {t.signIn.go}
              </Button>
            </form>
          </>
        )}
      </div>
    </main>
  )
}
