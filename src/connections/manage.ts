import { HubError } from '#core/errors.ts'
import { inTransaction } from '#database/pool.ts'
import { holdAuthentication, lockAuthentication, wipeSecrets, wipeUnused } from './authentication-store.ts'
import { checkSettings, type SettingsInput } from './connect.ts'
import type { Connection } from './connection.ts'
import { needPeoplesWindow } from './consent-app.ts'
import type { Context } from './context.ts'
import type { Gate } from './gate.ts'
import { needKnownPlace } from './kept-secret.ts'
import {
  changeConnection,
  findAuthentication,
  findConnection,
  lockConnection,
  moveConnection,
  resumeConnection,
  storePeoplesApp,
} from './store.ts'
import { unsubscribe } from './subscribe.ts'
import { bumpRules } from './table-store.ts'

export async function pause(context: Context, gate: Gate, connectionId: string): Promise<Connection> {
  const paused = await moveConnection(context.pool, connectionId, 'paused')
  gate.forget(connectionId)
  return paused ?? (await unlessAlready(context, connectionId, ['paused']))
}

export async function resume(context: Context, gate: Gate, connectionId: string): Promise<Connection> {
  const resumed = await resumeConnection(context.pool, connectionId)
  gate.forget(connectionId)
  return resumed ?? (await unlessAlready(context, connectionId, ['active', 'needs_attention']))
}

/** Asking again for what is so already is no fault. */
async function unlessAlready(
  context: Context,
  connectionId: string,
  wanted: readonly Connection['state'][],
): Promise<Connection> {
  const connection = await findConnection(context.pool, connectionId)
  if (wanted.includes(connection.state)) return connection
  throw new HubError('connection.not_ready', `The connection “${connection.name}” is ${connection.state}`, {
    connectionId,
  })
}

export async function remove(context: Context, gate: Gate, connectionId: string): Promise<Connection> {
  const connection = await findConnection(context.pool, connectionId)
  if (connection.state === 'removed') return connection
  if (connection.webhook) await unsubscribe(context, gate.unguarded(connection), connection)
  const removed = await inTransaction(context.pool, async (tx) => {
    await lockAuthentication(tx, connection.authenticationId)
    const moved = await moveConnection(tx, connectionId, 'removed')
    if (moved) await wipeSecrets(tx, moved)
    return moved
  })
  gate.forget(connectionId)
  return removed ?? (await findConnection(context.pool, connectionId))
}

/** What may be changed of a connection that stands. */
export interface ConnectionChange {
  name?: string | undefined
  settings?: SettingsInput | undefined
  /** By which people sign in to the CRM; null: the connection's own. */
  peopleAuthenticationId?: string | null | undefined
}

export async function changeSettings(
  context: Context,
  connectionId: string,
  change: ConnectionChange,
): Promise<Connection> {
  const given = change.settings ?? {}
  const settings = { ...checkSettings(given), ...takenAway(given) }
  const name = change.name?.trim()
  if (name === '') throw new HubError('input.invalid', 'A connection needs a name', { field: 'name' })
  const people = change.peopleAuthenticationId
  if (people) await needPeoplesApp(context, connectionId, people)
  return await inTransaction(context.pool, async (tx) => {
    const before = await lockConnection(tx, connectionId)
    if (settings.writesAsPerson) needPeoplesWindow(context, before.crm)
    if (people) await holdAuthentication(tx, people)
    if (people !== undefined) await storePeoplesApp(tx, before, people)
    if (people !== undefined && before.peopleAuthenticationId !== null) {
      await wipeUnused(tx, before.peopleAuthenticationId)
    }
    const changed = await changeConnection(tx, connectionId, { name: name ?? before.name, settings })
    if (!changed) throw new HubError('connection.not_found', `There is no connection ${connectionId}`)
    // Telephone numbers without a country are completed by the connection's own.
    if (changed.settings.defaultCountry !== before.settings.defaultCountry) await bumpRules(tx, connectionId)
    return changed
  })
}

/** Of this kind of CRM, and with a secret that may go where people will sign in. */
async function needPeoplesApp(context: Context, connectionId: string, authenticationId: string): Promise<void> {
  const { crm, url } = await findConnection(context.pool, connectionId)
  const kept = await findAuthentication(context.pool, authenticationId)
  await needKnownPlace(context, kept, { connector: context.connectorOf(crm), url, authentication: undefined })
}

function takenAway(given: SettingsInput): Record<string, null> {
  const names = (['defaultCountry', 'timeZone', 'apiVersion', 'keyFields', 'writesAsPerson'] as const).filter(
    (name) => given[name] === null || given[name] === false,
  )
  return Object.fromEntries(names.map((name) => [name, null]))
}
