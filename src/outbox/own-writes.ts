import type { Transaction } from '#database/pool.ts'

/** The columns that writes under way change, by record id: when they come back from the CRM they are the hub's own echo. */
export async function ownWrites(tx: Transaction, recordIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const { rows } = await tx.query<{ id: string; fields: string[] }>({
    name: 'outbox-own-writes',
    text: `select record_id as id, array(select jsonb_object_keys(fields)) as fields from jackfield.outbox
      where record_id = any($1::uuid[]) and state in ('sending', 'sent')`,
    values: [recordIds],
  })
  const byRecord = new Map<string, Set<string>>()
  for (const { id, fields } of rows) byRecord.set(id, new Set([...(byRecord.get(id) ?? []), ...fields]))
  return byRecord
}
