import type { Passkey as StoredPasskey } from '#people/passkey.ts'
import type { Person as StoredPerson } from '#people/person.ts'
import type { ShownSession as StoredSession } from '#people/session.ts'
import type { Passkey } from './contract/passkeys.ts'
import type { Person, ShownSession } from './contract/people.ts'
import { time, timeOrNull } from './shown.ts'

export function person(stored: StoredPerson): Person {
  return { ...stored, createdAt: time(stored.createdAt), signedInAt: timeOrNull(stored.signedInAt) }
}

export function passkey(stored: StoredPasskey): Passkey {
  return { ...stored, createdAt: time(stored.createdAt), usedAt: timeOrNull(stored.usedAt) }
}

export function session(stored: StoredSession, current: string | null): ShownSession {
  const { createdAt, seenAt, expiresAt, ...rest } = stored
  return {
    ...rest,
    createdAt: time(createdAt),
    seenAt: time(seenAt),
    expiresAt: time(expiresAt),
    current: stored.id === current,
  }
}
