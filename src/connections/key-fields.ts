import type { CrmSession } from '#connectors/call.ts'
import type { ErrorCode } from '#core/errors.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import type { Context } from './context.ts'
import { changeSettings } from './manage.ts'
import { describeFault } from './problem.ts'
import { findConnection } from './store.ts'
import { refreshMetadata } from './tables.ts'

type Sessions = (connectionId: string) => Promise<CrmSession>

/** How the field for keys stands in the tables that are copied and could be written. */
export interface KeyFields {
  /** False where the CRM takes ids from the hub: a create is its own key there. */
  isNeeded: boolean
  isConsented: boolean
  tables: {
    entity: string
    /** `hidden`: made, and the hub's user may not read and edit it. `missing`: creates go without a key. */
    state: 'there' | 'hidden' | 'missing'
    problem: { code: ErrorCode; message: string; mend?: string } | null
  }[]
}

/** As the tables were described last. */
export async function keyFields(context: Context, connectionId: string): Promise<KeyFields> {
  const { crm, settings } = await findConnection(context.pool, connectionId)
  const isNeeded = context.connectorOf(crm).makeKeyField !== undefined
  const tables = isNeeded ? await writtenTables(context, connectionId) : []
  return {
    isNeeded,
    isConsented: settings.keyFields === true,
    tables: tables.map(({ entity, source }) => ({
      entity,
      state: source.keyField ? 'there' : 'missing',
      problem: null,
    })),
  }
}

/** Gives the consent, or gives it once more: tries each table for itself, and looks again at those that had it. */
export async function consentToKeyFields(
  context: Context,
  sessions: Sessions,
  connectionId: string,
): Promise<KeyFields> {
  const { isNeeded } = await keyFields(context, connectionId)
  if (!isNeeded) throw new HubError('input.invalid', 'This CRM takes ids from the hub: its creates need no other key')
  // Before anything is consented to: a connection that is paused makes nothing.
  await sessions(connectionId)
  await changeSettings(context, connectionId, { settings: { keyFields: true } })
  const problems = new Map<string, KeyFields['tables'][number]['problem']>()
  for (const table of await writtenTables(context, connectionId)) {
    try {
      await makeIn(context, sessions, table)
      problems.set(table.entity, null)
    } catch (error) {
      if (!isHubError(error)) throw error
      problems.set(table.entity, describeFault(error))
    }
  }
  const { tables, ...rest } = await keyFields(context, connectionId)
  const told = tables.map((table): KeyFields['tables'][number] => {
    const problem = problems.get(table.entity) ?? null
    // Nothing was refused, and still it is not to be seen.
    return { ...table, problem, state: table.state === 'missing' && problem === null ? 'hidden' : table.state }
  })
  return { ...rest, tables: told }
}

/**
 * Makes the field that creates write their key into, in every table that is copied and lacks it: only with the
 * organisation's consent, which stands in the connection's settings.
 */
export async function makeKeyFields(context: Context, sessions: Sessions, connectionId: string): Promise<void> {
  const connection = await findConnection(context.pool, connectionId)
  if (!context.connectorOf(connection.crm).makeKeyField || connection.settings.keyFields !== true) return
  for (const table of await writtenTables(context, connectionId)) {
    if (!table.source.keyField) await makeIn(context, sessions, table)
  }
}

async function writtenTables({ pool }: Context, connectionId: string): Promise<SyncedTable[]> {
  const tables = await listTables(pool, connectionId)
  return tables.filter(({ enabled, source }) => enabled && source.fields.some(({ creatable }) => creatable))
}

async function makeIn(context: Context, sessions: Sessions, table: SyncedTable): Promise<void> {
  const { connectionId, entity, source, crm } = table
  // What has it keeps it.
  await context.connectorOf(crm).makeKeyField!(await sessions(connectionId), source)
  await refreshMetadata(context, sessions, connectionId, entity)
}

/** The same where nobody waits for it: what is refused is told in the log, and creates go without a key. */
export async function tryKeyFields(...given: Parameters<typeof makeKeyFields>): Promise<void> {
  await makeKeyFields(...given).catch((error: unknown) => {
    if (!isHubError(error)) throw error
    given[0].log.warn('no field for keys was made', { connectionId: given[2], error })
  })
}
