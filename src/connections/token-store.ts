import type { AccessToken } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { Keyring } from '#secrets/keyring.ts'
import { open, openBytes, seal } from '#secrets/seal.ts'
import type { ConnectionState, Problem } from './connection.ts'
import { secretPlace } from './context.ts'

/**
 * By what a token is had: a connection's own authentication, the account there that a person linked, or an authentication
 * that is to be used at an address where nothing is connected yet.
 */
export type Holder =
  | { connectionId: string; linkedAccountId?: string }
  | { authenticationId: string; url: string; crm: string }

/** An address with the credentials that its tokens are had by. */
export interface TokenRow {
  url: string
  crm: string
  state: ConnectionState
  /** The connection's; of a person's own account that account's. */
  problem: Problem | Pick<Problem, 'code' | 'message' | 'mend'> | null
  /** Whose tokens these are. */
  authenticationId: string
  /** Whose settings and secret these are: another's where a person signs in by the connection's app. */
  appId: string
  settings: Record<string, string>
  secret: Buffer | null
  /** What a window of the CRM gave to renew the token with; the secret alone does where there is none. */
  refresh: Buffer | null
  token: Buffer | null
  number: bigint
  /** Milliseconds since the epoch by Postgres' clock, which all processes share. */
  now: number
}

/** A token as it is kept. Times by Postgres' clock, milliseconds since the epoch. */
export interface StoredToken {
  value: string
  /** The authentication's token_number when this one came. */
  number: bigint
  /** Null, as its end: it serves until it is refused. */
  renewAt: number | null
  expiresAt: number | null
}

/** A token in this process' memory; times by the monotonic clock, since wall clocks jump and differ. */
export interface HeldToken {
  value: string
  number: bigint
  /** Infinite where nobody knows: then it serves until it is refused. */
  renewAt: number
  expiresAt: number
  authenticationId: string
  /** The organisation refused the one before: its next good answer mends the connection. */
  doubtful: boolean
}

// An authentication may serve several organisations, and each needs a token for its own address alone: they are kept
// by origin in one sealed text.
type Tokens = Record<string, { value: string; number: string; renewAt: number | null; expiresAt: number | null }>

const SHARED = `a.id as "authenticationId", a.token, a.refresh, a.token_number as number,
  extract(epoch from clock_timestamp())::float8 * 1000 as now`

const OF_CONNECTION = {
  name: 'token-load',
  text: `select c.url, c.crm, c.state, c.problem, a.id as "appId", a.settings, a.secret, ${SHARED}
    from jackfield.connection c join jackfield.authentication a on a.id = c.authentication_id where c.id = $1`,
}
const OF_PERSON = {
  name: 'token-load-of-person',
  text: `select c.url, c.crm, c.state, a.problem, app.id as "appId", app.settings, app.secret, ${SHARED}
    from jackfield.connection c join jackfield.authentication a on a.connection_id = c.id and a.id = $2
      join jackfield.authentication app on app.id = coalesce(c.people_authentication_id, c.authentication_id)
    where c.id = $1`,
}
const OF_AUTHENTICATION = {
  name: 'token-load-of-authentication',
  text: `select $2 as url, $3 as crm, 'connecting' as state, a.problem, a.id as "appId", a.settings, a.secret, ${SHARED}
    from jackfield.authentication a where a.id = $1 and a.person_id is null`,
}

/** Throws connection.not_found, resource.not_found, and linked_account.needed for a person who has linked none. */
export async function loadTokenRow(db: Queryable, holder: Holder): Promise<TokenRow> {
  const { rows } = await db.query<TokenRow>(questionOf(holder))
  if (rows[0]) return rows[0]
  if ('authenticationId' in holder) {
    throw new HubError('resource.not_found', `There is no authentication ${holder.authenticationId}`)
  }
  const { connectionId, linkedAccountId } = holder
  if (linkedAccountId !== undefined) throw notLinked(connectionId)
  throw new HubError('connection.not_found', `There is no connection ${connectionId}`)
}

function questionOf(holder: Holder) {
  if ('authenticationId' in holder) {
    return { ...OF_AUTHENTICATION, values: [holder.authenticationId, holder.url, holder.crm] }
  }
  const { connectionId, linkedAccountId } = holder
  return linkedAccountId === undefined
    ? { ...OF_CONNECTION, values: [connectionId] }
    : { ...OF_PERSON, values: [connectionId, linkedAccountId] }
}

/** `name`: of the connection, where whoever gets the error is to be led to it. */
export function notLinked(connectionId: string, name?: string): HubError {
  return new HubError(
    'linked_account.needed',
    'What you write here goes out by your own account, which is not linked',
    {
      connectionId,
      sent: false,
      mend: 'Link your own account of this CRM, and try again.',
      ...(name === undefined ? {} : { connections: [{ id: connectionId, name }] }),
    },
  )
}

/** The token of this connection's own address, expired or not. */
export function openToken(keyring: Keyring, row: TokenRow): StoredToken | null {
  const held = openTokens(keyring, row)[row.url]
  if (!held) return null
  redactor.register(held.value)
  // What the vendor answers to the token may quote what it was given for.
  if (row.secret !== null) open(keyring, secretPlace('authentication', row.appId, 'secret'), row.secret)
  return { ...held, number: BigInt(held.number) }
}

function openTokens(keyring: Keyring, row: Pick<TokenRow, 'token' | 'authenticationId'>): Tokens {
  if (row.token === null) return {}
  const place = secretPlace('authentication', row.authenticationId, 'token')
  return JSON.parse(openBytes(keyring, place, row.token).toString('utf8')) as Tokens
}

/**
 * When a token is renewed, in seconds of its life: at 80 % or five minutes before its end, whichever is earlier, but
 * never in its first half, else a short-lived one would be renewed at every call.
 */
export function renewAfter(lifetime: number): number {
  return Math.max(Math.min(lifetime * 0.8, lifetime - 300), lifetime / 2)
}

/** What the issuer gave, as it is kept; `askedAt` is before the request left, so that its time is not counted twice. */
export function toStored(token: AccessToken, askedAt: number, number: bigint): StoredToken {
  redactor.register(token.value)
  return {
    value: token.value,
    number,
    renewAt: token.expiresIn === null ? null : askedAt + renewAfter(token.expiresIn) * 1000,
    expiresAt: token.expiresIn === null ? null : askedAt + token.expiresIn * 1000,
  }
}

/**
 * Stores a token for the row's address if no other renewal came between; false when one did. `refreshToken`: the one to
 * be used from now on, where there is another.
 */
export async function storeToken(
  db: Queryable,
  keyring: Keyring,
  row: TokenRow,
  { refreshToken = null, ...token }: StoredToken & { refreshToken?: string | null },
): Promise<boolean> {
  const tokens = openTokens(keyring, row)
  tokens[row.url] = { ...token, number: token.number.toString() }
  const { rowCount } = await db.query({
    name: 'token-store',
    text: `update jackfield.authentication set token = $2, token_number = token_number + 1, problem = null,
        token_renew_at = to_timestamp($3), token_expires_at = to_timestamp($4), refresh = coalesce($6, refresh),
        changed_at = now()
      where id = $1 and token_number = $5`,
    values: [
      row.authenticationId,
      sealTokens(keyring, row.authenticationId, tokens),
      seconds(token.renewAt),
      seconds(token.expiresAt),
      row.number,
      refreshToken && seal(keyring, refreshPlace(row), refreshToken),
    ],
  })
  return rowCount === 1
}

const refreshPlace = ({ authenticationId }: Pick<TokenRow, 'authenticationId'>) =>
  secretPlace('authentication', authenticationId, 'refresh')

export function openRefresh(keyring: Keyring, row: TokenRow): string | null {
  return row.refresh && open(keyring, refreshPlace(row), row.refresh)
}

const seconds = (ms: number | null) => (ms === null ? null : ms / 1000)

/** Forgets a token that was refused though it was fresh; another one that came meanwhile stays. */
export async function dropToken(db: Queryable, keyring: Keyring, row: TokenRow): Promise<void> {
  const tokens = openTokens(keyring, row)
  delete tokens[row.url]
  await db.query({
    name: 'token-drop',
    text: `update jackfield.authentication set token = $2 where id = $1 and token_number = $3`,
    values: [row.authenticationId, sealTokens(keyring, row.authenticationId, tokens), row.number],
  })
}

function sealTokens(keyring: Keyring, authenticationId: string, tokens: Tokens): Buffer {
  return seal(keyring, secretPlace('authentication', authenticationId, 'token'), JSON.stringify(tokens))
}

/** Of somebody who signed in anew: nothing that was had before serves any more. */
export async function voidTokens(tx: Transaction, authenticationId: string): Promise<void> {
  await tx.query({
    name: 'authentication-void',
    text: `update jackfield.authentication set refresh = null, token = null, token_expires_at = null,
        token_renew_at = null, token_number = token_number + 1, problem = null, changed_at = now() where id = $1`,
    values: [authenticationId],
  })
}

/** A changed secret makes every earlier token void. */
export async function replaceStoredSecret(db: Queryable, authenticationId: string, secret: Buffer): Promise<void> {
  await db.query({
    name: 'authentication-secret',
    text: `update jackfield.authentication set secret = $2, token = null, token_expires_at = null,
        token_renew_at = null, token_number = token_number + 1, problem = null, changed_at = now() where id = $1`,
    values: [authenticationId, secret],
  })
}

/** Active connections whose token should be renewed by now, though no call asked for it yet. */
export async function listDueTokens(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'tokens-due',
    text: `select c.id from jackfield.connection c join jackfield.authentication a on a.id = c.authentication_id
      where c.state = 'active' and a.token_renew_at <= now() order by c.id`,
  })
  return rows.map((row) => row.id)
}
