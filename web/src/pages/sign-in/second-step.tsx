import { Button, Field, Input } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { canHavePasskeys } from '../../api/passkeys.ts'
import { finishByCode, finishByPasskey, type SecondStep, type Session } from '../../api/session.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './sign-in.module.css'

type Method = SecondStep['methods'][number]

/** The password was right: now what the person has. */
export function SecondStepForm(props: { step: SecondStep; onSignedIn(session: Session): void; onAnew(): void }) {
  const { t } = useText()
  const { ticket } = props.step
  const methods = props.step.methods.filter((method) => method !== 'passkey' || canHavePasskeys())
  const [method, setMethod] = useState<Method>(() => firstOf(methods))
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const finish = useMutation({
    mutationFn: () => (method === 'passkey' ? finishByPasskey(ticket) : finishByCode(ticket, code.trim())),
    onSuccess: props.onSignedIn,
    onError: () => input.current?.select(),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another method is another field
  useEffect(() => {
    ;(input.current ?? heading.current)?.focus()
  }, [method])
  function submit(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (method === 'passkey' || code.trim()) finish.mutate()
    else input.current?.focus()
  }
  function choose(next: Method): void {
    finish.reset()
    setTried(false)
    setCode('')
    setMethod(next)
  }
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        {t.secondStep.title}
      </h1>
      <p className={styles.text}>{t.secondStep.text[method]}</p>
      <form className={styles.form} onSubmit={submit} noValidate>
        {method === 'passkey' ? null : (
          <Field
            label={method === 'totp' ? t.secondStep.code : t.secondStep.recoveryCode}
            validationState={tried && !code.trim() ? 'error' : 'none'}
            validationMessage={tried && !code.trim() ? t.signIn.missing : null}
          >
            <Input
              className={styles.code ?? ''}
              value={code}
              onChange={(_, data) => setCode(data.value)}
              inputMode={method === 'totp' ? 'numeric' : 'text'}
              autoComplete={method === 'totp' ? 'one-time-code' : 'off'}
              autoCapitalize="none"
              spellCheck={false}
              input={{ ref: input, maxLength: 100 }}
            />
          </Field>
        )}
        {finish.isError ? <ErrorNotice error={finish.error} /> : null}
        <MainButton type="submit" busy={finish.isPending}>
          {method === 'passkey' ? t.secondStep.usePasskey : t.secondStep.go}
        </MainButton>
        <div className={styles.others}>
          {methods
            .filter((each) => each !== method)
            .map((each) => (
              <Button key={each} appearance="subtle" onClick={() => choose(each)}>
                {t.secondStep.other[each]}
              </Button>
            ))}
          <Button appearance="subtle" onClick={props.onAnew}>
            {t.secondStep.anew}
          </Button>
        </div>
      </form>
    </>
  )
}

/** What most have at hand; recovery codes only when nothing else is there. */
function firstOf(methods: Method[]): Method {
  return (['totp', 'passkey', 'recovery_code'] as const).find((each) => methods.includes(each)) ?? 'recovery_code'
}
