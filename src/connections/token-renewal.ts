import { theHub } from '#audit/act.ts'
import type { AccessToken, ConsentToken } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { inTransaction, type Queryable } from '#database/pool.ts'
import { type Lease, proveLease, withLease } from '#jobs/lease.ts'
import { open } from '#secrets/seal.ts'
import type { Problem } from './connection.ts'
import { type Context, openDoor, secretPlace } from './context.ts'
import { asError, claimCheck, clearIssuerFault, isTokenFault, noteIssuerFault } from './problem.ts'
import {
  type HeldToken,
  type Holder,
  loadTokenRow,
  notLinked,
  openRefresh,
  openToken,
  type StoredToken,
  storeToken,
  type TokenRow,
  toStored,
} from './token-store.ts'

// Renewal is bounded by itself, not by the call that happened to ask for it first.
const renewalMs = 60_000
const lookAgainMs = 150

interface Task {
  /** The number of the token that will not do any more; -1 where there was none. */
  seen: bigint
  /** Asks the issuer although it is known to refuse. */
  recheck: boolean
}

/** A token later than the one seen: another process' or our own. */
export async function renewed(context: Context, holder: Holder, { seen, recheck }: Task): Promise<HeldToken> {
  const { pool, clock, worker } = context
  const deadline = clock.monotonic() + renewalMs
  let admitted = recheck
  for (;;) {
    const row = await load(context, holder)
    const found = usable(context, row, seen)
    if (found) return found
    needCredentials(holder, row)
    if (!admitted) await admit(context, holder, row)
    admitted = true
    const made = await withLease(pool, `token:${row.authenticationId}`, worker, (lease) =>
      renewUnder(context, holder, { seen, lease }),
    ).catch((error: unknown) => {
      if (isHubError(error, 'job.lease_lost')) return null
      throw error
    })
    if (made) return made
    if (clock.monotonic() > deadline) throw new HubError('crm.timeout', 'No token came in time', { sent: false })
    await clock.sleep(lookAgainMs)
  }
}

/** Tokens for a check, each newly had: it is to find out whether the sign-in still stands. */
export function renewer(context: Context, holder: Holder): () => Promise<AccessToken> {
  return async () => {
    const { number } = await loadTokenRow(context.pool, holder)
    const { value } = await renewed(context, holder, { seen: number, recheck: true })
    return { value, expiresIn: null }
  }
}

/** With the moment of loading by the monotonic clock, taken before, so that a token is never thought to live longer. */
async function load(context: Context, holder: Holder): Promise<LoadedRow> {
  const loadedAt = context.clock.monotonic()
  return { ...(await loadTokenRow(context.pool, holder)), loadedAt }
}
type LoadedRow = TokenRow & { loadedAt: number }

function needCredentials(holder: Holder, row: TokenRow): void {
  if (row.state !== 'removed' && row.secret !== null) return
  const at = 'connectionId' in holder ? { connectionId: holder.connectionId } : {}
  throw new HubError('connection.not_ready', 'The connection was removed, with its credentials', at)
}

/** While the issuer is known to refuse, one process asks now and then and all others fail at once. */
async function admit(context: Context, holder: Holder, row: TokenRow): Promise<void> {
  if ('authenticationId' in holder) return
  const { connectionId, linkedAccountId } = holder
  if (linkedAccountId !== undefined) {
    // Only its person mends this one; others are asked about each time that a write tries.
    if (row.problem?.code === 'authentication.consent_over') throw notLinked(connectionId)
    return
  }
  const problem = row.problem as Problem | null
  if (row.state !== 'needs_attention' || !problem || !isTokenFault(problem.code)) return
  if (Date.parse(problem.nextCheckAt) > row.now) throw asError(problem, connectionId)
  if (!(await claimCheck(context.pool, connectionId))) throw asError(problem, connectionId)
}

async function renewUnder(
  context: Context,
  holder: Holder,
  task: { seen: bigint; lease: Lease },
): Promise<HeldToken | null> {
  const { pool, keyring } = context
  const row = await load(context, holder)
  const found = usable(context, row, task.seen)
  if (found) return found
  if (row.secret === null) return null
  const secret = open(keyring, secretPlace('authentication', row.appId, 'secret'), row.secret)
  const given = await askIssuer(context, row, { secret, signal: task.lease.signal }).catch(async (error: unknown) => {
    await noteRefusal(context, { holder, row, error })
    throw error
  })
  const stored = toStored(given, row.now, row.number + 1n)
  const kept = await inTransaction(pool, async (tx) => {
    const first = await storeToken(tx, keyring, row, { ...stored, refreshToken: refreshOf(given) })
    if (first) await clearIssuerFault(tx, row.authenticationId)
    await writeUse(tx, context, { holder, row, outcome: 'done' })
    await proveLease(tx, task.lease)
    return first
  })
  return kept ? toHeld(row, stored) : null
}

/** What renews it from now on; null where that is as it was. */
export function refreshOf(given: AccessToken | ConsentToken): string | null {
  const refresh = 'refreshToken' in given ? given.refreshToken : null
  if (refresh !== null) redactor.register(refresh)
  return refresh
}

/** What a window of the CRM gave renews itself; all else is had by the secret. */
async function askIssuer(
  context: Context,
  row: TokenRow,
  given: { secret: string; signal: AbortSignal },
): Promise<AccessToken | ConsentToken> {
  const door = openDoor(context.door, given.signal)
  const app = { settings: row.settings, secret: given.secret }
  const connector = context.connectorOf(row.crm)
  const refresh = openRefresh(context.keyring, row)
  if (refresh !== null && connector.consent) return await connector.consent.renew(door, row.url, app, refresh)
  if (row.appId !== row.authenticationId) throw signInAgain()
  return await connector.requestToken(door, row.url, app)
}

const signInAgain = () =>
  new HubError('authentication.consent_over', 'The CRM gave nothing to renew the sign-in with, and it is over', {
    mend: 'Sign in to the CRM again; let the app ask for offline access, so that it lasts.',
  })

async function noteRefusal(context: Context, failed: { holder: Holder; row: TokenRow; error: unknown }): Promise<void> {
  const { holder, row, error } = failed
  const isRefused = isHubError(error) && isTokenFault(error.code)
  if (isRefused) await noteIssuerFault(context.pool, row.authenticationId, error, row.number)
  const code = isHubError(error) ? error.code : 'internal'
  await writeUse(context.pool, context, { holder, row, outcome: isRefused ? 'refused' : 'failed', code })
}

interface SecretUse {
  holder: Holder
  row: TokenRow
  outcome: 'done' | 'refused' | 'failed'
  code?: string
}

/** The secret left the hub, for the issuer alone: that is an act, of the hub itself. */
async function writeUse(db: Queryable, { acts }: Context, { holder, row, outcome, code }: SecretUse): Promise<void> {
  const connection = 'connectionId' in holder ? { connection: holder.connectionId } : {}
  await acts.append(db, {
    actor: theHub,
    act: 'secret.use',
    subject: { kind: 'authentication', id: row.authenticationId },
    outcome,
    details: { ...connection, for: 'token', ...(code === undefined ? {} : { code }) },
  })
}

/** The stored token where it is later than the one seen and still holds. */
function usable(context: Context, row: LoadedRow, seen: bigint): HeldToken | null {
  const stored = openToken(context.keyring, row)
  return stored && stored.number > seen && (stored.expiresAt === null || stored.expiresAt > row.now)
    ? toHeld(row, stored)
    : null
}

function toHeld(row: LoadedRow, stored: StoredToken): HeldToken {
  const offset = row.loadedAt - row.now
  const problem = row.problem as Problem | null
  return {
    value: stored.value,
    number: stored.number,
    renewAt: stored.renewAt === null ? Number.POSITIVE_INFINITY : stored.renewAt + offset,
    expiresAt: stored.expiresAt === null ? Number.POSITIVE_INFINITY : stored.expiresAt + offset,
    authenticationId: row.authenticationId,
    doubtful: row.state === 'needs_attention' && problem?.from === 'organisation' && isTokenFault(problem.code),
  }
}
