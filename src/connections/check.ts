import type { CrmSession } from '#connectors/call.ts'
import type { AccessToken, AuthenticationInput, CheckName, CheckStep, Connector } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { Context } from './context.ts'
import { openDoor } from './context.ts'
import { describeFault } from './problem.ts'
import { createSession } from './session.ts'

export interface CheckTarget {
  connector: Connector
  /** As a person typed it. */
  url: string
  authentication: AuthenticationInput
  /** The CRM's names of the tables that should be readable. */
  tables: readonly string[]
  /** The connection's own. */
  settings: Readonly<Record<string, unknown>>
  /** The organisation that is expected at this address. */
  organisation?: string
  /** Where the token is had otherwise than by the secret. */
  obtain?: () => Promise<AccessToken>
}

/** What a check found out on its way. */
export interface CheckFindings {
  url: string
  /** The given settings with what the organisation itself told. */
  settings: Record<string, string>
  token: AccessToken
  /** By the monotonic clock, before the token was asked for. */
  tokenAskedAt: number
  organisation: string
  userId: string
  session: CrmSession
  /** The steps of tables that may not be read. */
  unreadable: CheckStep[]
}

// A check is looked at by a person who waits for it.
const probeMs = 15_000
const serviceMend = 'Try again; if it stays so, look at the CRM’s own state of service.'

/**
 * Checks a connection from its address to its tables, one step each, in the order in which one fault hides the next.
 * A failing step is yielded and then thrown as the error that names it; only tables that may not be read do not end it.
 */
async function* checkSteps(context: Context, target: CheckTarget): AsyncGenerator<CheckStep, CheckFindings> {
  const found = yield* checkAddress(context, target)
  const authentication = { settings: found.settings, secret: target.authentication.secret }
  const tokenAskedAt = context.clock.monotonic()
  const token = yield* checkToken(context, target, { ...found, authentication })
  const session = probeSession(context, found.url, { ...target, token, authentication })
  const identity = yield* checkUser(target, session, found)
  const unreadable = yield* checkTables(target, session)
  return { url: found.url, settings: found.settings, token, tokenAskedAt, ...identity, session, unreadable }
}

interface Address {
  url: string
  settings: Record<string, string>
  /** The organisation did not introduce itself as this CRM's do; it may still be one behind a gateway. */
  doubt: HubError | null
}

async function* checkAddress(context: Context, target: CheckTarget): AsyncGenerator<CheckStep, Address> {
  const url = yield* step('address', () => target.connector.normaliseUrl(target.url))
  const { host, protocol } = new URL(url)
  const reached = await settle(() => probe(context, url))
  if ('error' in reached) {
    const failing = networkCheck(reached.error)
    if (failing !== 'address') yield passed('address', `${url} is a well-formed address`)
    if (failing === 'tls') yield passed('dns', `${host} has an address`)
    yield failed(failing, reached.error)
    throw reached.error
  }
  const given = nonEmpty(target.authentication.settings)
  const told = await settle(() => target.connector.discover(openDoor(context.door), url, given))
  if ('error' in told && (given.tenant === undefined || !isHubError(told.error, 'connection.not_the_crm'))) {
    yield failed('address', told.error)
    throw told.error
  }
  const doubt = 'error' in told && isHubError(told.error) ? told.error : null
  const unnamed = doubt !== null || target.connector.readSettings !== undefined
  yield passed(
    'address',
    unnamed ? `${url} answers` : `${url} is an organisation of ${target.connector.manifest.title}`,
  )
  yield passed('dns', `${host} has an address`)
  yield passed('tls', protocol === 'https:' ? `The certificate of ${host} is trusted` : 'Allowed without encryption')
  return { url, settings: { ...('value' in told ? told.value : {}), ...given }, doubt }
}

/** Any answer at all proves name and certificate; the organisation's front page redirects to a sign-in elsewhere. */
async function probe(context: Context, url: string): Promise<void> {
  try {
    await context.door.call(`${url}/`, { deadlineMs: probeMs, retry: 'never', maxBytes: 4 * 1024 * 1024 })
  } catch (error) {
    if (isHubError(error, 'crm.foreign_link', 'crm.body_too_large', 'crm.body_invalid')) return
    throw withMend(error, 'Check the address, and that this machine may reach it (firewall, proxy).')
  }
}

function networkCheck(error: unknown): CheckName {
  if (isHubError(error, 'crm.dns')) return 'dns'
  return isHubError(error, 'crm.tls') ? 'tls' : 'address'
}

const tokenChecks = ['tenant', 'client', 'secret', 'consent'] as const

async function* checkToken(
  context: Context,
  target: CheckTarget,
  given: Address & { authentication: AuthenticationInput },
): AsyncGenerator<CheckStep, AccessToken> {
  const { connector } = target
  const asked = await settle(
    target.obtain ?? (() => connector.requestToken(openDoor(context.door), given.url, given.authentication)),
  )
  if ('error' in asked) {
    const failing = tokenCheckOf(asked.error)
    const error = withMend(asked.error, 'Check the authority, and that this machine may reach it (firewall, proxy).')
    // With an address that may be no CRM at all, an issuer that knows no such resource says little.
    if (given.doubt && isHubError(asked.error, 'authentication.rejected', 'authentication.consent_missing')) {
      yield failed('address', given.doubt)
      throw given.doubt
    }
    const made = tokenChecks.slice(0, tokenChecks.indexOf(failing))
    if (isByClient(given)) for (const check of made) yield passed(check, tokenTexts[check])
    yield failed(failing, error)
    throw error
  }
  if (isByClient(given)) for (const check of tokenChecks) yield passed(check, tokenTexts[check])
  return asked.value
}

/** What is given once and for all is proved by the first call that carries it. */
const isByClient = ({ authentication: { settings } }: { authentication: AuthenticationInput }) =>
  settings.kind === undefined || settings.kind === 'client_credentials'

const tokenTexts = {
  tenant: 'The sign-in service knows the organisation',
  client: 'The application is registered there',
  secret: 'The secret is right',
  consent: 'The application may sign in to this organisation',
}

/** The issuer answers for four checks in one go: which of them it refused. */
function tokenCheckOf(error: unknown): (typeof tokenChecks)[number] {
  if (!isHubError(error)) return 'tenant'
  switch (error.code) {
    case 'authentication.client_unknown':
      return 'client'
    case 'authentication.secret_wrong':
    case 'authentication.secret_expired':
      return 'secret'
    case 'authentication.app_blocked':
    case 'authentication.consent_missing':
    case 'authentication.rejected':
      return 'consent'
    default:
      if (error.detail.field === 'clientId' || error.detail.field === 'user') return 'client'
      return error.detail.field === 'secret' || error.detail.field === 'clientSecret' ? 'secret' : 'tenant'
  }
}

async function* checkUser(
  target: CheckTarget,
  session: CrmSession,
  address: Address,
): AsyncGenerator<CheckStep, { organisation: string; userId: string }> {
  const found = await settle(() => target.connector.identify(session))
  if ('error' in found) {
    const doubted = address.doubt && isHubError(found.error, 'authentication.rejected')
    const error = doubted ? address.doubt : withMend(found.error, serviceMend)
    yield failed(isHubError(error, 'connection.not_the_crm') ? 'address' : 'user', error)
    throw error
  }
  if (target.organisation !== undefined && found.value.organisation !== target.organisation) {
    const error = new HubError('connection.not_the_crm', `${address.url} now leads to another organisation`, {
      mend: 'Connect the other organisation as a connection of its own.',
    })
    yield failed('address', error)
    throw error
  }
  yield passed('user', `The hub is user ${found.value.userId} of organisation ${found.value.organisation}`)
  return found.value
}

/** Answers the steps of tables that may not be read. */
async function* checkTables(target: CheckTarget, session: CrmSession): AsyncGenerator<CheckStep, CheckStep[]> {
  const unreadable: CheckStep[] = []
  try {
    for await (const step of target.connector.checkTables(session, target.tables)) {
      if (!step.ok) unreadable.push(step)
      yield step
    }
  } catch (thrown) {
    const error = withMend(thrown, serviceMend)
    yield failed('table', error)
    throw error
  }
  return unreadable
}

/** A session without shared quota or stored token, for an organisation that is not connected yet. */
export function probeSession(
  context: Context,
  url: string,
  given: Pick<CheckTarget, 'connector' | 'authentication' | 'settings' | 'obtain'> & { token: AccessToken },
): CrmSession {
  const { connector, authentication } = given
  const obtain = given.obtain ?? (() => connector.requestToken(openDoor(context.door), url, authentication))
  let token = given.token
  return createSession({
    url,
    settings: given.settings,
    ...(connector.authorise ? { authorise: connector.authorise } : {}),
    door: context.door,
    clock: context.clock,
    enter: async () => () => undefined,
    token: async () => token,
    refusesAll: (reply) => connector.refusesAll?.(reply) ?? null,
    async nextToken() {
      token = await obtain()
      return token
    },
  })
}

/** Runs the steps to their end; `onStep` is told of each as it is made. */
export async function runCheck(
  context: Context,
  target: CheckTarget,
  onStep?: (step: CheckStep) => void,
): Promise<CheckFindings> {
  const steps = checkSteps(context, target)
  for (;;) {
    const next = await steps.next()
    if (next.done) return next.value
    onStep?.(next.value)
  }
}

async function* step<T>(check: CheckName, act: () => T): AsyncGenerator<CheckStep, T> {
  const outcome = await settle(async () => act())
  if ('value' in outcome) return outcome.value
  yield failed(check, outcome.error)
  throw outcome.error
}

function passed(check: CheckName, message: string): CheckStep {
  return { check, ok: true, message }
}

function failed(check: CheckName, error: unknown): CheckStep {
  if (!isHubError(error)) return { check, ok: false, message: 'An unexpected fault; the log has it' }
  const { message, mend } = describeFault(error)
  return { check, ok: false, message, ...(mend === undefined ? {} : { mend }) }
}

/** Faults of the network come without a word on what to do. */
function withMend(error: unknown, mend: string): unknown {
  if (!(error instanceof HubError) || error.detail.mend !== undefined) return error
  return new HubError(error.code, error.message, { ...error.detail, mend, cause: error.cause })
}

async function settle<T>(act: () => T | Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await act() }
  } catch (error) {
    return { error }
  }
}

function nonEmpty(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value.trim() !== ''))
}
