import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import type { Principal } from './principal.ts'

/** So long what a person has shown of themselves counts, for what would outlast a stolen session. */
const proofMinutes = 10

/**
 * Refuses whoever has not shown password, passkey or one-time link within ten minutes. Who has neither password nor
 * passkey yet has nothing to show; a key is its own proof.
 */
export async function requireProof(db: Queryable, { kind, sessionId }: Principal): Promise<void> {
  if (kind !== 'person') return
  const { rows } = await db.query<{ ok: boolean }>(
    `select s.proven_at > now() - make_interval(mins => $2)
        or (p.password is null and not exists (select from jackfield.passkey k where k.person_id = p.id)) as ok
     from jackfield.session s join jackfield.person p on p.id = s.person_id where s.id = $1 and s.ended_at is null`,
    [sessionId, proofMinutes],
  )
  if (rows[0]?.ok) return
  throw new HubError('auth.proof_needed', 'This needs to be sure that it is you', {
    mend: 'Show your password or a passkey once more; it counts for ten minutes.',
  })
}

export async function noteProof(tx: Queryable, sessionId: string): Promise<void> {
  await tx.query('update jackfield.session set proven_at = now() where id = $1 and ended_at is null', [sessionId])
}

/** Until when what was shown counts; null where it does not. */
export async function provenUntil(db: Queryable, sessionId: string): Promise<Date | null> {
  const { rows } = await db.query<{ until: Date }>(
    `select proven_at + make_interval(mins => $2) as until from jackfield.session
     where id = $1 and proven_at > now() - make_interval(mins => $2)`,
    [sessionId, proofMinutes],
  )
  return rows[0]?.until ?? null
}
