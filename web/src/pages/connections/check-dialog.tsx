import { useEffect, useRef, useState } from 'react'
import { refreshAttention } from '../../api/attention.ts'
import { type CheckStep, type Connection, checkConnection } from '../../api/connections.ts'
import { ApiError } from '../../api/request.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import { CheckSteps } from './check-steps.tsx'

/** The connection's check, tick by tick. */
export function CheckDialog({ connection, onClose }: { connection: Connection; onClose(): void }) {
  const { t } = useText()
  const [steps, setSteps] = useState<CheckStep[]>([])
  const [end, setEnd] = useState<{ ok: boolean; error: unknown } | null>(null)
  const began = useRef(false)
  useEffect(() => {
    if (began.current) return
    began.current = true
    checkConnection(connection.id, (step) => setSteps((before) => [...before, step]))
      .then((result) => setEnd({ ok: result.ok, error: result.error ? new ApiError(409, result.error) : null }))
      .catch((error: unknown) => setEnd({ ok: false, error }))
      .finally(refreshAttention)
  }, [connection.id])
  return (
    <Modal
      title={end ? (end.ok ? t.connection.checkOk : t.wizard.failed) : t.connection.checking}
      onClose={onClose}
      acts={<MainButton onClick={onClose}>{t.act.close}</MainButton>}
    >
      <CheckSteps steps={steps} running={!end} />
      {end?.error ? <ErrorNotice error={end.error} subject={connection.name} /> : null}
    </Modal>
  )
}
