import { theHub } from '#audit/act.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { inTransaction, type Queryable } from '#database/pool.ts'
import { type Lease, proveLease, withLease } from '#jobs/lease.ts'
import { open } from '#secrets/seal.ts'
import type { Context } from './context.ts'
import { openDoor, secretPlace } from './context.ts'
import {
  asError,
  claimCheck,
  clearFault,
  clearIssuerFault,
  isTokenFault,
  noteIssuerFault,
  noteOrganisationFault,
} from './problem.ts'
import {
  dropToken,
  loadTokenRow,
  openToken,
  type StoredToken,
  storeToken,
  type TokenRow,
  toStored,
} from './token-store.ts'

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

export interface Waiting {
  /** By the monotonic clock, milliseconds. */
  deadline: number
  signal?: AbortSignal
  /** A person's or the hub's own re-check: asks the issuer although it is known to refuse. */
  recheck?: boolean
}

/** Tokens of connections: each renewed ahead of need, once for all processes. */
export interface Tokens {
  /** A token to call with; waits only when there is none that holds. */
  current(connectionId: string, waiting: Waiting): Promise<HeldToken>
  /** The one after a token that the organisation refused; the same for everybody who holds the refused one. */
  after(connectionId: string, rejected: HeldToken, waiting: Waiting): Promise<HeldToken>
  /** A fresh token was refused too: says so at the connection. */
  refused(connectionId: string, token: HeldToken, error: HubError): Promise<void>
  /** The organisation took a doubtful token. */
  accepted(connectionId: string, token: HeldToken): Promise<void>
  /** Renews the stored token when it is time, though no call asked for it. */
  keepFresh(connectionId: string): Promise<void>
  forget(connectionId: string): void
}

// Renewal is bounded by itself, not by the call that happened to ask for it first.
const renewalMs = 60_000
const lookAgainMs = 150
// A renewal ahead of need that failed is tried again after this, while the old token holds.
const aheadAgainMs = 30_000

/** One renewal at a time for each connection, whoever of this process asks. */
function createRenewals(context: Context) {
  const { clock } = context
  const held = new Map<string, HeldToken>()
  const underWay = new Map<string, Promise<HeldToken>>()
  /** When a renewal ahead of need that failed may be tried again, by the monotonic clock. */
  const notBefore = new Map<string, number>()

  function renew(connectionId: string, seen: bigint, recheck = false): Promise<HeldToken> {
    const running = underWay.get(connectionId)
    if (running) return running
    const renewal = renewed(context, connectionId, { seen, recheck })
      .then((token) => {
        held.set(connectionId, token)
        return token
      })
      .finally(() => underWay.delete(connectionId))
    underWay.set(connectionId, renewal)
    return renewal
  }

  async function renewAhead(connectionId: string, seen: bigint): Promise<void> {
    if (underWay.has(connectionId) || clock.monotonic() < (notBefore.get(connectionId) ?? 0)) return
    try {
      await renew(connectionId, seen)
      notBefore.delete(connectionId)
    } catch (error) {
      notBefore.set(connectionId, clock.monotonic() + aheadAgainMs)
      context.log.warn('the token could not be renewed ahead of need', { connectionId, error })
    }
  }

  return { held, notBefore, renew, renewAhead }
}

export function createTokens(context: Context): Tokens {
  const { clock } = context
  const { held, notBefore, renew, renewAhead } = createRenewals(context)
  return {
    async current(connectionId, waiting) {
      const token = held.get(connectionId)
      const now = clock.monotonic()
      if (token && now < token.expiresAt) {
        if (now >= token.renewAt) void renewAhead(connectionId, token.number)
        return token
      }
      return await within(context, renew(connectionId, token?.number ?? -1n, waiting.recheck), waiting)
    },
    async after(connectionId, rejected, waiting) {
      const token = held.get(connectionId)
      if (token && token.number > rejected.number) return token
      held.delete(connectionId)
      const next = await within(context, renew(connectionId, rejected.number, waiting.recheck), waiting)
      // The renewal under way may have been one that began before this token was refused.
      if (next.number > rejected.number) return next
      held.delete(connectionId)
      return await within(context, renew(connectionId, rejected.number, waiting.recheck), waiting)
    },
    async refused(connectionId, token, error) {
      if (held.get(connectionId)?.number === token.number) held.delete(connectionId)
      const row = await loadTokenRow(context.pool, connectionId)
      if (openToken(context.keyring, row)?.number !== token.number) return
      await dropToken(context.pool, context.keyring, row)
      await noteOrganisationFault(context.pool, connectionId, error)
    },
    async accepted(connectionId, token) {
      token.doubtful = false
      await clearFault(context.pool, connectionId)
    },
    async keepFresh(connectionId) {
      const row = await loadTokenRow(context.pool, connectionId)
      const stored = openToken(context.keyring, row)
      if (stored && stored.renewAt !== null && stored.renewAt <= row.now) await renewAhead(connectionId, stored.number)
    },
    forget(connectionId) {
      held.delete(connectionId)
      notBefore.delete(connectionId)
    },
  }
}

/** Waits no longer than the caller can; the renewal itself goes on for the others. */
async function within(context: Context, renewal: Promise<HeldToken>, waiting: Waiting): Promise<HeldToken> {
  const stop = new AbortController()
  const signal = waiting.signal ? AbortSignal.any([waiting.signal, stop.signal]) : stop.signal
  const tooLate = context.clock.sleep(Math.max(waiting.deadline - context.clock.monotonic(), 0), signal).then(() => {
    throw new HubError('crm.timeout', 'No token came in time', { sent: false })
  })
  try {
    return await Promise.race([renewal, tooLate])
  } finally {
    stop.abort()
    tooLate.catch(() => undefined)
  }
}

/** A token later than the one seen: another process' or our own. */
async function renewed(
  context: Context,
  connectionId: string,
  { seen, recheck }: { seen: bigint; recheck: boolean },
): Promise<HeldToken> {
  const { pool, clock, worker } = context
  const deadline = clock.monotonic() + renewalMs
  let admitted = recheck
  for (;;) {
    const row = await load(context, connectionId)
    const found = usable(context, row, seen)
    if (found) return found
    if (!admitted) await admit(context, connectionId, row)
    admitted = true
    const made = await withLease(pool, `token:${row.authenticationId}`, worker, (lease) =>
      renewUnder(context, connectionId, { seen, lease }),
    ).catch((error: unknown) => {
      if (isHubError(error, 'job.lease_lost')) return null
      throw error
    })
    if (made) return made
    if (clock.monotonic() > deadline) throw new HubError('crm.timeout', 'No token came in time', { sent: false })
    await clock.sleep(lookAgainMs)
  }
}

/** With the moment of loading by the monotonic clock, taken before, so that a token is never thought to live longer. */
async function load(context: Context, connectionId: string): Promise<TokenRow & { loadedAt: number }> {
  const loadedAt = context.clock.monotonic()
  return { ...(await loadTokenRow(context.pool, connectionId)), loadedAt }
}
type LoadedRow = Awaited<ReturnType<typeof load>>

/** While the issuer is known to refuse, one process asks now and then and all others fail at once. */
async function admit(context: Context, connectionId: string, row: TokenRow): Promise<void> {
  if (row.state === 'removed' || row.secret === null) {
    throw new HubError('connection.not_ready', 'The connection was removed, with its credentials', { connectionId })
  }
  if (row.state !== 'needs_attention' || !row.problem || !isTokenFault(row.problem.code)) return
  if (Date.parse(row.problem.nextCheckAt) > row.now) throw asError(row.problem, connectionId)
  if (!(await claimCheck(context.pool, connectionId))) throw asError(row.problem, connectionId)
}

async function renewUnder(
  context: Context,
  connectionId: string,
  task: { seen: bigint; lease: Lease },
): Promise<HeldToken | null> {
  const { pool, keyring } = context
  const row = await load(context, connectionId)
  const found = usable(context, row, task.seen)
  if (found) return found
  if (row.secret === null) return null
  const secret = open(keyring, secretPlace('authentication', row.authenticationId, 'secret'), row.secret)
  const stored = await askIssuer(context, row, { secret, signal: task.lease.signal }).catch(async (error: unknown) => {
    const code = isHubError(error) ? error.code : 'internal'
    await writeUse(pool, context, {
      row,
      connectionId,
      outcome: isHubError(error) && isTokenFault(error.code) ? 'refused' : 'failed',
      code,
    })
    throw error
  })
  const kept = await inTransaction(pool, async (tx) => {
    const first = await storeToken(tx, keyring, row, stored)
    if (first) await clearIssuerFault(tx, row.authenticationId)
    await writeUse(tx, context, { row, connectionId, outcome: 'done' })
    await proveLease(tx, task.lease)
    return first
  })
  return kept ? toHeld(row, stored) : null
}

interface SecretUse {
  row: TokenRow
  connectionId: string
  outcome: 'done' | 'refused' | 'failed'
  code?: string
}

/** The secret left the hub, for the issuer alone: that is an act, of the hub itself. */
async function writeUse(
  db: Queryable,
  { acts }: Context,
  { row, connectionId, outcome, code }: SecretUse,
): Promise<void> {
  await acts.append(db, {
    actor: theHub,
    act: 'secret.use',
    subject: { kind: 'authentication', id: row.authenticationId },
    outcome,
    details: { connection: connectionId, for: 'token', ...(code === undefined ? {} : { code }) },
  })
}

async function askIssuer(
  context: Context,
  row: TokenRow,
  given: { secret: string; signal: AbortSignal },
): Promise<StoredToken> {
  const door = openDoor(context.door, given.signal)
  const authentication = { settings: row.settings, secret: given.secret }
  try {
    const token = await context.connectorOf(row.crm).requestToken(door, row.url, authentication)
    return toStored(token, row.now, row.number + 1n)
  } catch (error) {
    if (isHubError(error) && isTokenFault(error.code)) {
      await noteIssuerFault(context.pool, row.authenticationId, error)
    }
    throw error
  }
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
  return {
    value: stored.value,
    number: stored.number,
    renewAt: stored.renewAt === null ? Number.POSITIVE_INFINITY : stored.renewAt + offset,
    expiresAt: stored.expiresAt === null ? Number.POSITIVE_INFINITY : stored.expiresAt + offset,
    authenticationId: row.authenticationId,
    doubtful: row.state === 'needs_attention' && row.problem?.from === 'organisation' && isTokenFault(row.problem.code),
  }
}
