import type { SourceField } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import type { Notice, NoticeCode, PartKind } from './definitions.ts'
import type { DynamicDataLimits } from './limits.ts'

/** What a part is checked against: what the CRM says of its tables, and the configuration's other parts. */
export interface CheckedAgainst {
  /** Of the configuration's connection. */
  tables: readonly SyncedTable[]
  /** The CRM's fields that a standard create of the entity may fill; null: there is none of it. */
  standardFields(table: SyncedTable): ReadonlySet<string> | null
  limits: DynamicDataLimits
  parts: readonly { id: string; kind: PartKind }[]
}

type Where = { entity?: string; field?: string }

export const wrong = (code: NoticeCode, message: string, { entity, field }: Where = {}): Notice => ({
  ...{ level: 'error', code, message },
  ...{ entity: entity ?? null, field: field ?? null },
})

export const warn = (code: NoticeCode, message: string, where: Where = {}): Notice => ({
  ...wrong(code, message, where),
  level: 'warning',
})

export const entityUnknown = (entity: string): Notice =>
  wrong('entity_unknown', `The connection knows no table “${entity}”; add it to its tables first`, { entity })

export const fieldUnknown = (entity: string, field: string): Notice =>
  wrong('field_unknown', `${entity} has no field “${field}”`, { entity, field })

export const tableOf = ({ tables }: CheckedAgainst, entity: string): SyncedTable | undefined =>
  tables.find((table) => table.entity === entity)

/** One that the CRM no longer shows is none. */
export const columnOf = (table: SyncedTable, name: string): SourceField | undefined =>
  table.source.fields.find((field) => field.name === name && field.gone === undefined)

export const isCopied = (table: SyncedTable, field: string): boolean => table.enabled && table.columns.includes(field)
