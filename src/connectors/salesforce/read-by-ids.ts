import type { CrmSession, Lane } from '#connectors/call.ts'
import type { Page, TableScope } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { allOf, kindCondition, quoted } from './filter.ts'
import { canonicalId } from './ids.ts'
import { query } from './pages.ts'
import { selectedFields } from './question.ts'

/** Ids read back in one call: at 20 characters each they leave room for the fields in an address of 8 KB. */
export const idsPerRead = 200

// What stands between often takes no more; Salesforce takes 16 KB.
const longestAddress = 8_000

const none: Page = { rows: [], deleted: [], next: null, delta: null, asOf: null, bytes: 0 }

/** Rows by id, filter or not; what is in the recycle bin is absent. */
export async function readByIds(
  session: CrmSession,
  scope: TableScope,
  ids: readonly string[],
  lane: Lane,
): Promise<Page> {
  if (ids.length > idsPerRead) {
    throw new HubError('input.invalid', `${ids.length} ids were asked for at once; at most ${idsPerRead} are read`)
  }
  let whole = none
  for (const soql of queries(scope, [...new Set(ids.map(canonicalId))])) {
    const { rows, asOf, bytes } = await query(session, { soql }, { what: `to read ${scope.table.name} by id`, lane })
    whole = { ...whole, rows: [...whole.rows, ...rows], asOf: whole.asOf ?? asOf, bytes: whole.bytes + bytes }
  }
  return whole
}

/** As few queries as the length of their address allows. */
function queries(scope: TableScope, ids: readonly string[]): string[] {
  if (ids.length === 0) return []
  const soql = selectWhere(scope, `Id IN (${ids.map((id) => `'${id}'`).join(',')})`)
  if (encodeURIComponent(soql).length <= longestAddress || ids.length === 1) return [soql]
  const half = Math.ceil(ids.length / 2)
  return [...queries(scope, ids.slice(0, half)), ...queries(scope, ids.slice(half))]
}

function selectWhere(scope: TableScope, condition: string): string {
  const kind = kindCondition(scope.table)
  const where = allOf([condition, ...(kind === null ? [] : [kind])])
  return `SELECT ${selectedFields(scope).join(',')} FROM ${scope.table.setName} WHERE ${where}`
}

/** The row that a create wrote this key into. */
export async function readByKey(session: CrmSession, scope: TableScope, key: string): Promise<Page> {
  const field = scope.table.keyField?.name
  if (!field) throw new HubError('input.invalid', `${scope.table.name} has no field for keys`)
  const soql = selectWhere(scope, `${field} = ${quoted(key)}`)
  const asked = { what: `to read ${scope.table.name} by its key`, lane: 'person' } as const
  return { ...none, ...(await query(session, { soql }, asked)) }
}
