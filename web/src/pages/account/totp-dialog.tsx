import { Field, Input } from '@fluentui/react-components'
import { useEffect, useRef, useState } from 'react'
import { beginTotp, confirmTotp, type NewTotp, refreshAccount } from '../../api/account.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { useProven } from '../../parts/proof.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'
import { QrPicture } from './qr-picture.tsx'

/** The picture to scan, the same as text, and the first code, with which it comes into force. */
export function TotpDialog({ onClose, onCodes }: { onClose(): void; onCodes(codes: string[]): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const begin = useProven(beginTotp)
  const began = useRef(false)
  const { run, data } = begin
  useEffect(() => {
    if (began.current) return
    began.current = true
    run()
  }, [run])
  const confirm = useProven(confirmTotp, {
    done: ({ recoveryCodes }) => {
      void refreshAccount()
      onClose()
      if (recoveryCodes) onCodes(recoveryCodes)
      else toasts.done(t.account.appAdded)
    },
    failed: () => input.current?.select(),
  })
  const digits = code.replace(/\s/g, '')
  const wrong = tried && !/^\d{6}$/.test(digits)
  function submit(): void {
    setTried(true)
    if (/^\d{6}$/.test(digits)) confirm.run(digits)
    else input.current?.focus()
  }
  if (begin.withdrawn) return <Withdrawn onClose={onClose} />
  return (
    <FormModal
      title={t.account.appTitle}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      onSubmit={submit}
      go={t.account.appGo}
      busy={confirm.busy}
      disabledFocusable={!data}
    >
      <p>{t.account.appScan}</p>
      {data ? <Secret totp={data} /> : begin.error ? null : <SkeletonBlock height={184} />}
      {begin.error ? <ErrorNotice error={begin.error} onRetry={() => run()} /> : null}
      <Field
        label={t.account.appCode}
        validationState={wrong ? 'error' : 'none'}
        validationMessage={wrong ? t.account.appCodeWrong : null}
      >
        <Input
          className={styles.code ?? ''}
          value={code}
          onChange={(_, change) => setCode(change.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          input={{ ref: input, maxLength: 12 }}
        />
      </Field>
      {confirm.error ? <ErrorNotice error={confirm.error} /> : null}
    </FormModal>
  )
}

function Secret({ totp }: { totp: NewTotp }) {
  const { t } = useText()
  return (
    <div className={styles.qr}>
      <QrPicture text={totp.uri} label={t.account.appPicture} />
      <div className={styles.byHand}>
        <p>{t.account.appByHand}</p>
        <code className={styles.secret}>{totp.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        <CopyButton text={totp.secret} />
      </div>
    </div>
  )
}

/** Who closes the question of the proof closes what asked for it. */
function Withdrawn({ onClose }: { onClose(): void }) {
  useEffect(onClose, [onClose])
  return null
}
