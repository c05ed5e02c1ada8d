import { hash } from 'node:crypto'
import type { ConsentToken } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { canonicalSourceId } from '#core/ids.ts'
import { redactor } from '#core/redact.ts'
import { inTransaction, type Transaction } from '#database/pool.ts'
import type { Permission } from '#model/permission.ts'
import { grantsOfPerson } from '#people/grants.ts'
import { returnPath } from '#people/return-path.ts'
import { personOfSession } from '#people/session.ts'
import { newToken } from '#people/token.ts'
import { probeSession } from './check.ts'
import type { Connection } from './connection.ts'
import { type App, appOf, type ConsentTarget, callbackPath } from './consent-app.ts'
import { keepPending, type Pending, takePending } from './consent-pending.ts'
import { type Context, openDoor } from './context.ts'
import { insertLinkedAccount } from './linked-account.ts'
import { clearIssuerFault } from './problem.ts'
import { lockConnection } from './store.ts'
import { refreshOf } from './token-renewal.ts'
import { type Holder, loadTokenRow, storeToken, toStored, voidTokens } from './token-store.ts'

/** What people need for each, when they are sent to the window and when they come back. */
export const neededForConsent = (target: { connectionId: string | null } | ConsentTarget): Permission =>
  'connectionId' in target && target.connectionId !== null ? 'write:records' : 'edit:integrations'

export interface ConsentAsked {
  target: ConsentTarget
  sessionId: string
  /** Of this hub, as browsers reach it. */
  ownAddress: string
  /** As it was asked for; only a path of the console counts. */
  returnTo: string | null
  /** Of another window that this browser may have open: it holds one for all. */
  browserToken: string | null
}

/** Answers the address of the window, and what the browser's cookie holds until it comes back. */
export async function beginConsent(
  context: Context,
  asked: ConsentAsked,
): Promise<{ url: string; browserToken: string }> {
  const { target, sessionId } = asked
  const app = await appOf(context, target)
  const { consent, crm, url, settings } = app
  const redirectUri = asked.ownAddress + callbackPath(app)
  const [state, verifier, browserToken] = [newToken(), newToken(), asked.browserToken ?? newToken()]
  redactor.register(verifier)
  const window = consent.window(url, settings, { redirectUri, state, challenge: hash('sha256', verifier, 'base64url') })
  await keepPending(
    context,
    { state, host: new URL(window).host, browserToken },
    {
      ...{ verifier, redirectUri, returnPath: returnPath(asked.returnTo), sessionId, crm, url },
      connectionId: 'connectionId' in target ? target.connectionId : null,
      authenticationId: 'connectionId' in target ? null : target.authenticationId,
    },
  )
  return { url: window, browserToken }
}

export interface ConsentReturn {
  /** In whose name the answer came in. */
  host: string
  /** What came back in the address. */
  parameters: URLSearchParams
  browserToken: string | null
}

export interface Consented {
  /** Where in the console the browser goes. */
  returnPath: string
  connectionId: string | null
  /** Null where it failed before it was known. */
  personId: string | null
  failure: unknown
}

/** The CRM has sent the browser back. Whatever comes of it, its state is used up; throws only where nothing was begun. */
export async function finishConsent(context: Context, came: ConsentReturn): Promise<Consented> {
  const states = came.parameters.getAll('state')
  const pending = await takePending(context, { ...came, state: states.length === 1 ? states[0]! : null })
  const { returnPath, connectionId, sessionId } = pending
  let personId: string | null = null
  try {
    personId = await personOfSession(context.pool, sessionId)
    await redeem(context, { pending, personId, parameters: came.parameters })
    return { returnPath, connectionId, personId, failure: null }
  } catch (failure) {
    if (personId !== null) await writeAct(context, context.pool, { pending, personId, failure })
    return { returnPath, connectionId, personId, failure }
  }
}

interface Coming {
  pending: Pending
  personId: string
}

async function redeem(context: Context, coming: Coming & { parameters: URLSearchParams }): Promise<void> {
  const { pending, personId, parameters } = coming
  const needed = neededForConsent(pending)
  if (!(await grantsOfPerson(context.pool, personId)).permissions.has(needed)) {
    throw new HubError('auth.denied', `This needs the permission ${needed}`)
  }
  const code = codeIn(parameters)
  const app = await appOf(context, targetOf(pending))
  const { verifier, redirectUri } = pending
  // A code is shown to the service alone whose window gave it.
  if (app.url !== pending.url || !redirectUri.endsWith(callbackPath(app))) throw changedMeanwhile()
  const given = await app.consent.redeem(openDoor(context.door), app.url, app, { code, verifier, redirectUri })
  const crmUser = app.connection ? await userOf(context, { ...app, connection: app.connection }, given) : null
  if (crmUser === null && given.refreshToken === null) throw doesNotLast()
  const askedAt = context.clock.monotonic()
  await inTransaction(context.pool, async (tx) => {
    // What the CRM was asked took its time: nothing is kept of a connection that was removed or changed meanwhile.
    if (app.connection) await needUnchanged(tx, app.connection)
    const holder = await holderOf(tx, pending, { personId, crmUser })
    await storeGiven(context, tx, { holder, given, askedAt })
    await writeAct(context, tx, { pending, personId, crmUser })
  })
}

const targetOf = ({ connectionId, authenticationId }: Pending): ConsentTarget =>
  connectionId !== null ? { connectionId } : { authenticationId: authenticationId! }

const changedMeanwhile = () =>
  new HubError('consent.over', 'The connection has been changed or removed meanwhile', { mend: 'Begin anew.' })

async function needUnchanged(tx: Transaction, before: Connection): Promise<void> {
  const { state, url, authenticationId, peopleAuthenticationId } = await lockConnection(tx, before.id)
  const isSame =
    url === before.url &&
    authenticationId === before.authenticationId &&
    peopleAuthenticationId === before.peopleAuthenticationId
  if (state === 'removed' || !isSame) throw changedMeanwhile()
}

const doesNotLast = () =>
  new HubError('consent.unfit', 'The CRM gave nothing by which the hub could stay signed in', {
    mend: 'Let the app ask for lasting access (offline_access, refresh_token), and sign in again.',
  })

const longestCode = 8_000

/** Throws consent.refused with what the CRM says. */
function codeIn(parameters: URLSearchParams): string {
  const codes = parameters.getAll('code')
  if (codes.length === 1 && codes[0] !== '' && codes[0]!.length <= longestCode && !parameters.has('error')) {
    redactor.register(codes[0]!)
    return codes[0]!
  }
  const said = redactor.clean(parameters.get('error_description') ?? '').slice(0, 600)
  const error = (parameters.get('error') ?? 'no code').slice(0, 100)
  const isDeclined = error === 'access_denied'
  throw new HubError(
    'consent.refused',
    isDeclined ? 'The CRM was told no' : `The CRM sent no consent: ${said || error}`,
    {
      mend: isDeclined
        ? 'Begin anew, and accept in the window of the CRM.'
        : 'Compare the app’s registration in the CRM.',
      vendorCode: error,
      vendorText: said,
    },
  )
}

/** Who signed in, by the CRM's own word; they must be of the organisation that is connected. */
async function userOf(context: Context, app: App & { connection: Connection }, token: ConsentToken): Promise<string> {
  const { connection, url, settings, secret } = app
  const connector = context.connectorOf(connection.crm)
  const session = probeSession(context, url, {
    ...{ connector, token, settings: { ...connection.settings }, authentication: { settings, secret } },
    // A token that is refused is never replaced by the service's own.
    obtain: () => Promise.reject(new HubError('authentication.rejected', `${url} refuses who signed in`)),
  })
  const { organisation, userId } = await connector.identify(session)
  if (canonicalSourceId(organisation) === connection.organisation) return userId
  throw new HubError(
    'connection.not_the_crm',
    `You signed in to another organisation than that of “${connection.name}”`,
    {
      mend: 'Sign out of the CRM, or choose the other account in its window.',
    },
  )
}

async function holderOf(
  tx: Transaction,
  { connectionId, authenticationId, crm, url }: Pending,
  { personId, crmUser }: { personId: string; crmUser: string | null },
): Promise<Holder & { id: string }> {
  if (connectionId === null) {
    await voidTokens(tx, authenticationId!)
    return { authenticationId: authenticationId!, crm, url, id: authenticationId! }
  }
  const id = await insertLinkedAccount(tx, { connectionId, personId, crmUser: crmUser ?? '' })
  return { connectionId, linkedAccountId: id, id }
}

async function storeGiven(
  context: Context,
  tx: Transaction,
  { holder, given, askedAt }: { holder: Holder & { id: string }; given: ConsentToken; askedAt: number },
): Promise<void> {
  const row = await loadTokenRow(tx, holder)
  const age = context.clock.monotonic() - askedAt
  const token = toStored(given, row.now - age, row.number + 1n)
  await storeToken(tx, context.keyring, row, { ...token, refreshToken: refreshOf(given) })
  await clearIssuerFault(tx, holder.id)
}

async function writeAct(
  { acts }: Context,
  db: Parameters<Context['acts']['append']>[0],
  done: Coming & { crmUser?: string | null; failure?: unknown },
): Promise<void> {
  const { pending, personId, crmUser, failure } = done
  const { connectionId, authenticationId, sessionId } = pending
  const user = crmUser ? { crmUser } : {}
  await acts.append(db, {
    ...{ actor: { kind: 'person', id: personId }, sessionId, outcome: failure === undefined ? 'done' : 'refused' },
    act: connectionId === null ? 'authentication.consent' : 'linked_account.link',
    subject:
      connectionId === null
        ? { kind: 'authentication', id: authenticationId! }
        : { kind: 'connection', id: connectionId },
    details: { ...user, ...(isHubError(failure) ? { code: failure.code, why: failure.message } : {}) },
  })
}
