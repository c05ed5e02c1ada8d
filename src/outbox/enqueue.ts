import { findLinkedAccountId } from '#connections/linked-account.ts'
import { HubError } from '#core/errors.ts'
import { canonicalSourceId, recordId, uuidv7 } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import type { Mark } from '#model/mark.ts'
import { loadTable, type SyncedTable } from '#records/table.ts'
import { checkFields, type GivenFields, namedEntities } from './check-fields.ts'
import { guidOf } from './check-value.ts'
import { choosesIds, chosenSourceId, pendingSourceId } from './source-id.ts'
import { insertWrite } from './store.ts'
import type { OutboxRow, WriteOperation } from './write.ts'

export interface WriteRequest extends GivenFields {
  connectionId: string
  entity: string
  operation: WriteOperation
  /** The CRM's id of the record. A create or upsert may leave it to the hub. */
  sourceId?: string
  /** Update and delete: only when the CRM still holds this version. */
  expectedMark?: Mark
  /** The same key again is the same write, answered with the first one's outcome; one of our own when absent. */
  writeKey?: string
  /** Whose act it is. */
  requestedBy: string
  /** Goes out by the account of the CRM that this person linked; by the hub's own when absent. */
  personId?: string
}

const longestKey = 200
const longestSourceId = 500

/**
 * Keeps a write; when this returns (and the caller's transaction is committed) it will not be lost, nor made twice.
 * Throws connection.not_found, resource.not_found (no such table), field.unknown, input.invalid, input.too_large,
 * linked_account.needed, and write.conflict when the key was used for another write.
 */
export async function enqueueWrite(db: Queryable, request: WriteRequest): Promise<OutboxRow> {
  const table = await tableOf(db, request)
  const writeKey = request.writeKey ?? uuidv7()
  if (writeKey === '' || writeKey.length > longestKey || !isPlain(writeKey)) {
    throw new HubError('input.invalid', `A write key has 1 to ${longestKey} characters`, { field: 'writeKey' })
  }
  const { operation, expectedMark } = request
  if (expectedMark && operation !== 'update' && operation !== 'delete') {
    throw new HubError('input.invalid', `A version can be expected by an update or a delete only`, {
      field: 'expectedMark',
    })
  }
  const sourceId = sourceIdOf(table, request, writeKey)
  const { connectionId, personId = null } = request
  if (personId !== null) await findLinkedAccountId(db, connectionId, personId)
  const { row, same } = await insertWrite(db, {
    id: uuidv7(),
    connectionId,
    tableId: table.id,
    recordId: recordId({ crm: table.crm, organisation: table.organisation, entity: table.entity, sourceId }),
    sourceId,
    operation,
    fields: await fieldsOf(db, table, operation, request),
    expectedMark: expectedMark ?? null,
    writeKey,
    requestedBy: request.requestedBy,
    personId,
  })
  if (same) return row
  throw new HubError('write.conflict', `The write key '${writeKey}' was used for another write (${row.id})`, {
    field: 'writeKey',
    mend: 'Use a new key for a new write; the same key is answered with the first write.',
  })
}

/** As they are kept; throws field.unknown, input.invalid or input.too_large naming the field. */
export async function fieldsOf(
  db: Queryable,
  table: SyncedTable,
  operation: WriteOperation,
  given: GivenFields,
): Promise<Record<string, unknown>> {
  const tableNames = await tableNamesFor(db, table, given)
  return checkFields({ source: table.source, mapping: table.mapping, tableNames }, operation, given)
}

const isPlain = (text: string) => text.isWellFormed() && !text.includes('\0')

const TABLE = {
  name: 'outbox-table',
  text: `select c.state, t.id from jackfield.connection c
    left join jackfield.synced_table t on t.connection_id = c.id and t.entity = $2 where c.id = $1`,
}

async function tableOf(db: Queryable, { connectionId, entity }: WriteRequest): Promise<SyncedTable> {
  const values = [connectionId, entity]
  const found = (await db.query<{ state: string; id: number | null }>({ ...TABLE, values })).rows[0]
  if (!found || found.state === 'removed') {
    throw new HubError('connection.not_found', `There is no connection ${connectionId}`)
  }
  if (found.id !== null) return loadTable(db, found.id)
  throw new HubError('resource.not_found', `The connection copies no table '${entity}'`, {
    field: 'entity',
    mend: 'Add the table to the connection first.',
  })
}

const TABLE_NAMES = {
  name: 'outbox-table-names',
  text: `select entity, source->>'name' as name from jackfield.synced_table where connection_id = $1`,
}

/** The hub's names of entities → the CRM's names of tables; asked for only where a lookup uses the hub's. */
async function tableNamesFor(db: Queryable, table: SyncedTable, given: GivenFields): Promise<Map<string, string>> {
  const targets = new Set(table.source.fields.flatMap((field) => field.targets ?? []))
  if (namedEntities(given).every((entity) => targets.has(entity))) return new Map()
  const { rows } = await db.query<{ entity: string; name: string }>({ ...TABLE_NAMES, values: [table.connectionId] })
  return new Map(rows.map((row) => [row.entity, row.name]))
}

function sourceIdOf(table: SyncedTable, request: WriteRequest, writeKey: string): string {
  const hasGuids = !choosesIds(table.source)
  const { operation, sourceId } = request
  if (sourceId !== undefined) {
    if (sourceId === '' || sourceId.length > longestSourceId || !isPlain(sourceId) || (hasGuids && !guidOf(sourceId))) {
      throw new HubError('input.invalid', `'${sourceId.slice(0, 60)}' is no id of ${table.source.name}`, {
        field: 'sourceId',
      })
    }
    if (operation === 'create' && !hasGuids) {
      throw new HubError('input.invalid', `The CRM itself chooses the ids of ${table.source.name}`, {
        field: 'sourceId',
        mend: 'Leave the id out; the answer tells it.',
      })
    }
    return canonicalSourceId(sourceId)
  }
  if (operation !== 'create' && operation !== 'upsert') {
    throw new HubError('input.invalid', `The ${operation} does not say of which record`, { field: 'sourceId' })
  }
  return hasGuids ? chosenSourceId(table, writeKey) : pendingSourceId(table, writeKey)
}
