import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import type { SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import type { Mapping } from '#model/mapping.ts'

/** A table of a CRM that is copied, with how. */
export interface SyncedTable {
  id: number
  connectionId: string
  /** From the connection: what makes record ids and addresses. */
  crm: string
  organisation: string
  url: string
  defaultCountry: string | null
  entity: string
  enabled: boolean
  source: SourceTable
  columns: string[]
  filter: Filter | null
  mapping: Mapping
  ruleVersion: number
  scheduleSeconds: number
  deltaLink: string | null
  readSince: Date | null
  firstPassAt: Date | null
  lastPassAt: Date | null
  nextPassAt: Date | null
  completeness: unknown
  problem: unknown
}

const COLUMNS = `t.id, t.connection_id as "connectionId", c.crm, c.organisation, c.url,
  c.settings->>'defaultCountry' as "defaultCountry", t.entity, t.enabled, t.source, t.columns, t.filter, t.mapping,
  t.rule_version as "ruleVersion", t.schedule_seconds as "scheduleSeconds", t.delta_link as "deltaLink",
  t.read_since as "readSince", t.first_pass_at as "firstPassAt", t.last_pass_at as "lastPassAt",
  t.next_pass_at as "nextPassAt", t.completeness, t.problem`
const FROM = 'from jackfield.synced_table t join jackfield.connection c on c.id = t.connection_id'

export async function listTables(db: Queryable, connectionId?: string): Promise<SyncedTable[]> {
  const { rows } = await db.query<SyncedTable>({
    name: 'tables-list',
    text: `select ${COLUMNS} ${FROM} where ($1::uuid is null or t.connection_id = $1) and c.state <> 'removed' order by t.id`,
    values: [connectionId ?? null],
  })
  return rows
}

export async function loadTable(db: Queryable, id: number): Promise<SyncedTable> {
  const { rows } = await db.query<SyncedTable>({
    name: 'table-load',
    text: `select ${COLUMNS} ${FROM} where t.id = $1`,
    values: [id],
  })
  const table = rows[0]
  if (!table) throw new HubError('resource.not_found', `There is no synced table ${id}`)
  return table
}
