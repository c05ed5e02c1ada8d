import { Button, Field, Input } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { keepSaved } from '../../api/client.ts'
import { signInFrame } from '../../api/frames.ts'
import { sessionQuery } from '../../api/session.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import { type LetIn, letInPath, readLetIn } from './let-in-words.ts'
import styles from './panel-sign-in.module.css'

/** Nobody is signed in at the panel in another site's page: the way leads to a window of the hub. */
export function PanelSignIn() {
  const { t } = useText()
  const opened = useRef<Window | null>(null)
  const [isOpened, setOpened] = useState(false)
  const enter = useMutation({
    mutationFn: signInFrame,
    onSuccess: (session) => {
      const entered: LetIn = { jackfield: 'let-in', entered: true }
      opened.current?.postMessage(entered, location.origin)
      keepSaved(sessionQuery.queryKey, session)
    },
  })
  const { mutate } = enter
  useEffect(() => {
    const listen = (message: MessageEvent) => {
      const told = readLetIn(message, opened.current)
      if (told && 'ticket' in told) mutate(told.ticket)
    }
    window.addEventListener('message', listen)
    return () => window.removeEventListener('message', listen)
  }, [mutate])
  const open = () => {
    opened.current = window.open(letInPath, 'jackfield-let-in', 'popup,width=480,height=680')
    setOpened(true)
  }
  return (
    <div className={styles.door}>
      <h1 className={styles.title}>{t.frames.title}</h1>
      <p>{t.frames.text}</p>
      <MainButton busy={enter.isPending} onClick={open}>
        {t.frames.signIn}
      </MainButton>
      {enter.isError ? <ErrorNotice error={enter.error} /> : null}
      {isOpened ? <ByHand onTicket={mutate} /> : null}
    </div>
  )
}

/** Where the browser lets the two windows not speak, the agent carries it over. */
function ByHand({ onTicket }: { onTicket(ticket: string): void }) {
  const { t } = useText()
  const [ticket, setTicket] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ticket.trim()) onTicket(ticket.trim())
  }
  return (
    <form className={styles.hand} onSubmit={submit} noValidate>
      <Field label={t.frames.pasteLabel} hint={t.frames.paste}>
        <Input value={ticket} onChange={(_, data) => setTicket(data.value)} autoComplete="off" spellCheck={false} />
      </Field>
      <Button type="submit" disabledFocusable={ticket.trim() === ''}>
        {t.frames.enter}
      </Button>
    </form>
  )
}
