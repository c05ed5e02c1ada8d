import type { Transaction } from '#database/pool.ts'
import type { RecordChange } from '#records/feed-write.ts'
import type { OwnWrites } from '#records/store.ts'
import type { SyncedTable } from '#records/table.ts'
import { isWrittenValue } from './compare.ts'
import type { WriteOperation } from './write.ts'

interface WriteUnderWay {
  id: string
  operation: WriteOperation
  fields: Record<string, unknown>
}

/**
 * Which changes of these records are the hub's own writes coming back before they are read back: an echo. What someone
 * else changed along with them is not.
 */
export const ownWrites: OwnWrites = async (tx, table, recordIds) => {
  const writes = await writesUnderWay(tx, recordIds)
  return ({ id, ...change }) =>
    isOwn(
      change,
      writes.filter((write) => write.id === id),
      table,
    )
}

async function writesUnderWay(tx: Transaction, recordIds: readonly string[]): Promise<WriteUnderWay[]> {
  const { rows } = await tx.query<WriteUnderWay>({
    name: 'outbox-under-way',
    text: `select record_id as id, operation, fields from jackfield.outbox
      where record_id = any($1::uuid[]) and state in ('sending', 'sent')`,
    values: [recordIds],
  })
  return rows
}

export type OwnChange = Pick<RecordChange, 'operation' | 'changed'>

export function isOwn(
  { operation, changed }: OwnChange,
  writes: readonly Pick<WriteUnderWay, 'operation' | 'fields'>[],
  { source, columns }: Pick<SyncedTable, 'source' | 'columns'>,
): boolean {
  if (writes.length === 0 || operation === 'restored') return false
  if (operation === 'deleted') return writes.some((write) => write.operation === 'delete')
  const types = new Map(source.fields.map((field) => [field.name, field]))
  // What was not asked for has the CRM's own first value; what was asked for and stands otherwise, someone changed since.
  const holds = ({ fields }: Pick<WriteUnderWay, 'fields'>) =>
    Object.entries(fields).every(([name, asked]) => {
      const field = types.get(name)
      if (!field || !columns.includes(name)) return true
      return isWrittenValue(asked, changed[name]?.after ?? null, field.type)
    })
  if (operation === 'created') {
    return writes.some((write) => (write.operation === 'create' || write.operation === 'upsert') && holds(write))
  }
  return Object.entries(changed).every(([name, { after }]) => {
    const field = types.get(name)
    // What nobody can write, such as the time of the last change, is stamped by the CRM along with any write.
    if (!field?.updatable) return true
    return writes.some(({ fields }) => name in fields && isWrittenValue(fields[name], after, field.type))
  })
}
