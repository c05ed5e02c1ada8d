import { HubError } from '#core/errors.ts'
import type { Transaction } from '#database/pool.ts'
import { inTransaction } from '#database/pool.ts'
import type { Browser, PeopleContext } from './context.ts'
import { forgetDevices, knownDevice } from './known-device.ts'
import {
  type AuthenticationResponseJSON,
  checkNewPasskey,
  checkPasskey,
  insertPasskey,
  type Passkey,
  type RegistrationResponseJSON,
  removePasskey,
} from './passkey.ts'
import { leastAlone, lengthOf, refuseWeak } from './password-rule.ts'
import { endSessionsOf, findPerson, type Person } from './person.ts'
import type { Principal } from './principal.ts'
import { noteProof } from './proof.ts'
import { countRecoveryCodes, dropRecoveryCodes, makeRecoveryCodes } from './recovery-code.ts'
import { replaceToken } from './session.ts'
import { checkPassword } from './sign-in.ts'
import { dropLinksOf } from './sign-in-link.ts'
import { passwordLanes } from './throttle.ts'
import { confirmTotp, removeTotp } from './totp.ts'

/** A person in a session: who changes their own account. */
export interface Self {
  personId: string
  sessionId: string
}

/** Keys and the machine's operator have no account. */
export function selfOf({ kind, id, sessionId, name }: Principal): Self {
  if (kind === 'person' && sessionId !== null) return { personId: id, sessionId }
  throw new HubError('auth.denied', `“${name}” is no person: only people have an account`, {
    mend: 'Sign in to the console.',
  })
}

const hasFactor = ({ hasTotp, passkeys }: Pick<Person, 'hasTotp' | 'passkeys'>) => hasTotp || passkeys > 0

type Proof = { password: string } | { passkey: AuthenticationResponseJSON }

/** Shows once more that it is this person; answers the session's new token. */
export async function prove(context: PeopleContext, self: Self, proof: Proof, browser: Browser): Promise<string> {
  const { personId, sessionId } = self
  if ('passkey' in proof) await checkPasskey(context.pool, proof.passkey, { purpose: 'proof', personId })
  else await proveByPassword(context, personId, proof.password, browser)
  return inTransaction(context.pool, async (tx) => {
    await noteProof(tx, sessionId)
    return replaceToken(tx, sessionId)
  })
}

async function proveByPassword(
  context: PeopleContext,
  personId: string,
  password: string,
  { address, deviceToken }: Browser,
): Promise<void> {
  const device = await knownDevice(context.pool, personId, deviceToken)
  const lanes = passwordLanes({ who: personId, address, device })
  if (await checkPassword(context, { personId, password, lanes })) return
  throw new HubError('auth.rejected', 'The password is wrong', { field: 'password', mend: 'Try again.' })
}

/** Ends all other sessions, and every way in that was given out; answers this session's new token. */
export async function setPassword(context: PeopleContext, self: Self, password: string): Promise<string> {
  const person = await findPerson(context.pool, self.personId)
  refuseWeak(password, { ...person, hasFactor: hasFactor(person) })
  const hash = await context.passwords.hash(password)
  return changeFactors(context, self, async (tx) => {
    await storePassword(tx, person.id, { hash, alone: lengthOf(password) >= leastAlone })
    await endSessionsOf(tx, person.id, self.sessionId)
    await forgetDevices(tx, person.id)
    await dropWaysIn(tx, person.id)
    return replaceToken(tx, self.sessionId)
  })
}

export async function storePassword(
  tx: Transaction,
  personId: string,
  { hash, alone }: { hash: string; alone: boolean },
): Promise<void> {
  await tx.query('update jackfield.person set password = $2, password_alone = $3, password_at = now() where id = $1', [
    personId,
    hash,
    alone,
  ])
}

/** Links that were handed out, and sign-ins that wait for their second step. */
export async function dropWaysIn(tx: Transaction, personId: string): Promise<void> {
  await dropLinksOf(tx, personId)
  await tx.query('delete from jackfield.sign_in_ticket where person_id = $1', [personId])
}

/** Changes of one person's factors take turns; at the end a short password must still have a second factor. */
function changeFactors<T>(
  { pool }: PeopleContext,
  { personId }: Self,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (tx) => {
    await tx.query('select from jackfield.person where id = $1 for update', [personId])
    const result = await work(tx)
    const { rows } = await tx.query<{ weak: boolean }>(
      'select password is not null and not password_alone as weak from jackfield.person where id = $1',
      [personId],
    )
    const person = await findPerson(tx, personId)
    if (rows[0]?.weak && !hasFactor(person)) {
      throw new HubError('factor.needed', `A password of fewer than ${leastAlone} characters needs a second factor`, {
        mend: `Choose a password of ${leastAlone} characters or more first, or add another factor.`,
      })
    }
    if (!hasFactor(person)) await dropRecoveryCodes(tx, personId)
    return result
  })
}

export interface FactorAdded {
  token: string
  /** Made with the first factor; shown this once. */
  recoveryCodes: string[] | null
}

async function firstCodes(tx: Transaction, personId: string): Promise<string[] | null> {
  return (await countRecoveryCodes(tx, personId)) > 0 ? null : makeRecoveryCodes(tx, personId)
}

export async function addTotp(context: PeopleContext, self: Self, code: string): Promise<FactorAdded> {
  return changeFactors(context, self, async (tx) => {
    await confirmTotp(context, tx, self.personId, code)
    return { recoveryCodes: await firstCodes(tx, self.personId), token: await replaceToken(tx, self.sessionId) }
  })
}

export function dropTotp(context: PeopleContext, self: Self): Promise<string> {
  return changeFactors(context, self, async (tx) => {
    await removeTotp(tx, self.personId)
    return replaceToken(tx, self.sessionId)
  })
}

export async function takePasskey(
  context: PeopleContext,
  self: Self,
  given: { name: string; response: RegistrationResponseJSON },
): Promise<FactorAdded & { passkey: Passkey }> {
  // Its challenge is used up whatever comes of it.
  const made = await checkNewPasskey(context.pool, self.personId, given.response)
  return changeFactors(context, self, async (tx) => ({
    passkey: await insertPasskey(tx, self.personId, given.name, made),
    recoveryCodes: await firstCodes(tx, self.personId),
    token: await replaceToken(tx, self.sessionId),
  }))
}

export function dropPasskey(context: PeopleContext, self: Self, id: string): Promise<string> {
  return changeFactors(context, self, async (tx) => {
    await removePasskey(tx, self.personId, id)
    return replaceToken(tx, self.sessionId)
  })
}

export function renewRecoveryCodes(context: PeopleContext, self: Self): Promise<FactorAdded> {
  return changeFactors(context, self, async (tx) => {
    if (!hasFactor(await findPerson(tx, self.personId))) {
      throw new HubError('factor.needed', 'Recovery codes stand in for a second factor, and there is none', {
        mend: 'Set up an app for codes or a passkey first; the codes come with it.',
      })
    }
    return { recoveryCodes: await makeRecoveryCodes(tx, self.personId), token: await replaceToken(tx, self.sessionId) }
  })
}
