import type { CrmSession } from '#connectors/call.ts'
import type { AccessToken, CheckStep, ConsentToken } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { canonicalSourceId } from '#core/ids.ts'
import { redactor } from '#core/redact.ts'
import { inTransaction } from '#database/pool.ts'
import { type Lease, proveLease, withLease } from '#jobs/lease.ts'
import { listTables } from '#records/table.ts'
import { open, seal } from '#secrets/seal.ts'
import { findOwnAuthentication } from './authentication-store.ts'
import { type CheckTarget, runCheck } from './check.ts'
import type { Connection } from './connection.ts'
import { isByWindow } from './consent-app.ts'
import { type Context, openDoor, secretPlace } from './context.ts'
import {
  clearFault,
  clearIssuerFault,
  isConnectionFault,
  isTokenFault,
  noteIssuerFault,
  noteOrganisationFault,
} from './problem.ts'
import { findAuthentication, findConnection, listConnections } from './store.ts'
import { refreshOf, renewer } from './token-renewal.ts'
import {
  loadTokenRow,
  openRefresh,
  replaceStoredSecret,
  type StoredToken,
  storeToken,
  toStored,
} from './token-store.ts'

/** Checks a connection as it stands; what it finds out moves the connection's state. Throws what fails. */
export async function checkConnection(
  context: Context,
  connectionId: string,
  onStep?: (step: CheckStep) => void,
): Promise<void> {
  const connection = await findConnection(context.pool, connectionId)
  const target = await targetOf(context, connection)
  let failedAt: CheckStep['check'] | undefined
  try {
    await runCheck(context, target, (step) => {
      if (!step.ok) failedAt = step.check
      onStep?.(step)
    })
    await clearFault(context.pool, connectionId)
  } catch (error) {
    if (failedAt !== undefined && isConnectionFault(error)) {
      if (issuerChecks.has(failedAt)) await noteIssuerFault(context.pool, connection.authenticationId, error)
      else await noteOrganisationFault(context.pool, connectionId, error)
    }
    throw error
  }
}
const issuerChecks = new Set<CheckStep['check']>(['tenant', 'client', 'secret', 'consent'])

async function targetOf(context: Context, connection: Connection): Promise<CheckTarget> {
  const authentication = await findAuthentication(context.pool, connection.authenticationId)
  if (authentication.secret === null || connection.state === 'removed') {
    throw new HubError('connection.not_ready', `The connection “${connection.name}” was removed`, {
      mend: 'Connect the organisation again.',
    })
  }
  const place = secretPlace('authentication', authentication.id, 'secret')
  const secret = open(context.keyring, place, authentication.secret)
  const tables = await listTables(context.pool, connection.id)
  return {
    connector: context.connectorOf(connection.crm),
    url: connection.url,
    authentication: { settings: authentication.settings, secret },
    tables: tables.filter((table) => table.enabled).map((table) => table.source.name),
    settings: { ...connection.settings },
    organisation: connection.organisation,
    ...(authentication.isConsented ? { obtain: renewer(context, { connectionId: connection.id }) } : {}),
  }
}

/** Asks the organisation who we are; an answer mends the connection. */
export async function recheck(context: Context, session: CrmSession, connection: Connection): Promise<void> {
  try {
    const { organisation } = await context.connectorOf(connection.crm).identify(session)
    if (canonicalSourceId(organisation) !== connection.organisation) {
      throw new HubError('connection.not_the_crm', `${connection.url} now leads to another organisation`, {
        mend: 'Connect the other organisation as a connection of its own.',
      })
    }
    if (await clearFault(context.pool, connection.id)) {
      context.log.info('the connection works again', { connectionId: connection.id })
    }
  } catch (error) {
    // What the issuer refuses was noted where it was asked.
    if (!isConnectionFault(error) || isTokenFault(error.code)) throw error
    await noteOrganisationFault(context.pool, connection.id, error)
    throw error
  }
}

// The lease may be held by a renewal under way.
const leaseMs = 20_000

/** The new secret is tried at the issuer first; one that is refused is not stored. Gives the connections that use it, as they were. */
export async function replaceSecret(context: Context, authenticationId: string, given: string): Promise<Connection[]> {
  const secret = given.trim()
  if (secret === '') throw new HubError('input.invalid', 'No secret was given', { field: 'secret' })
  redactor.register(secret)
  const authentication = await findOwnAuthentication(context.pool, authenticationId)
  const users = (await listConnections(context.pool)).filter((one) => one.authenticationId === authenticationId)
  const first = users[0]
  const place = first ?? authentication.madeFor
  const sealed = seal(context.keyring, secretPlace('authentication', authenticationId, 'secret'), secret)
  // Tried under the lease: what renews the token may serve a single time.
  await underTokenLease(context, authenticationId, async (lease) => {
    const askedAt = context.clock.monotonic()
    const token = place ? await tryNewSecret(context, place, { authenticationId, secret }) : null
    await inTransaction(context.pool, async (tx) => {
      await replaceStoredSecret(tx, authenticationId, sealed)
      if (first && token) {
        const row = await loadTokenRow(tx, { connectionId: first.id })
        const age = context.clock.monotonic() - askedAt
        const stored: StoredToken = toStored(token, row.now - age, row.number + 1n)
        await storeToken(tx, context.keyring, row, { ...stored, refreshToken: refreshOf(token) })
        await clearIssuerFault(tx, authenticationId)
      }
      await proveLease(tx, lease)
    })
  })
  return users
}

/** Null where no token can be had by it before somebody signs in in the CRM's window. */
async function tryNewSecret(
  { pool, keyring, door, connectorOf }: Context,
  { url, crm }: { url: string; crm: string },
  { authenticationId, secret }: { authenticationId: string; secret: string },
): Promise<AccessToken | ConsentToken | null> {
  const row = await loadTokenRow(pool, { authenticationId, url, crm })
  const app = { settings: row.settings, secret }
  const refresh = openRefresh(keyring, row)
  const { consent, requestToken } = connectorOf(crm)
  if (refresh === null || !consent) {
    return isByWindow(row.settings) ? null : await requestToken(openDoor(door), url, app)
  }
  return await consent.renew(openDoor(door), url, app, refresh).catch((error: unknown) => {
    // The app was known by its secret before the person's consent was looked at (RFC 6749 §5.2).
    if (isHubError(error, 'authentication.consent_over')) return null
    throw error
  })
}

/** A renewal with the old secret and the change to a new one never overlap. */
async function underTokenLease(
  context: Context,
  authenticationId: string,
  work: (lease: Lease) => Promise<void>,
): Promise<void> {
  const { pool, clock, worker } = context
  const deadline = clock.monotonic() + leaseMs
  for (;;) {
    const done = await withLease(pool, `token:${authenticationId}`, worker, async (lease) => {
      await work(lease)
      return true
    })
    if (done) return
    if (clock.monotonic() > deadline) throw new HubError('server.busy', 'The token is being renewed; try again')
    await clock.sleep(100)
  }
}
