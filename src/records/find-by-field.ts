import { HubError } from '#core/errors.ts'
import { inTransaction, type Pool } from '#database/pool.ts'

export interface FieldQuestion {
  tableId: number
  /** The CRM's. */
  field: string
  operator: 'is' | 'starts_with' | 'contains'
  value: string
}

/** No index leads to any field of a row: while a phone rings, no more time than this is spent on reading them all. */
const mostMs = 1_500
const mostFound = 200

// Texts and numbers alike, without regard to case; a backslash keeps % and _ what they are.
const TEXT = `select id from jackfield.record
  where table_id = $1 and deleted_at is null and out_of_scope_at is null
    and source like '%' || $4 || '%' and (source::jsonb->>$2) ilike $3 limit ${mostFound}`

/** Ids of rows of a table by one of the CRM's fields; throws search.too_slow where the table is too large for it. */
export async function findByField(pool: Pool, { tableId, field, operator, value }: FieldQuestion): Promise<string[]> {
  const escaped = value.replaceAll(/[\\%_]/g, String.raw`\$&`)
  const pattern = { is: escaped, starts_with: `${escaped}%`, contains: `%${escaped}%` }[operator]
  // Rows that do not hold the field's name at all need not be taken apart.
  const name = JSON.stringify(field).replaceAll(/[\\%_]/g, String.raw`\$&`)
  try {
    return await inTransaction(pool, async (tx) => {
      await tx.query(`set local statement_timeout = ${mostMs}`)
      const { rows } = await tx.query<{ id: string }>(TEXT, [tableId, field, pattern, name])
      return rows.map(({ id }) => id)
    })
  } catch (error) {
    if ((error as { code?: unknown }).code !== queryCancelled) throw error
    throw new HubError('search.too_slow', `Searching by '${field}' takes longer than ${mostMs / 1000} s`, {
      field,
      cause: error,
      mend: 'Search by a number, an e-mail address or a name; those have an index.',
    })
  }
}

const queryCancelled = '57014'
