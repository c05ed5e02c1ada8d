import { HubError } from '#core/errors.ts'
import type { Context } from './context.ts'
import { clearFault, noteIssuerFault, noteOrganisationFault } from './problem.ts'
import { renewed } from './token-renewal.ts'
import { dropToken, type HeldToken, type Holder, loadTokenRow, openToken } from './token-store.ts'

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
  current(holder: ConnectionHolder, waiting: Waiting): Promise<HeldToken>
  /** The one after a token that the organisation refused; the same for everybody who holds the refused one. */
  after(holder: ConnectionHolder, rejected: HeldToken, waiting: Waiting): Promise<HeldToken>
  /** A fresh token was refused too: says so at the connection. */
  refused(holder: ConnectionHolder, token: HeldToken, error: HubError): Promise<void>
  /** The organisation took a doubtful token. */
  accepted(holder: ConnectionHolder, token: HeldToken): Promise<void>
  /** Renews the stored token when it is time, though no call asked for it. */
  keepFresh(holder: ConnectionHolder): Promise<void>
  /** What is remembered of a connection, and of the accounts that people linked to it. */
  forget(connectionId: string): void
}

// A renewal ahead of need that failed is tried again after this, while the old token holds.
const aheadAgainMs = 30_000

/** A connection's own tokens, or those of a person's account there. */
export type ConnectionHolder = Extract<Holder, { connectionId: string }>

/** The connection first: what is remembered of it is found by that. */
const keyOf = ({ connectionId, linkedAccountId = '' }: ConnectionHolder) => `${connectionId} ${linkedAccountId}`

/** One renewal at a time for each holder, whoever of this process asks. */
function createRenewals(context: Context) {
  const { clock } = context
  const held = new Map<string, HeldToken>()
  const underWay = new Map<string, Promise<HeldToken>>()
  /** When a renewal ahead of need that failed may be tried again, by the monotonic clock. */
  const notBefore = new Map<string, number>()

  function renew(holder: ConnectionHolder, seen: bigint, recheck = false): Promise<HeldToken> {
    const key = keyOf(holder)
    const running = underWay.get(key)
    if (running) return running
    const renewal = renewed(context, holder, { seen, recheck })
      .then((token) => {
        held.set(key, token)
        return token
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, renewal)
    return renewal
  }

  async function renewAhead(holder: ConnectionHolder, seen: bigint): Promise<void> {
    const key = keyOf(holder)
    if (underWay.has(key) || clock.monotonic() < (notBefore.get(key) ?? 0)) return
    try {
      await renew(holder, seen)
      notBefore.delete(key)
    } catch (error) {
      notBefore.set(key, clock.monotonic() + aheadAgainMs)
      context.log.warn('the token could not be renewed ahead of need', { ...holder, error })
    }
  }

  function forget(connectionId: string): void {
    for (const kept of [held, notBefore]) {
      for (const key of kept.keys()) if (key.startsWith(`${connectionId} `)) kept.delete(key)
    }
  }

  return { held, renew, renewAhead, forget }
}

export function createTokens(context: Context): Tokens {
  const { clock } = context
  const { held, renew, renewAhead, forget } = createRenewals(context)
  return {
    async current(holder, waiting) {
      const token = held.get(keyOf(holder))
      const now = clock.monotonic()
      if (token && now < token.expiresAt) {
        if (now >= token.renewAt) void renewAhead(holder, token.number)
        return token
      }
      return await within(context, renew(holder, token?.number ?? -1n, waiting.recheck), waiting)
    },
    async after(holder, rejected, waiting) {
      const key = keyOf(holder)
      const token = held.get(key)
      if (token && token.number > rejected.number) return token
      held.delete(key)
      const next = await within(context, renew(holder, rejected.number, waiting.recheck), waiting)
      // The renewal under way may have been one that began before this token was refused.
      if (next.number > rejected.number) return next
      held.delete(key)
      return await within(context, renew(holder, rejected.number, waiting.recheck), waiting)
    },
    async refused(holder, token, error) {
      const key = keyOf(holder)
      if (held.get(key)?.number === token.number) held.delete(key)
      const row = await loadTokenRow(context.pool, holder)
      if (openToken(context.keyring, row)?.number !== token.number) return
      await dropToken(context.pool, context.keyring, row)
      if (holder.linkedAccountId === undefined) await noteOrganisationFault(context.pool, holder.connectionId, error)
      else await noteIssuerFault(context.pool, row.authenticationId, error, row.number)
    },
    async accepted(holder, token) {
      token.doubtful = false
      await clearFault(context.pool, holder.connectionId)
    },
    async keepFresh(holder) {
      const row = await loadTokenRow(context.pool, holder)
      const stored = openToken(context.keyring, row)
      if (stored && stored.renewAt !== null && stored.renewAt <= row.now) await renewAhead(holder, stored.number)
    },
    forget,
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
