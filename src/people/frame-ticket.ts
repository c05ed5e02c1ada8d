import { HubError } from '#core/errors.ts'
import { inTransaction, type Pool } from '#database/pool.ts'
import type { Browser, PeopleContext } from './context.ts'
import { findPerson } from './person.ts'
import { endSessionOfToken, openSession, personOfSession } from './session.ts'
import { refuseSuspended, type SignedIn } from './sign-in.ts'
import { digest, newToken } from './token.ts'

/** From one window of a browser to another; by hand where the browser lets them not speak. */
const ticketMinutes = 2

/**
 * A panel in another site's page gets no cookie of ours, so a window of our own, in which the person is signed in, hands
 * it this. It is good once.
 */
export async function createFrameTicket(pool: Pool, sessionId: string): Promise<string> {
  const ticket = newToken()
  await pool.query(
    `insert into jackfield.frame_ticket (hash, session_id, expires_at) values ($1, $2, now() + make_interval(mins => $3))`,
    [digest(ticket), sessionId, ticketMinutes],
  )
  await pool.query('delete from jackfield.frame_ticket where expires_at < now()')
  return ticket
}

/** Begins the panel's own session, which may do less than its parent, and ends with it. */
export function signInFrame(context: PeopleContext, ticket: string, browser: Browser): Promise<SignedIn> {
  const { pool, limits, noticed } = context
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ sessionId: string }>(
      `delete from jackfield.frame_ticket where hash = $1 and expires_at > now() returning session_id as "sessionId"`,
      [digest(ticket)],
    )
    if (!rows[0]) throw over()
    const parentId = rows[0].sessionId
    const person = await findPerson(tx, await personOfSession(tx, parentId))
    noticed?.(person)
    refuseSuspended(person)
    if (browser.sessionToken !== null) await endSessionOfToken(tx, digest(browser.sessionToken))
    const { id, token } = await openSession(tx, { personId: person.id, method: 'frame', browser, limits, parentId })
    return { personId: person.id, sessionId: id, token, deviceToken: null }
  })
}

function over(): HubError {
  return new HubError('auth.required', 'The way in from the other window is over', {
    mend: 'Press the button to sign in once more.',
  })
}
