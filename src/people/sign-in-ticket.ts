import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import { digest, newToken } from './token.ts'

/** A right password waits so long for the second factor, and for so many tries. */
const ticketMinutes = 5
const mostTries = 5

export async function createTicket(db: Queryable, personId: string): Promise<string> {
  const ticket = newToken()
  await db.query(
    `insert into jackfield.sign_in_ticket (hash, person_id, expires_at) values ($1, $2, now() + make_interval(mins => $3))`,
    [digest(ticket), personId, ticketMinutes],
  )
  await db.query('delete from jackfield.sign_in_ticket where expires_at < now()')
  return ticket
}

/** Whose ticket this is, while it is good; each look is counted as a try. */
export async function tryTicket(db: Queryable, ticket: string): Promise<string> {
  const { rows } = await db.query<{ personId: string }>(
    `update jackfield.sign_in_ticket set tries = tries + 1
     where hash = $1 and expires_at > now() and tries < $2 returning person_id as "personId"`,
    [digest(ticket), mostTries],
  )
  if (!rows[0]) throw over()
  return rows[0].personId
}

/** Whose ticket this is, to make options for it: no try. */
export async function readTicket(db: Queryable, ticket: string): Promise<string> {
  const { rows } = await db.query<{ personId: string }>(
    `select person_id as "personId" from jackfield.sign_in_ticket where hash = $1 and expires_at > now() and tries < $2`,
    [digest(ticket), mostTries],
  )
  if (!rows[0]) throw over()
  return rows[0].personId
}

/** Of two that end with the same ticket, one signs in. */
export async function useTicket(tx: Queryable, ticket: string): Promise<void> {
  const { rowCount } = await tx.query('delete from jackfield.sign_in_ticket where hash = $1', [digest(ticket)])
  if (rowCount !== 1) throw over()
}

function over(): HubError {
  return new HubError('auth.required', 'Signing in took too long, or the code was wrong too often', {
    mend: 'Begin anew with your password.',
  })
}
