import { HubError } from '#core/errors.ts'
import type { Transaction } from '#database/pool.ts'
import { inTransaction } from '#database/pool.ts'
import type { Browser, PeopleContext } from './context.ts'
import { knownDevice, rememberDevice } from './known-device.ts'
import { type AuthenticationResponseJSON, checkPasskey } from './passkey.ts'
import { emailKey, findPerson, findPersonByEmail, type Person } from './person.ts'
import { useRecoveryCode } from './recovery-code.ts'
import { endSessionOfToken, openSession, type SignInMethod } from './session.ts'
import { useLink } from './sign-in-link.ts'
import { createTicket, tryTicket, useTicket } from './sign-in-ticket.ts'
import { codeLanes, countAttempt, forgetAttempt, type Lane, passwordLanes, takeBackAttempt } from './throttle.ts'
import { digest } from './token.ts'
import { useTotp } from './totp.ts'

export interface SignedIn {
  personId: string
  sessionId: string
  /** For the session's cookie. */
  token: string
  /** For the cookie by which this browser is known again; null where the way in was not this person's own. */
  deviceToken: string | null
}

/** The password was right; something else is asked for. */
export interface SecondStep {
  ticket: string
  methods: SecondMethod[]
}
export type SecondMethod = 'totp' | 'recovery_code' | 'passkey'

export const needsSecondStep = (result: SignedIn | SecondStep): result is SecondStep => 'ticket' in result

export function signInByLink(context: PeopleContext, token: string, browser: Browser): Promise<SignedIn> {
  return inTransaction(context.pool, async (tx) => {
    const person = await useLink(tx, token)
    return admit(context, tx, { person, method: 'link', browser })
  })
}

/** Throws auth.rejected for a wrong password and for an unknown address alike, after the same work. */
export async function signInByPassword(
  context: PeopleContext,
  given: { email: string; password: string },
  browser: Browser,
): Promise<SignedIn | SecondStep> {
  const { pool } = context
  const person = await findPersonByEmail(pool, given.email)
  if (person) context.noticed?.(person)
  const device = await knownDevice(pool, person?.id ?? nobody, browser.deviceToken)
  const lanes = passwordLanes({ who: emailKey(given.email), address: browser.address, device })
  const right = await checkPassword(context, { personId: person?.id ?? nobody, password: given.password, lanes })
  if (!right || person === null) {
    throw new HubError('auth.rejected', 'E-mail address or password is wrong', {
      mend: 'Try again. If the password is forgotten, an administrator can give you a new way in.',
    })
  }
  refuseSuspended(person)
  const methods = await secondMethods(context, person)
  if (methods.length > 0) return { ticket: await createTicket(pool, person.id), methods }
  return inTransaction(pool, (tx) => admit(context, tx, { person, method: 'password', browser }))
}

/** No person has this id: what is asked of it takes the time that it takes for anybody. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** Counted before it is looked at, forgotten when it was right. */
export async function checkPassword(
  { pool, passwords }: PeopleContext,
  { personId, password, lanes }: { personId: string; password: string; lanes: readonly Lane[] },
): Promise<boolean> {
  await countAttempt(pool, lanes)
  const { rows } = await pool.query<{ password: string | null }>(
    'select password from jackfield.person where id = $1',
    [personId],
  )
  const stored = rows[0]?.password ?? null
  const { right, stale } = await passwords.verify(password, stored).catch(async (error: unknown) => {
    await takeBackAttempt(pool, lanes)
    throw error
  })
  if (!right) return false
  await forgetAttempt(pool, lanes)
  if (stale) {
    const fresh = await passwords.hash(password)
    await pool.query('update jackfield.person set password = $2 where id = $1 and password = $3', [
      ...[personId, fresh, stored],
    ])
  }
  return true
}

async function secondMethods({ pool }: PeopleContext, person: Person): Promise<SecondMethod[]> {
  if (!person.hasTotp && person.passkeys === 0) return []
  const { rowCount } = await pool.query(
    'select from jackfield.recovery_code where person_id = $1 and used_at is null limit 1',
    [person.id],
  )
  return [
    ...(person.hasTotp ? ['totp' as const] : []),
    ...(person.passkeys > 0 ? ['passkey' as const] : []),
    ...(rowCount === 1 ? ['recovery_code' as const] : []),
  ]
}

const looksLikeTotp = /^\d{6}$/

/** The second step, by six digits of the app or by a recovery code. */
export async function finishByCode(
  context: PeopleContext,
  given: { ticket: string; code: string },
  browser: Browser,
): Promise<SignedIn> {
  const { pool } = context
  const personId = await tryTicket(pool, given.ticket)
  context.noticed?.({ id: personId })
  const code = given.code.replace(/\s/g, '')
  const right = looksLikeTotp.test(code)
    ? await checkTotp(context, { personId, code, browser })
    : await useRecoveryCode(pool, personId, code)
  if (!right) {
    throw new HubError('auth.rejected', 'The code is not right, or was used already', {
      field: 'code',
      mend: 'Enter the code that the app shows now, or one of your recovery codes. If no code fits, look at the clock of the phone.',
    })
  }
  return finish(context, { ticket: given.ticket, personId, method: 'password_and_code' }, browser)
}

async function checkTotp(
  context: PeopleContext,
  { personId, code, browser }: { personId: string; code: string; browser: Browser },
): Promise<boolean> {
  const { pool } = context
  const device = await knownDevice(pool, personId, browser.deviceToken)
  const lanes = codeLanes({ who: personId, address: browser.address, device })
  await countAttempt(pool, lanes)
  const right = await useTotp(context, pool, personId, code)
  if (right) await forgetAttempt(pool, lanes)
  return right
}

export async function finishByPasskey(
  context: PeopleContext,
  given: { ticket: string; passkey: AuthenticationResponseJSON },
  browser: Browser,
): Promise<SignedIn> {
  const personId = await tryTicket(context.pool, given.ticket)
  context.noticed?.({ id: personId })
  await checkPasskey(context.pool, given.passkey, { purpose: 'second_step', personId })
  return finish(context, { ticket: given.ticket, personId, method: 'password_and_passkey' }, browser)
}

function finish(
  context: PeopleContext,
  { ticket, personId, method }: { ticket: string; personId: string; method: SignInMethod },
  browser: Browser,
): Promise<SignedIn> {
  return inTransaction(context.pool, async (tx) => {
    await useTicket(tx, ticket)
    return admit(context, tx, { person: await findPerson(tx, personId), method, browser })
  })
}

/** A passkey alone: what one has, and with the finger or PIN that it asks for, what one is or knows. */
export async function signInByPasskey(
  context: PeopleContext,
  passkey: AuthenticationResponseJSON,
  browser: Browser,
): Promise<SignedIn> {
  const personId = await checkPasskey(context.pool, passkey, { purpose: 'sign_in', personId: null })
  return inTransaction(context.pool, async (tx) =>
    admit(context, tx, { person: await findPerson(tx, personId), method: 'passkey', browser }),
  )
}

interface Admission {
  person: Person
  method: SignInMethod
  browser: Browser
}

/** The only way by which a session begins. What this browser had before ends. */
export async function admit(
  { limits, noticed }: PeopleContext,
  tx: Transaction,
  { person, method, browser }: Admission,
): Promise<SignedIn> {
  noticed?.(person)
  refuseSuspended(person)
  if (browser.sessionToken !== null) await endSessionOfToken(tx, digest(browser.sessionToken))
  const { id, token } = await openSession(tx, { personId: person.id, method, browser, limits })
  // Whoever made a link for another may try it: their browser does not become the other's. And one that a provider sends
  // back shows no cookie by which it was known, which must not be overwritten.
  const isOwn = method !== 'link' && method !== 'sign_on'
  const deviceToken = isOwn ? await rememberDevice(tx, person.id, browser.deviceToken) : null
  return { personId: person.id, sessionId: id, token, deviceToken }
}

export function refuseSuspended({ state }: Person): void {
  if (state === 'active') return
  throw new HubError('auth.suspended', 'This account is suspended', { mend: 'Ask an administrator of the hub.' })
}
