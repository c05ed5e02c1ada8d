import type { Mapping } from '#model/mapping.ts'

export interface DefaultTable {
  entity: string
  /** The CRM's table name. */
  table: string
  columns: string[]
  mapping: Mapping
  enabledByDefault: boolean
  /** Columns that only some organisations have: nothing is said where they are missing. */
  optional?: string[]
  /** How often it is read at first, where every five minutes would ask too much of the CRM. */
  scheduleSeconds?: number
}
