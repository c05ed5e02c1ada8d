import type { CheckStep, Connector } from '#connectors/connector.ts'
import type { OwnSettings } from '#connectors/own-settings.ts'
import { HubError } from '#core/errors.ts'
import { canonicalSourceId, uuidv7 } from '#core/ids.ts'
import { inTransaction, type Transaction } from '#database/pool.ts'
import { listTables } from '#records/table.ts'
import { holdAuthentication } from './authentication-store.ts'
import { type CheckFindings, runCheck } from './check.ts'
import type { Connection, ConnectionSettings } from './connection.ts'
import { needPeoplesWindow } from './consent-app.ts'
import type { Context } from './context.ts'
import { type Credentials, credentialsOf, type GivenAuthentication, storeCredentials } from './credentials.ts'
import { describeTables, undescribed } from './describe-tables.ts'
import { needReadable } from './need-readable.ts'
import { findByOrganisation, insertConnection, moveConnection } from './store.ts'
import { refreshSource } from './table-settings.ts'
import { insertTable, type NewTable, requestReread, storeSource } from './table-store.ts'
import { loadTokenRow, storeToken, toStored } from './token-store.ts'

export interface ConnectInput {
  crm: string
  name?: string | undefined
  /** As people paste it. */
  url: string
  authentication: GivenAuthentication
  settings?: SettingsInput | undefined
}

/** Null takes a setting away. `definition` is for connectors whose connections say themselves what their API is like. */
export type SettingsInput = { [Key in 'defaultCountry' | 'timeZone' | 'apiVersion']?: string | null | undefined } & {
  keyFields?: boolean | null | undefined
  writesAsPerson?: boolean | null | undefined
  definition?: unknown
}

/** Checks everything, then stores authentication, connection and tables at once; throws what is wrong, storing nothing. */
export async function connect(
  context: Context,
  input: ConnectInput,
  onStep?: (step: CheckStep) => void,
): Promise<Connection> {
  const settings = checkSettings(input.settings ?? {})
  const connector = context.connectorOf(input.crm)
  if (settings.writesAsPerson) needPeoplesWindow(context, input.crm)
  const { credentials, findings, own } = await tryInput(context, input, onStep)
  if (own) needReadable(own, findings.unreadable)
  const wanted = own ? own.tables.map(undescribed) : connector.defaultTables
  const tables = await describeTables(context, connector, { wanted, findings })
  needPeople(connector, tables, findings)
  const organisation = canonicalSourceId(findings.organisation)
  return await inTransaction(context.pool, async (tx) => {
    if (credentials.id !== null) await holdAuthentication(tx, credentials.id)
    const authenticationId =
      credentials.id ?? (await storeCredentials(tx, context, { connector, credentials, findings }))
    const made = await insertConnection(tx, {
      id: uuidv7(),
      name: input.name?.trim() || new URL(findings.url).hostname,
      crm: connector.manifest.crm,
      organisation,
      url: findings.url,
      authenticationId,
      settings: { ...settings, ...own?.settings, userId: findings.userId },
    })
    if (!made) throw await alreadyThere(tx, connector, organisation)
    await storeTables(tx, made.id, { tables, now: new Date(context.clock.now()).toISOString() })
    if (credentials.id === null) await storeFirstToken(tx, context, { connectionId: made.id, findings })
    return (await moveConnection(tx, made.id, 'active'))!
  })
}

/** The checks of a connection that is not there yet. */
export async function tryInput(
  context: Context,
  input: ConnectInput,
  onStep?: (step: CheckStep) => void,
): Promise<{ credentials: Credentials; findings: CheckFindings; own: OwnSettings | null }> {
  const connector = context.connectorOf(input.crm)
  const own = connector.readSettings?.(input.url, { definition: input.settings?.definition }) ?? null
  const place = { connector, url: input.url, authentication: own?.authentication }
  const credentials = await credentialsOf(context, input.authentication, place)
  if (own && credentials.id === null) Object.assign(credentials.settings, own.authentication)
  const copied = connector.defaultTables.filter((table) => table.enabledByDefault)
  const tables = (own?.tables ?? copied).map(({ table }) => table)
  const settings = { ...checkSettings(input.settings ?? {}), ...own?.settings }
  const obtain = credentials.obtain ? { obtain: credentials.obtain } : {}
  const target = { connector, url: input.url, authentication: credentials, tables, settings, ...obtain }
  return { credentials, findings: await runCheck(context, target, onStep), own }
}

/** Throws input.invalid; a setting that is null or absent is left out. */
export function checkSettings(given: SettingsInput): ConnectionSettings {
  const settings: ConnectionSettings = {}
  if (given.defaultCountry) {
    if (!/^[A-Z]{2}$/.test(given.defaultCountry)) {
      throw new HubError('input.invalid', `“${given.defaultCountry.slice(0, 20)}” is no country code`, {
        field: 'defaultCountry',
        mend: 'Give two capital letters, such as BE.',
      })
    }
    settings.defaultCountry = given.defaultCountry
  }
  if (given.timeZone) settings.timeZone = checkTimeZone(given.timeZone)
  if (given.apiVersion) settings.apiVersion = checkApiVersion(given.apiVersion)
  if (given.keyFields) settings.keyFields = true
  if (given.writesAsPerson) settings.writesAsPerson = true
  return settings
}

function checkApiVersion(text: string): string {
  const version = /^v?(\d{2,3})(?:\.0)?$/.exec(text.trim())?.[1]
  if (version) return `${version}.0`
  throw new HubError('input.invalid', `“${text.slice(0, 20)}” is no version of an API`, {
    field: 'apiVersion',
    mend: 'Give a version such as 60.0.',
  })
}

function checkTimeZone(name: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return name
  } catch {
    throw new HubError('input.invalid', `“${name.slice(0, 50)}” is no time zone`, {
      field: 'timeZone',
      mend: 'Give a name such as Europe/Brussels.',
    })
  }
}

/** A connection that can read neither accounts nor contacts is of no use. */
function needPeople(connector: Connector, tables: NewTable[], findings: CheckFindings): void {
  const wanted = connector.defaultTables.filter(({ entity }) => entity === 'account' || entity === 'contact')
  const names = new Set(wanted.map(({ entity }) => entity))
  if (names.size === 0 || tables.some((table) => table.enabled && names.has(table.entity))) return
  const refusal = findings.unreadable[0]
  throw new HubError(
    'crm.privilege_missing',
    refusal?.message ?? `${findings.url} shows neither accounts nor contacts`,
    {
      mend: refusal?.mend ?? 'Give the application user a security role that may read accounts and contacts.',
    },
  )
}

/** The token that the check was made with serves on. */
async function storeFirstToken(
  tx: Transaction,
  context: Context,
  given: { connectionId: string; findings: CheckFindings },
): Promise<void> {
  const row = await loadTokenRow(tx, { connectionId: given.connectionId })
  const age = context.clock.monotonic() - given.findings.tokenAskedAt
  const token = toStored(given.findings.token, row.now - age, row.number + 1n)
  await storeToken(tx, context.keyring, row, token)
}

/** New tables, and those that a removed connection left: they keep their settings and are read again as a whole. */
async function storeTables(
  tx: Transaction,
  connectionId: string,
  given: { tables: NewTable[]; now: string },
): Promise<void> {
  const { tables, now } = given
  const left = new Map((await listTables(tx, connectionId)).map((table) => [table.entity, table]))
  for (const table of tables) {
    const old = left.get(table.entity)
    if (!old) {
      await insertTable(tx, connectionId, table)
      continue
    }
    await storeSource(tx, old.id, refreshSource(old, table.source, now))
  }
  for (const old of left.values()) await requestReread(tx, old.id)
}

async function alreadyThere(tx: Transaction, connector: Connector, organisation: string): Promise<HubError> {
  const there = await findByOrganisation(tx, connector.manifest.crm, organisation)
  const name = there ? `“${there.name}” (${there.url})` : 'another connection'
  return new HubError('connection.exists', `This organisation is connected already, as ${name}`, {
    mend: 'Use that connection; replace its secret, or remove it first.',
    ...(there ? { connectionId: there.id } : {}),
  })
}
