import { randomBytes } from 'node:crypto'
import type { Queryable } from '#database/pool.ts'
import { digest } from './token.ts'

/** What a challenge was drawn for: one for signing in proves nothing else. */
export type ChallengePurpose = 'add' | 'sign_in' | 'second_step' | 'proof'

/** Where passkeys are used: the host name that they are made for (relying party id), and the page's origin. */
export interface Site {
  id: string
  origin: string
}

export interface TakenChallenge {
  text: string
  site: string
  origin: string
}

const minutes = 6
const bytes = 32

/** Kept with the page that asked for it, so that an answer from another one does not fit. */
export async function createChallenge(
  db: Queryable,
  asked: { purpose: ChallengePurpose; personId: string | null; site: Site },
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(randomBytes(bytes))
  await db.query(
    `insert into jackfield.passkey_challenge (hash, purpose, person_id, site, origin, expires_at)
     values ($1, $2, $3, $4, $5, now() + make_interval(mins => $6))`,
    [
      ...[digest(Buffer.from(challenge).toString('base64url')), asked.purpose, asked.personId],
      ...[asked.site.id, asked.site.origin, minutes],
    ],
  )
  await db.query(
    `delete from jackfield.passkey_challenge where hash in (
       select hash from jackfield.passkey_challenge where expires_at < now() limit 100 for update skip locked)`,
  )
  return challenge
}

/** Uses up the challenge that an answer names. Null where it is over, was used, or was drawn for something else. */
export async function takeChallenge(
  db: Queryable,
  clientData: string,
  asked: { purpose: ChallengePurpose; personId: string | null },
): Promise<TakenChallenge | null> {
  const text = challengeIn(clientData)
  if (text === null) return null
  const { rows } = await db.query<{ site: string; origin: string }>(
    `delete from jackfield.passkey_challenge
     where hash = $1 and purpose = $2 and person_id is not distinct from $3 and expires_at > now()
     returning site, origin`,
    [digest(text), asked.purpose, asked.personId],
  )
  return rows[0] ? { text, ...rows[0] } : null
}

function challengeIn(clientData: string): string | null {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientData, 'base64url').toString('utf8')) as { challenge?: unknown }
    return typeof challenge === 'string' ? challenge : null
  } catch {
    return null
  }
}
