import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { Pool } from '#database/pool.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { findLinkedAccountId } from './linked-account.ts'
import { bucketFor, createQuota, type Measure, type Quota, quotaFor } from './quota.ts'
import { createSession } from './session.ts'
import { createSlots } from './slots.ts'
import { findConnection } from './store.ts'
import { type ConnectionHolder, createTokens, type Tokens } from './token.ts'
import type { HeldToken } from './token-store.ts'

/** What a pause or removal by another process may take to be heeded. */
const trustedMs = 2_000

export interface CallCount {
  lane: string
  /** HTTP status, or the code of the error where there was no answer. */
  status: string
  count: number
}

/** The way to the CRMs for this process: tokens, quota and places are shared by all its sessions. */
export interface Gate {
  tokens: Tokens
  /** Throws connection.not_found, connection.not_ready. */
  session(connectionId: string): Promise<CrmSession>
  /** By the account there that this person linked; throws linked_account.needed too. */
  sessionAs(connectionId: string, personId: string): Promise<CrmSession>
  /** Goes on whatever the connection's state: for re-checks and for taking leave. */
  unguarded(connection: Connection): CrmSession
  forget(connectionId: string): void
  calls(): CallCount[]
}

export function createGate(context: Context): Gate {
  const { pool, clock, door } = context
  const tokens = createTokens(context)
  const quota = createQuota(pool, clock)
  const slots = createSlots(clock)
  const seenReady = new Map<string, number>()
  const counts = createCallCounts()

  async function needReady(connectionId: string): Promise<void> {
    const seen = seenReady.get(connectionId)
    if (seen !== undefined && clock.monotonic() - seen < trustedMs) return
    await ready(pool, connectionId)
    seenReady.set(connectionId, clock.monotonic())
  }

  function open(connection: Connection, options: { guarded: boolean; linkedAccountId?: string }): CrmSession {
    const { id } = connection
    const { linkedAccountId } = options
    const holder: ConnectionHolder = { connectionId: id, ...(linkedAccountId === undefined ? {} : { linkedAccountId }) }
    const connector = context.connectorOf(connection.crm)
    const { authorise } = connector
    const measure = measureOf(connector, connection)
    const recheck = options.guarded ? {} : { recheck: true }
    return createSession<HeldToken>({
      url: connection.url,
      settings: { ...connection.settings },
      ...(authorise ? { authorise } : {}),
      door,
      clock,
      async enter(lane, waiting) {
        if (options.guarded) await needReady(id)
        return await slots.take(id, lane, waiting)
      },
      token: (waiting) => tokens.current(holder, { ...waiting, ...recheck }),
      nextToken: (rejected, waiting) => tokens.after(holder, rejected, { ...waiting, ...recheck }),
      refusesAll: (reply) => connector.refusesAll?.(reply) ?? null,
      replied: (token, reply) => noteQuota({ quota, clock }, connector, { token, reply }),
      accepted: async (token) => (token.doubtful ? await tokens.accepted(holder, token) : undefined),
      refused: (token, error) => tokens.refused(holder, token, error),
      admit: (token, lane, waiting) => quota.admit(token.authenticationId, { lane, ...measure, ...waiting }),
      counted: counts.count,
      throttled: (token, retryAt) => quota.block(token.authenticationId, retryAt - clock.now()),
    })
  }

  return {
    tokens,
    session: async (connectionId) => open(await ready(pool, connectionId), { guarded: true }),
    async sessionAs(connectionId, personId) {
      const connection = await ready(pool, connectionId)
      const linkedAccountId = await findLinkedAccountId(pool, connectionId, personId)
      return open(connection, { guarded: true, linkedAccountId })
    },
    unguarded: (connection) => open(connection, { guarded: false }),
    forget(connectionId) {
      tokens.forget(connectionId)
      seenReady.delete(connectionId)
    },
    calls: counts.all,
  }
}

const measureOf = (connector: Connector, connection: Connection): Measure =>
  connector.readQuota ? { told: true } : { bucket: bucketFor(quotaFor(connector, { ...connection.settings })) }

async function ready(pool: Pool, connectionId: string): Promise<Connection> {
  const connection = await findConnection(pool, connectionId)
  if (connection.state === 'paused' || connection.state === 'removed') throw notReady(connection)
  return connection
}

function createCallCounts() {
  const counts = new Map<string, CallCount>()
  return {
    count(lane: string, status: string): void {
      const counted = counts.get(`${lane} ${status}`)
      if (counted) counted.count += 1
      else counts.set(`${lane} ${status}`, { lane, status, count: 1 })
    },
    all: () => [...counts.values()],
  }
}

async function noteQuota(
  { quota, clock }: { quota: Quota; clock: Clock },
  { readQuota, manifest }: Connector,
  { token, reply }: { token: HeldToken; reply: CrmReply },
): Promise<void> {
  const reading = readQuota?.(reply)
  if (!reading) return
  if (reading !== 'used up' && 'until' in reading)
    await quota.block(token.authenticationId, reading.until - clock.now())
  else await quota.note(token.authenticationId, reading, manifest.quota.calls)
}

function notReady(connection: Connection): HubError {
  const paused = connection.state === 'paused'
  return new HubError('connection.not_ready', `The connection “${connection.name}” is ${connection.state}`, {
    connectionId: connection.id,
    sent: false,
    mend: paused ? 'Resume the connection.' : 'Connect the organisation again.',
  })
}
