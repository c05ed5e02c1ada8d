import { HubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import type { Mapping } from '#model/mapping.ts'
import { sourceColumns } from '#model/source-columns.ts'

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
  /** What a connection that defines its API itself calls it. */
  apiName?: string | null
  /** Where the organisation is a destination: the CRMs whose rows in it are none of its own. */
  projected?: string[] | null
}

const COLUMNS = `t.id, t.connection_id as "connectionId", c.crm, c.organisation, c.url,
  c.settings->>'defaultCountry' as "defaultCountry", t.entity, t.enabled, t.source, t.columns, t.filter, t.mapping,
  t.rule_version as "ruleVersion", t.schedule_seconds as "scheduleSeconds", t.delta_link as "deltaLink",
  t.read_since as "readSince", t.first_pass_at as "firstPassAt", t.last_pass_at as "lastPassAt",
  t.next_pass_at as "nextPassAt", t.completeness, t.problem,
  c.settings->'definition'->>'name' as "apiName",
  (select d.labels from jackfield.destination d where d.connection_id = c.id) as projected`
const FROM = 'from jackfield.synced_table t join jackfield.connection c on c.id = t.connection_id'

export async function listTables(db: Queryable, connectionId?: string): Promise<SyncedTable[]> {
  const { rows } = await db.query<SyncedTable>({
    name: 'tables-list',
    text: `select ${COLUMNS} ${FROM} where ($1::uuid is null or t.connection_id = $1) and c.state <> 'removed' order by t.id`,
    values: [connectionId ?? null],
  })
  return rows.map(withSourceColumns)
}

/** What tells a projection is read whatever columns people chose. */
function withSourceColumns(table: SyncedTable): SyncedTable {
  if (!table.projected) return table
  const there = new Set(table.source.fields.map(({ name }) => name))
  const needed = [sourceColumns.crm, sourceColumns.id].filter((name) => there.has(name))
  return { ...table, columns: [...new Set([...table.columns, ...needed])] }
}

export async function loadTable(db: Queryable, id: number): Promise<SyncedTable> {
  const { rows } = await db.query<SyncedTable>({
    name: 'table-load',
    text: `select ${COLUMNS} ${FROM} where t.id = $1`,
    values: [id],
  })
  const table = rows[0]
  if (!table) throw new HubError('resource.not_found', `There is no synced table ${id}`)
  return withSourceColumns(table)
}

const STANDING = `select rule_version as "ruleVersion", first_pass_at is not null as feeds from jackfield.synced_table where id = $1`

/**
 * In the transaction that stores what was read of a table: whether changes are fed by now. Throws sync.settings_changed
 * when the table's columns, filter or mapping are no longer those that the rows were asked for and read with; what was
 * read before the change and stored before it loses to the reading that follows the change.
 */
export async function confirmSettings(
  tx: Transaction,
  table: Pick<SyncedTable, 'id' | 'entity' | 'ruleVersion' | 'firstPassAt'>,
): Promise<{ feeds: boolean }> {
  // Until the first copy has ended, its end waits for the readings under way, so that each is part of it or is fed. It
  // alone: they overlap for as long as the copy lasts, and whoever waited for them would wait for all of it.
  const text = table.firstPassAt === null ? `${STANDING} for key share` : STANDING
  const { rows } = await tx.query<{ ruleVersion: number; feeds: boolean }>({
    name: table.firstPassAt === null ? 'table-standing-first' : 'table-standing',
    text,
    values: [table.id],
  })
  const standing = rows[0]
  if (standing?.ruleVersion === table.ruleVersion) return standing
  throw new HubError('sync.settings_changed', `The settings of ${table.entity} changed while its rows were read`)
}
