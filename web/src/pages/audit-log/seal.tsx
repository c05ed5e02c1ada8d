import { Field, Input } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { type AuditSeal, sealQuery } from '../../api/audit-log.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Facts, type Health, HealthLine } from '../../parts/health.tsx'
import { useNow } from '../../parts/now.ts'
import { Bar } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './seal.module.css'
import type { Verification } from './use-verification.ts'

/** Up to where acts are sealed, and when that was last proven. */
export function SealLine({ verification }: { verification: Verification }) {
  const { t, f } = useText()
  const now = useNow()
  const { data: seal } = useQuery(sealQuery)
  const w = t.auditLog
  const { step, running, result } = verification
  if (running) {
    return (
      <HealthLine health="busy">
        <Facts>
          {w.verifying}
          {step ? w.verifyStep(f.count(step.blocks), f.count(step.of)) : null}
        </Facts>
      </HealthLine>
    )
  }
  if (!seal) return <Bar width={280} />
  const at = seal.verified ? f.relative(seal.verified.at, now) : null
  return (
    <HealthLine health={healthOf(seal, verification)}>
      <Facts>
        {result ? (result.ok ? w.soundNow(result.acts) : w.broken) : null}
        {!result && seal.verified?.ok === false ? w.verifiedBroken(at!) : null}
        {seal.sealedAt === null ? (
          w.notSealed
        ) : (
          <time dateTime={seal.sealedAt} title={f.exact(seal.sealedAt)}>
            {w.sealedUpTo(momentText(seal.sealedAt, f))}
          </time>
        )}
        {w.blocks(seal.blocks)}
        {seal.unsealed > mostWaiting ? w.sealBehind(seal.unsealed) : null}
        {!result && seal.verified?.ok ? w.verifiedSound(at!) : null}
        {result || seal.verified ? null : w.neverVerified}
      </Facts>
    </HealthLine>
  )
}

/** A second's worth waits at any time; more than a block tells of a sealer that does not come along. */
const mostWaiting = 5_000

function healthOf(seal: AuditSeal, { result }: Verification): Health {
  if (result ? !result.ok : seal.verified?.ok === false) return 'bad'
  if (seal.unsealed > mostWaiting) return 'warn'
  return seal.sealedAt === null ? 'none' : 'ok'
}

/** Today the seconds count, since a seal is a second behind. */
function momentText(at: string, f: ReturnType<typeof useText>['f']): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  return isToday ? f.clock(Date.parse(at)) : f.moment(at)
}

/** The hash that, noted elsewhere, shows later whether the end was cut off; and the field for one that was. */
export function SealHead({ verification }: { verification: Verification }) {
  const { t } = useText()
  const w = t.auditLog
  const { data: seal } = useQuery(sealQuery)
  const { given, setGiven, isGivenBad } = verification
  return (
    <details className={styles.seal}>
      <summary>{w.seal}</summary>
      <div className={styles.body}>
        <p>{w.sealText}</p>
        {seal?.head ? (
          <p className={styles.head}>
            <code>{seal.head}</code>
            <CopyButton text={seal.head} />
          </p>
        ) : (
          <p>{w.noHead}</p>
        )}
        <Field
          label={w.givenHead}
          {...(isGivenBad
            ? { validationState: 'error' as const, validationMessage: w.badHead }
            : { hint: w.givenHeadText })}
        >
          <Input
            value={given}
            onChange={(_, { value }) => setGiven(value.trim())}
            spellCheck={false}
            autoComplete="off"
            maxLength={80}
          />
        </Field>
      </div>
    </details>
  )
}
