import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { TableScope, Write, WriteOutcome } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { SourceTable } from '#model/field.ts'
import { type Item, type Part, readChangeSet, writeBatch } from './batch.ts'
import { apiPath, askJson, protocolHeaders } from './client.ts'
import { isActivity } from './parties.ts'
import { stateOfRow } from './wire.ts'
import { outcomeOf, requestOf } from './write.ts'

/** One write of one record, on an id that the hub chose; exactly one attempt. */
export async function write(session: CrmSession, { table }: TableScope, change: Write): Promise<WriteOutcome> {
  const item = await itemOf(session, table, change)
  return outcomeOf(await send(session, item), table, change)
}

async function send(session: CrmSession, item: Item): Promise<CrmReply> {
  const [{ path, ...request }, ...others] = item as [Part, ...Part[]]
  const once = { lane: 'person', retry: 'never' } as const
  if (others.length === 0) return session.call(path, { ...request, ...once })
  const { contentType, body } = writeBatch([item], session.url)
  const headers = { ...protocolHeaders, 'content-type': contentType }
  return readChangeSet(await session.call(`${apiPath}/$batch`, { method: 'POST', body, headers, ...once }), item)
}

/** What makes this write; an activity may have to be asked for its state first. */
export async function itemOf(session: CrmSession, table: SourceTable, change: Write): Promise<Item> {
  return closes(table, change) ? closingItem(session, table, change) : [requestOf(table, change)]
}

/** Completed and canceled, of every kind of activity; what else it says cannot be changed then. */
const closedStates: readonly unknown[] = [1, 2]

const closes = (table: SourceTable, { operation, fields }: Write) =>
  operation !== 'delete' && isActivity(table) && closedStates.includes(fields.statecode)

/** An activity is made open; one that is closed is opened, changed and closed again: nobody ever sees it half done. */
async function closingItem(session: CrmSession, table: SourceTable, change: Write): Promise<Item> {
  const { statecode, statuscode, ...rest } = change.fields
  const state = statuscode === undefined ? { statecode } : { statecode, statuscode }
  const asksMore = change.operation === 'create' || Object.keys(rest).length > 0
  const reopens = change.operation === 'update' && asksMore && (await isClosed(session, table, change))
  const steps = [...(reopens ? [openStates[table.name] ?? open] : []), ...(asksMore ? [rest] : []), state]
  // The first is bound to what was read; all others follow it within the same change set.
  return steps.map((fields, at) =>
    requestOf(table, at === 0 ? { ...change, fields } : { operation: 'update', sourceId: change.sourceId, fields }),
  )
}

// A state without one of its statuses is not taken by every kind of activity.
const open = { statecode: 0, statuscode: 1 }
const openStates: Record<string, Record<string, number>> = { task: { statecode: 0, statuscode: 2 } }

/** What makes an activity completed, by its usual statuses; of those that an organisation made itself it is the second. */
export function completed(table: SourceTable, { outgoing }: { outgoing: boolean }): Record<string, unknown> | null {
  const statuses: Record<string, number> = { phonecall: outgoing ? 2 : 4, task: 5, appointment: 3 }
  const fields = { statecode: 1, statuscode: statuses[table.name] ?? 2 }
  const isThere = ([name, value]: [string, number]) =>
    table.fields.some(
      (one) =>
        one.name === name && one.creatable && one.updatable && one.options?.some((option) => option.value === value),
    )
  return isActivity(table) && Object.entries(fields).every(isThere) ? fields : null
}

async function isClosed(session: CrmSession, table: SourceTable, { sourceId, before }: Write): Promise<boolean> {
  // The write is bound to the version that was read: were it otherwise by now, it is refused.
  if (typeof before?.statecode === 'number') return closedStates.includes(before.statecode)
  const path = `${apiPath}/${table.setName}(${sourceId.toLowerCase()})?$select=statecode`
  try {
    const asked = { what: `the state of an activity of ${table.name}`, lane: 'person' } as const
    return closedStates.includes((await askJson(session, path, asked, stateOfRow)).statecode)
  } catch (error) {
    if (!isHubError(error)) throw error
    // That it is gone is for the write itself to find.
    if (error.detail.vendorStatus === 404) return false
    throw new HubError(error.code, error.message, { ...error.detail, sent: false, cause: error })
  }
}
