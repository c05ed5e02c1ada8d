import { HubError, isHubError } from '#core/errors.ts'
import { canonicalSourceId } from '#core/ids.ts'
import type { OutboxRow, WriteOperation } from '#outbox/write.ts'
import type { Principal } from '#people/principal.ts'
import { recordOwned } from '#records/owned.ts'
import type { SyncedTable } from '#records/table.ts'
import { idIn, isMasked, ownerRole, type TableView, unmasked, type View, writingView } from '#records/view.ts'
import type { Write } from './contract/writes.ts'
import type { Hub } from './hub.ts'
import { masksOf, type Seen, untold } from './seen.ts'
import * as shown from './shown.ts'

/** A write that somebody asks for, or decides about. */
interface Asked {
  connectionId: string
  entity: string
  /** Absent: the hub or the CRM chooses it. */
  sourceId?: string
  operation: WriteOperation
  /** By the model's names or the CRM's. */
  fields: Record<string, unknown>
}

/** Throws auth.denied where the sight of whoever asks does not reach so far. */
export async function refuseWrite(hub: Hub, principal: Principal, asked: Asked): Promise<void> {
  if (principal.sight.all) return
  const tables = await hub.finder.tables.all()
  const table = tables.find(
    ({ connectionId, entity }) => connectionId === asked.connectionId && entity === asked.entity,
  )
  // Whoever keeps the write says that there is no such table.
  if (!table) return
  const view = await writingView({ pool: hub.pool, tables: hub.finder.tables }, principal.sight)
  const seen = view.of(table)
  if (seen === null) return
  if (seen.writes === 'none') throw denied(`Your role does not let you write this: ${asked.entity}`)
  refuseMasked(asked.fields, table, seen)
  if (seen.writes === 'own') await refuseForeign(hub, asked, table, seen)
}

const denied = (message: string, field?: string) =>
  new HubError('auth.denied', message, {
    ...(field === undefined ? {} : { field }),
    mend: 'Whoever manages people can give you a role that reaches further.',
  })

function refuseMasked(fields: Record<string, unknown>, table: SyncedTable, seen: TableView): void {
  for (const field of Object.keys(fields)) {
    if (isHidden(field, table, seen)) {
      throw denied(`The field '${field.slice(0, 200)}' is masked for your role`, field)
    }
  }
}

const isHidden = (field: string, table: SyncedTable, seen: TableView) =>
  seen.maskedFields.has(field) || isMasked(seen.masked, columnOf(field, table))

const columnOf = (field: string, { mapping }: SyncedTable) =>
  Object.hasOwn(mapping.fields, field) ? mapping.fields[field]!.from : field

async function refuseForeign(hub: Hub, asked: Asked, table: SyncedTable, seen: TableView): Promise<void> {
  const { operation, sourceId, fields } = asked
  const isNew = operation === 'create' || (operation === 'upsert' && sourceId === undefined)
  if (isNew) {
    const owner = ownerIn(fields, table)
    if (owner === null || seen.owners.has(owner)) return
    throw denied('Your role lets you write what is your own: this would be another’s', 'owner')
  }
  const id = idIn(table, canonicalSourceId(sourceId ?? ''))
  if (await recordOwned(hub.pool, table, seen, id)) return
  throw denied('Your role lets you write what is your own: this record is not')
}

/** Which of these fields of a record somebody may change. */
export async function changeableAmong(
  hub: Hub,
  principal: Principal,
  record: { table: SyncedTable; sourceId: string },
  fields: readonly string[],
): Promise<string[]> {
  const { table, sourceId } = record
  const { connectionId, entity } = table
  try {
    await refuseWrite(hub, principal, { connectionId, entity, sourceId, operation: 'update', fields: {} })
  } catch (error) {
    if (isHubError(error) && error.code === 'auth.denied') return []
    throw error
  }
  if (principal.sight.all) return [...fields]
  const view = await writingView({ pool: hub.pool, tables: hub.finder.tables }, principal.sight)
  const seen = view.of(table)
  return fields.filter((field) => seen === null || !isHidden(field, table, seen))
}

/** Whom the fields make the owner; null: nobody. */
function ownerIn(fields: Record<string, unknown>, table: SyncedTable): string | null {
  const columns = table.mapping.relations.filter(({ role }) => role === ownerRole).map(({ from }) => from)
  const [, value] = Object.entries(fields).find(([field]) => columns.includes(columnOf(field, table))) ?? []
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : value
  return typeof id === 'string' ? id.toLowerCase() : null
}

/** The same for a write that is kept already: whoever decides about it may have asked for it. */
export function refuseDecision(hub: Hub, principal: Principal, row: OutboxRow): Promise<void> {
  const { connectionId, entity, sourceId, operation, fields } = row
  return refuseWrite(hub, principal, { connectionId, entity, sourceId, operation, fields })
}

/** A write as somebody may see it: without what is masked, and without the sentences that may quote it. */
export function shownWrite({ one, table }: Pick<Seen<OutboxRow>, 'one' | 'table'>, view: View): Write {
  const whole = shown.write(one)
  const masks = masksOf(view, table)
  if (!masks) return whole
  const { differences, unread: _unread, ...result } = whole.result ?? {}
  const seen = Array.isArray(differences)
    ? differences.filter(
        ({ field }: { field?: unknown }) => typeof field !== 'string' || !isMasked(masks.masked, field),
      )
    : undefined
  return {
    ...whole,
    fields: unmasked(whole.fields, masks),
    problem: whole.problem && { ...whole.problem, message: untold, vendor: null },
    result: whole.result && { ...result, ...(seen ? { differences: seen } : {}) },
  }
}
