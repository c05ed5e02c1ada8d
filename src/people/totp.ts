import { Secret, TOTP } from 'otpauth'
import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import { open, type SecretPlace, seal } from '#secrets/seal.ts'
import type { PeopleContext } from './context.ts'
import type { Person } from './person.ts'

const periodSeconds = 30
const digits = 6
/** RFC 4226 §4 recommends 160 bits. */
const secretBytes = 20
/** A code of the step before or after is good too (RFC 6238 §5.2): a clock may be 30 s off. */
const skewSteps = 1
/** How far a clock is looked for that is wrong, to tell its owner: 12 hours, so that a wrong time zone shows. */
const lookedAtSteps = (12 * 3600) / periodSeconds

const place = (personId: string): SecretPlace => ({ organisation: '', table: 'totp', row: personId, column: 'secret' })

function generator(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: 'Jackfield', label, secret: Secret.fromBase32(secret), digits, period: periodSeconds })
}

/** A new secret, in force once a code of it was shown. */
export async function beginTotp(context: PeopleContext, person: Person): Promise<{ secret: string; uri: string }> {
  const secret = new Secret({ size: secretBytes }).base32
  if (person.hasTotp) {
    throw new HubError('factor.exists', 'An app for codes is set up already', {
      mend: 'Remove it before you set up another.',
    })
  }
  await context.pool.query(
    `insert into jackfield.totp (person_id, secret) values ($1, $2)
     on conflict (person_id) do update set secret = excluded.secret, created_at = now(), last_step = 0
       where totp.confirmed_at is null`,
    [person.id, seal(context.keyring, place(person.id), secret)],
  )
  return { secret, uri: generator(secret, person.email ?? person.name).toString() }
}

interface StoredTotp {
  secret: Buffer
  confirmed: boolean
}

async function find(db: Queryable, personId: string): Promise<StoredTotp | null> {
  const { rows } = await db.query<StoredTotp>(
    'select secret, confirmed_at is not null as confirmed from jackfield.totp where person_id = $1',
    [personId],
  )
  return rows[0] ?? null
}

/** Puts it in force with its first code. Throws when the code is wrong, and tells when the clocks differ. */
export async function confirmTotp(
  context: PeopleContext,
  tx: Queryable,
  personId: string,
  code: string,
): Promise<void> {
  const stored = await find(tx, personId)
  if (!stored || stored.confirmed) {
    throw new HubError('factor.not_begun', 'No app for codes waits for its first code', { mend: 'Begin anew.' })
  }
  const totp = generator(open(context.keyring, place(personId), stored.secret))
  const timestamp = context.clock.now()
  const delta = totp.validate({ token: code, timestamp, window: lookedAtSteps })
  if (delta === null) throw wrongCode('Enter the six digits that the app shows now.')
  if (Math.abs(delta) > skewSteps) throw wrongCode(differing(delta * periodSeconds))
  const used = await useStep(tx, personId, totp.counter({ timestamp }) + delta)
  if (!used) throw wrongCode('Wait for the next code.')
  await tx.query('update jackfield.totp set confirmed_at = now() where person_id = $1', [personId])
}

function differing(seconds: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60))
  return `The clock of the app is ${minutes} minutes ${seconds > 0 ? 'ahead of' : 'behind'} that of the hub: set the one that is wrong.`
}

function wrongCode(mend: string): HubError {
  return new HubError('factor.code_wrong', 'The code is not right', { field: 'code', mend })
}

/** Whether this is a code of now. Each is good once: whoever saw it over a shoulder is too late. */
export async function useTotp(context: PeopleContext, db: Queryable, personId: string, code: string): Promise<boolean> {
  const stored = await find(db, personId)
  if (!stored?.confirmed) return false
  const totp = generator(open(context.keyring, place(personId), stored.secret))
  const timestamp = context.clock.now()
  const delta = totp.validate({ token: code, timestamp, window: skewSteps })
  return delta !== null && useStep(db, personId, totp.counter({ timestamp }) + delta)
}

/** Of two who bring the same code at the same time, one is let in. */
async function useStep(db: Queryable, personId: string, step: number): Promise<boolean> {
  const { rowCount } = await db.query(
    'update jackfield.totp set last_step = $2 where person_id = $1 and last_step < $2',
    [personId, step],
  )
  return rowCount === 1
}

export async function removeTotp(tx: Queryable, personId: string): Promise<void> {
  await tx.query('delete from jackfield.totp where person_id = $1', [personId])
}
