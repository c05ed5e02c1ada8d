/** What the hub tells of a record: `GET /api/v1/records`. */
export interface HubRecord {
  id: string
  entity: string
  source: { id: string }
  sourceFields: Record<string, unknown>
  mark: string | null
  deletedAt: string | null
  outOfScopeAt: string | null
}

/** What the CRM tells of a row: the simulator's dump. */
export interface CrmRow {
  id: string
  /** The version as the hub tells it; null where the CRM has none: then the values alone are compared. */
  mark: string | null
  deleted: boolean
  broken?: string
  fields: Record<string, unknown>
}

/** `broken`: another promise than those about records, writes and the feed. */
export type Kind = 'lost' | 'doubled' | 'revived' | 'stale' | 'broken'

/** One thing that is not as it should be. */
export interface Violation {
  kind: Kind
  told: string
}

/** One entity of the hub set beside its table of the CRM, row by row. */
export function compareRecords(entity: string, records: readonly HubRecord[], rows: readonly CrmRow[]): Violation[] {
  const violations: Violation[] = []
  const tell = (kind: Kind, id: string, why: string) => violations.push({ kind, told: `${entity} ${id}: ${why}` })
  const held = new Map<string, HubRecord>()
  for (const record of records) {
    if (held.has(record.source.id)) tell('doubled', record.source.id, 'the hub holds it twice')
    held.set(record.source.id, record)
  }
  const known = new Set(rows.map((row) => row.id))
  for (const row of rows) {
    if (row.broken !== undefined) continue
    const record = held.get(row.id)
    const alive = record !== undefined && record.deletedAt === null && record.outOfScopeAt === null
    if (row.deleted && alive) tell('revived', row.id, `deleted in the CRM, alive in the hub as version ${record.mark}`)
    if (row.deleted) continue
    if (!alive) tell('lost', row.id, `version ${row.mark} is ${record ? 'a tombstone' : 'not'} in the hub`)
    else if (row.mark !== null && record.mark !== row.mark)
      tell('stale', row.id, `version ${row.mark} as ${record.mark}`)
    else for (const field of differing(record, row)) tell('stale', row.id, `${field} differs in version ${row.mark}`)
  }
  for (const record of records) {
    if (record.deletedAt === null && !known.has(record.source.id))
      tell('revived', record.source.id, 'never was in the CRM')
  }
  return violations
}

function differing({ sourceFields }: HubRecord, { fields }: CrmRow): string[] {
  const columns = Object.keys(sourceFields).filter((name) => !name.includes('@'))
  return columns.filter((name) => JSON.stringify(sourceFields[name]) !== JSON.stringify(fields[name] ?? null))
}
