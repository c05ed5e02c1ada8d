import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Connection } from '../../api/connections.ts'
import { type Act, actOnPush, type PushStep, pushPackage, refreshPush } from '../../api/pushes.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { download } from '../../parts/file-button.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './push.module.css'
import { PushSteps } from './push-steps.tsx'

type Phase = 'asked' | 'working' | 'went' | 'failed'

/** What changes the organisation is asked for first; looking and trying begin at once. */
const mustAsk = (act: Act): act is 'install' | 'renew' | 'remove' => act !== 'check' && act !== 'test'

function useAct(connection: string, act: Act) {
  const [phase, setPhase] = useState<Phase>(mustAsk(act) ? 'asked' : 'working')
  const [steps, setSteps] = useState<PushStep[]>([])
  const [error, setError] = useState<unknown>(null)
  const stop = useRef<AbortController>(undefined)
  const begin = useCallback(() => {
    if (stop.current) return
    stop.current = new AbortController()
    const { signal } = stop.current
    setPhase('working')
    actOnPush(connection, act, (step) => setSteps((before) => [...before, step]), signal)
      .then(({ ok }) => setPhase(ok ? 'went' : 'failed'))
      .catch((reason: unknown) => {
        if (signal.aborted) return
        setError(reason)
        setPhase('failed')
      })
      .finally(() => refreshPush(connection))
  }, [connection, act])
  useEffect(() => {
    if (!mustAsk(act)) begin()
  }, [act, begin])
  return { phase, steps, error, begin, stop: () => stop.current?.abort() }
}

/** One act upon the push of a CRM, stage by stage as the CRM tells of it. */
export function PushDialog({ connection, act, onClose }: { connection: Connection; act: Act; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const { phase, steps, error, begin, stop } = useAct(connection.id, act)
  const isWorking = phase === 'working'
  const title =
    phase === 'asked' && mustAsk(act)
      ? t.push.ask[act]
      : t.push[isWorking ? 'working' : phase === 'went' ? 'went' : 'failed'][act]
  function leave(): void {
    if (isWorking) {
      stop()
      toasts.done(t.push.stopped)
    }
    onClose()
  }
  return (
    // Work that is under way is stopped by its button alone, never by a click beside it.
    <Modal
      title={title}
      held={isWorking}
      onClose={() => (isWorking ? undefined : onClose())}
      acts={
        <>
          {phase === 'asked' || isWorking ? (
            <Button onClick={leave}>{isWorking ? t.push.stop : t.act.cancel}</Button>
          ) : null}
          <MainButton disabledFocusable={isWorking} onClick={phase === 'asked' ? begin : onClose}>
            {phase === 'asked' && mustAsk(act) ? t.push.start[act] : isWorking ? t.push.working[act] : t.act.close}
          </MainButton>
        </>
      }
    >
      {phase === 'asked' && mustAsk(act) ? (
        <p>{t.push.askText[act]}</p>
      ) : (
        <PushSteps act={act} steps={steps} isOver={!isWorking} />
      )}
      {error ? <Failure error={error} steps={steps} connection={connection} /> : null}
    </Modal>
  )
}

/** Who may not install, or is refused, can still deploy by hand. Faults that stand with their stage are not told twice. */
function Failure({ error, steps, connection }: { error: unknown; steps: readonly PushStep[]; connection: Connection }) {
  const { t } = useText()
  const toasts = useToasts()
  const fetched = useMutation({
    mutationFn: () => pushPackage(connection.id),
    onSuccess: ({ name, bytes }) => download(name, bytes),
    onError: (reason) => toasts.failed(reason, connection.name),
  })
  const byHand = (
    <Button size="small" onClick={() => fetched.mutate()}>
      {t.push.download}
    </Button>
  )
  if (!steps.some(({ ok }) => !ok)) return <ErrorNotice error={error} subject={connection.name} action={byHand} />
  return (
    <div className={styles.left} role="alert">
      <p>{t.push.nothingStays}</p>
      {byHand}
    </div>
  )
}
