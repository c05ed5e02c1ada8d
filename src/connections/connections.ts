import { createActs } from '#audit/append.ts'
import type { CrmSession } from '#connectors/call.ts'
import type { CheckStep } from '#connectors/connector.ts'
import type { HubError } from '#core/errors.ts'
import type { SyncedTable } from '#records/table.ts'
import { type Authentications, createAuthentications, showAuthentication } from './authentications.ts'
import { setDefinition } from './change-definition.ts'
import { type ConnectInput, checkSettings, connect, type SettingsInput, tryInput } from './connect.ts'
import type { Authentication, Connection, Webhook } from './connection.ts'
import { type Consents, createConsents } from './consents.ts'
import { type Context, openDoor } from './context.ts'
import { definitionOf, type Trial, type TrialInput, tryDefinition } from './definition.ts'
import { type CallCount, createGate, type Gate } from './gate.ts'
import { consentToKeyFields, type KeyFields, keyFields, makeKeyFields, tryKeyFields } from './key-fields.ts'
import { type ConnectionChange, changeSettings, pause, remove, resume } from './manage.ts'
import { checkConnection, recheck, replaceSecret } from './mend.ts'
import { claimCheck, isConnectionFault, isTokenFault, listDueChecks, noteOrganisationFault } from './problem.ts'
import { createPushes, type Pushes } from './push.ts'
import { endRenewal, type PushSecrets, pushSecrets, renewPushSecret } from './push-secret.ts'
import { type QuotaView, viewQuotas } from './quota-view.ts'
import { findConnection, listAuthentications, listConnections } from './store.ts'
import { ensureSubscription } from './subscribe.ts'
import type { Fitted, TableChange } from './table-settings.ts'
import { addTable, crmTables, defaultsOf, refreshMetadata, setTable } from './tables.ts'
import { listDueTokens } from './token-store.ts'

type OnStep = (step: CheckStep) => void

/** The links to CRMs, their credentials, and what is copied over them. */
export interface Connections {
  /** Checks everything, stores and starts; throws what is wrong and stores nothing then. */
  connect(input: ConnectInput, onStep?: OnStep): Promise<Connection>
  /** The same checks, storing nothing. */
  tryOut(input: ConnectInput, onStep?: OnStep): Promise<void>
  /** Settings that the organisation at this address tells of itself, such as its tenant. */
  discover(
    crm: string,
    url: string,
    given?: Record<string, string>,
  ): Promise<{ url: string; settings: Record<string, string> }>
  /** Checks a connection as it stands, and its state follows; throws what fails, but for tables that may not be read. */
  check(connectionId: string, onStep?: OnStep): Promise<void>
  /** All that are not removed. */
  list(): Promise<Connection[]>
  /** Removed ones too; throws connection.not_found. */
  find(connectionId: string): Promise<Connection>
  listAuthentications(): Promise<Authentication[]>
  /** Throws resource.not_found, as for one whose secret is forgotten. */
  findAuthentication(authenticationId: string): Promise<Authentication>
  change(connectionId: string, change: ConnectionChange): Promise<Connection>
  pause(connectionId: string): Promise<Connection>
  resume(connectionId: string): Promise<Connection>
  /** Forgets the credentials and leaves the records. */
  remove(connectionId: string): Promise<Connection>
  authentications: Authentications
  /**
   * Tries the new secret first; stores it only when the issuer takes it, and mends the connections that use it: all of
   * them as they are now, and which of them it brought back.
   */
  replaceSecret(authenticationId: string, secret: string): Promise<{ connection: Connection; isMended: boolean }[]>
  setTable(connectionId: string, entity: string, change: TableChange): Promise<SyncedTable>
  /** The columns and mapping that the table would get if it were added now. */
  defaultsOf(table: SyncedTable): Fitted
  /** One more table, by the CRM's own name. */
  addTable(connectionId: string, table: string): Promise<SyncedTable>
  /** Reads the CRM's description again; columns that are gone are flagged and told. Throws filter.invalid. */
  refreshMetadata(
    connectionId: string,
    entity: string,
  ): Promise<{ table: SyncedTable; dropped: string[]; vanished: string[]; returned: string[] }>
  /** The field for the keys of creates, by table. */
  keyFields(connectionId: string): Promise<KeyFields>
  /** Makes it where it is missing, and looks again; what is refused is told by table. */
  consentToKeyFields(connectionId: string): Promise<KeyFields>
  /** Everything that the CRM has. */
  crmTables(connectionId: string): Promise<{ name: string; labels: Record<string, string> }[]>
  /**
   * Calls of this connection: the token, the shared quota and the door are behind it. Each call fails with
   * connection.not_ready once the connection is paused or removed, and at once with the kept problem while its
   * credentials are known to be refused.
   */
  session(connectionId: string): Promise<CrmSession>
  /** The same by the account there that a person linked; throws linked_account.needed too. */
  sessionAs(connectionId: string, personId: string): Promise<CrmSession>
  consents: Consents
  /** A connection-wide fault that a reader of answers met (crm.no_user …); other errors change nothing. */
  noteFault(connectionId: string, error: unknown): Promise<void>
  ensureSubscription(connectionId: string, publicUrl: string): Promise<Webhook | null>
  pushes: Pushes
  /** Null while no push is registered; throws connection.not_found. */
  webhookSecret(connectionId: string): Promise<string | null>
  /** What a push may prove: also another than the current one while it is renewed. */
  pushSecrets(connectionId: string): Promise<PushSecrets>
  /** A push has proven the secret that was handed to the CRM last: so the CRM has taken it. */
  nextSecretProven(connectionId: string): Promise<void>
  /** Reads a page by a definition that is not stored, and shows what its records would become. */
  tryDefinition(input: TrialInput): Promise<Trial>
  /** Throws input.invalid for a connection that has none. */
  definition(connectionId: string): Promise<Record<string, unknown>>
  /** Another definition for a connection: tried first, then kept; tables follow. Throws what is wrong, changing nothing. */
  setDefinition(connectionId: string, definition: Record<string, unknown>): Promise<Record<string, unknown>>
  /** A new secret that pushes must prove, to be entered in the CRM by hand. */
  renewPushSecret(connectionId: string, given?: string): Promise<string>
  /** One round of upkeep, to be called every few seconds by working processes: due re-checks and due renewals. */
  tend(): Promise<void>
  /** How much of the CRMs' quotas is used and who waits; of one connection, or of all. */
  quotas(connectionId?: string): Promise<QuotaView[]>
  /** Calls made by this process' sessions since it started, by lane and by status or error code. */
  vendorCalls(): CallCount[]
}

export function createConnections(parts: Omit<Context, 'acts'>): Connections {
  return connectionsOn({ ...parts, acts: createActs(parts.keyring) })
}

function connectionsOn(context: Context): Connections {
  const { pool } = context
  const gate = createGate(context)
  return {
    async connect(input, onStep) {
      const made = await connect(context, input, onStep)
      await tryKeyFields(context, gate.session, made.id)
      return made
    },
    async tryOut(input, onStep) {
      await tryInput(context, input, onStep)
    },
    discover: (crm, text, given) => discover(context, crm, text, given),
    async check(connectionId, onStep) {
      gate.forget(connectionId)
      await checkConnection(context, connectionId, onStep)
    },
    list: () => listConnections(pool),
    find: (connectionId) => findConnection(pool, connectionId),
    listAuthentications: () => listAuthentications(pool),
    findAuthentication: (authenticationId) => showAuthentication(pool, authenticationId),
    change: (connectionId, change) => changeIt(context, gate, { connectionId, change }),
    pause: (connectionId) => pause(context, gate, connectionId),
    resume: (connectionId) => resume(context, gate, connectionId),
    remove: (connectionId) => remove(context, gate, connectionId),
    authentications: createAuthentications(context),
    replaceSecret: (authenticationId, secret) => mendWithSecret(context, gate, { authenticationId, secret }),
    async setTable(connectionId, entity, change) {
      const table = await setTable(context, gate.session, { connectionId, entity, change })
      if (change.enabled) await tryKeyFields(context, gate.session, connectionId)
      return table
    },
    defaultsOf: (table) => defaultsOf(context, table),
    async addTable(connectionId, name) {
      const table = await addTable(context, gate.session, connectionId, name)
      await tryKeyFields(context, gate.session, connectionId)
      return table
    },
    refreshMetadata: (connectionId, entity) => refreshMetadata(context, gate.session, connectionId, entity),
    keyFields: (connectionId) => keyFields(context, connectionId),
    consentToKeyFields: (connectionId) => consentToKeyFields(context, gate.session, connectionId),
    crmTables: (connectionId) => crmTables(context, gate.session, connectionId),
    session: gate.session,
    sessionAs: gate.sessionAs,
    consents: createConsents(context),
    noteFault: (connectionId, error) => noteFault(context, connectionId, error),
    ensureSubscription: (connectionId, publicUrl) => ensureSubscription(context, gate.session, connectionId, publicUrl),
    pushes: createPushes(context, gate.session),
    ...secretsOfPushes(context),
    tryDefinition: (input) => tryDefinition(context, input),
    definition: (connectionId) => definitionOf(context, connectionId),
    setDefinition: (connectionId, given) => setDefinition(context, gate, connectionId, given),
    tend: () => tend(context, gate),
    quotas: (connectionId) => viewQuotas(pool, context.connectorOf, connectionId),
    vendorCalls: gate.calls,
  }
}

type OfPushes = 'webhookSecret' | 'pushSecrets' | 'nextSecretProven' | 'renewPushSecret'

const secretsOfPushes = (context: Context): Pick<Connections, OfPushes> => ({
  webhookSecret: async (connectionId) => (await pushSecrets(context, connectionId)).current,
  pushSecrets: (connectionId) => pushSecrets(context, connectionId),
  nextSecretProven: (connectionId) => endRenewal(context, connectionId, null),
  renewPushSecret: (connectionId, given) => renewPushSecret(context, connectionId, given),
})

async function changeIt(
  context: Context,
  gate: Gate,
  { connectionId, change }: { connectionId: string; change: ConnectionChange },
): Promise<Connection> {
  if (change.settings?.apiVersion) await tryVersion(context, gate, connectionId, change.settings)
  const changed = await changeSettings(context, connectionId, change)
  if (change.settings?.keyFields) await makeKeyFields(context, gate.session, connectionId)
  return changed
}

/** A version that the CRM does not speak would fail every call. Throws input.invalid. */
async function tryVersion(context: Context, gate: Gate, connectionId: string, given: SettingsInput): Promise<void> {
  const connection = await findConnection(context.pool, connectionId)
  const settings = { ...connection.settings, ...checkSettings(given) }
  if (settings.apiVersion === connection.settings.apiVersion) return
  await context.connectorOf(connection.crm).identify(gate.unguarded({ ...connection, settings }))
}

async function noteFault({ pool }: Context, connectionId: string, error: unknown): Promise<void> {
  // Refused tokens are noted where they are refused.
  if (isConnectionFault(error) && !isTokenFault(error.code)) await noteOrganisationFault(pool, connectionId, error)
}

async function mendWithSecret(context: Context, gate: Gate, given: { authenticationId: string; secret: string }) {
  const users = []
  for (const { id, state } of await replaceSecret(context, given.authenticationId, given.secret)) {
    gate.forget(id)
    const connection = await findConnection(context.pool, id)
    if (connection.state === 'needs_attention') await mend(context, gate.unguarded(connection), connection)
    const now = await findConnection(context.pool, id)
    users.push({ connection: now, isMended: state === 'needs_attention' && now.state === 'active' })
  }
  return users
}

async function discover(context: Context, crm: string, text: string, given?: Record<string, string>) {
  const connector = context.connectorOf(crm)
  const url = connector.normaliseUrl(text)
  return { url, settings: await connector.discover(openDoor(context.door), url, given) }
}

async function tend(context: Context, gate: ReturnType<typeof createGate>): Promise<void> {
  for (const id of await listDueChecks(context.pool)) {
    if (!(await claimCheck(context.pool, id))) continue
    const connection = await findConnection(context.pool, id)
    await mend(context, gate.unguarded(connection), connection)
  }
  for (const id of await listDueTokens(context.pool)) {
    await gate.tokens.keepFresh({ connectionId: id })
  }
}

/** A re-check that fails is noted at the connection; nobody waits for its outcome. */
async function mend(context: Context, session: CrmSession, connection: Connection): Promise<void> {
  await recheck(context, session, connection).catch((error: HubError) => {
    context.log.warn('the connection still needs attention', { connectionId: connection.id, error })
  })
}
