import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import type { Browser, SessionLimits } from './context.ts'
import { digest, newToken } from './token.ts'

/** How somebody came in. */
export type SignInMethod =
  | 'link'
  | 'invitation'
  | 'password'
  | 'password_and_code'
  | 'password_and_passkey'
  | 'passkey'
  | 'sign_on'
  | 'frame'

export interface NewSession {
  id: string
  /** For the cookie; only its digest is kept. */
  token: string
}

/** As it is shown to its person. */
export interface ShownSession {
  id: string
  method: SignInMethod
  createdAt: Date
  seenAt: Date
  expiresAt: Date
  address: string | null
  agent: string | null
}

/** Whose token it is, and what they may. */
export interface FoundSession {
  id: string
  personId: string
  name: string
  expiresAt: Date
  renewAt: Date
  /** Of a panel in another site's page. */
  inFrame: boolean
}

/** A token is used so long; then the next answer brings another. */
const tokenMinutes = 60
/** Requests that were under way when a new token was first shown still carry the older one. */
const graceSeconds = 30
/** What a browser says of itself, as much as tells it from others. */
const longestAgent = 300

interface Opening {
  personId: string
  method: SignInMethod
  browser: Browser
  limits: SessionLimits
  /** With which it ends. */
  parentId?: string
}

/** Always a session of its own with a new token: what a browser had before signing in is worth nothing after. */
export async function openSession(tx: Queryable, opening: Opening): Promise<NewSession> {
  const { personId, method, browser, limits, parentId = null } = opening
  const id = uuidv7()
  const token = newToken()
  await tx.query(
    `insert into jackfield.session (id, person_id, token, method, proven_at, idle_until, ends_at, address, agent, parent_id)
     values ($1, $2, $3, $4, now(), least(now() + make_interval(hours => $5), now() + make_interval(days => $6)),
       now() + make_interval(days => $6), $7, $8, $9)`,
    [
      ...[id, personId, digest(token), method, limits.idleHours, limits.days],
      ...[browser.address, browser.agent?.slice(0, longestAgent) ?? null, parentId],
    ],
  )
  await tx.query('update jackfield.person set signed_in_at = now() where id = $1', [personId])
  await tx.query(`delete from jackfield.session where ends_at < now() - interval '1 day'`)
  return { id, token }
}

const LIVE = 'ended_at is null and idle_until > now() and ends_at > now()'

const FIND = {
  name: 'session-find',
  text: `select s.id, s.person_id as "personId", p.name, s.idle_until as "expiresAt",
      s.token_at + make_interval(mins => $2) as "renewAt", s.method = 'frame' as "inFrame"
    from jackfield.session s join jackfield.person p on p.id = s.person_id
    where (s.token = $1 or (s.older_token = $1 and (s.older_until is null or s.older_until > now())))
      and ${LIVE} and p.state = 'active'
      and not exists (select from jackfield.session o where o.id = s.parent_id and o.ended_at is not null)`,
}
const SEEN = {
  name: 'session-seen',
  text: `update jackfield.session set
      seen_at = now(),
      idle_until = least(ends_at, now() + make_interval(hours => $2)),
      older_until = case when older_token is not null and token = $1
        then coalesce(older_until, now() + make_interval(secs => $3)) else older_until end
    where (token = $1 or older_token = $1) and ${LIVE}
      and (seen_at < now() - interval '1 minute' or (older_until is null and older_token is not null and token = $1))`,
}

export async function findSession(db: Queryable, hash: Buffer): Promise<FoundSession | null> {
  const { rows } = await db.query<FoundSession>({ ...FIND, values: [hash, tokenMinutes] })
  return rows[0] ?? null
}

/** Whose session it is, while it lasts; throws auth.required. */
export async function personOfSession(db: Queryable, sessionId: string): Promise<string> {
  const { rows } = await db.query<{ personId: string }>(
    `select s.person_id as "personId" from jackfield.session s join jackfield.person p on p.id = s.person_id
     where s.id = $1 and ${LIVE} and p.state = 'active'`,
    [sessionId],
  )
  if (!rows[0]) throw new HubError('auth.required', 'The session has ended')
  return rows[0].personId
}

/** Moves the session's end on, at most once a minute, and begins the end of an older token once the newer is shown. */
export async function noteSessionUse(db: Queryable, hash: Buffer, limits: SessionLimits): Promise<void> {
  await db.query({ ...SEEN, values: [hash, limits.idleHours, graceSeconds] })
}

/**
 * A new token where the old one has been used long enough; null where another request has just done it. The older one
 * stays good until the newer was shown: an answer that never arrived signs nobody out.
 */
export async function renewToken(db: Queryable, hash: Buffer): Promise<string | null> {
  const token = newToken()
  const { rowCount } = await db.query(
    `update jackfield.session set token = $2, older_token = $1, older_until = null, token_at = now()
     where ${LIVE} and (
       (token = $1 and token_at < now() - make_interval(mins => $3))
       or (older_token = $1 and older_until is null and token_at < now() - make_interval(secs => $4)))`,
    [hash, digest(token), tokenMinutes, graceSeconds],
  )
  return rowCount === 1 ? token : null
}

/** A new token at once, and the old one over: for a session that has gained rights. */
export async function replaceToken(db: Queryable, sessionId: string): Promise<string> {
  const token = newToken()
  const { rowCount } = await db.query(
    `update jackfield.session set token = $2, older_token = null, older_until = null, token_at = now()
     where id = $1 and ${LIVE}`,
    [sessionId, digest(token)],
  )
  if (rowCount !== 1) throw new HubError('auth.required', 'The session has ended')
  return token
}

export async function listSessions(db: Queryable, personId: string): Promise<ShownSession[]> {
  const { rows } = await db.query<ShownSession>(
    `select id, method, created_at as "createdAt", seen_at as "seenAt", idle_until as "expiresAt", address, agent
     from jackfield.session where person_id = $1 and ${LIVE} order by seen_at desc`,
    [personId],
  )
  return rows
}

/** Ending twice is as good as once. */
export async function endSession(db: Queryable, personId: string, sessionId: string): Promise<void> {
  const { rowCount } = await db.query(
    `update jackfield.session set ended_at = coalesce(ended_at, now()), address = null, agent = null
     where id = $1 and person_id = $2`,
    [sessionId, personId],
  )
  if (rowCount === 0) throw new HubError('resource.not_found', `There is no session ${sessionId}`)
}

/** A new session in a browser ends the one that it had. */
export async function endSessionOfToken(db: Queryable, hash: Buffer): Promise<void> {
  await db.query(
    `update jackfield.session set ended_at = now(), address = null, agent = null
     where (token = $1 or older_token = $1) and ended_at is null`,
    [hash],
  )
}
