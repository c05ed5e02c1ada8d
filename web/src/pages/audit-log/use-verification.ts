import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type AuditVerified, type VerifyStep, verifyLog } from '../../api/audit-log.ts'
import { client } from '../../api/client.ts'
import { announce } from '../../parts/announcer.tsx'
import { useText } from '../../text/use-text.tsx'

/** Proving the log, on demand; what it found stays until it is proven again or the page is left. */
export interface Verification {
  running: boolean
  step: VerifyStep | null
  result: AuditVerified | null
  error: unknown
  /** A head noted earlier, which the next verification looks for. */
  given: string
  setGiven(text: string): void
  isGivenBad: boolean
  start(): void
}

const headForm = /^[0-9a-f]{64}$/i

export function useVerification(): Verification {
  const { t } = useText()
  const [step, setStep] = useState<VerifyStep | null>(null)
  const [given, setGiven] = useState('')
  const isGivenBad = given !== '' && !headForm.test(given)
  const verify = useMutation({
    mutationFn: () => verifyLog(given || undefined, setStep),
    onMutate: () => setStep(null),
    onSuccess: ({ ok, acts }) => announce(ok ? t.auditLog.soundNow(acts) : t.auditLog.broken),
    onSettled: () => client.invalidateQueries({ queryKey: ['audit-log', 'seal'] }),
  })
  return {
    ...{ step, given, setGiven, isGivenBad },
    running: verify.isPending,
    result: verify.data ?? null,
    error: verify.error,
    start: () => {
      if (!verify.isPending && !isGivenBad) verify.mutate()
    },
  }
}
