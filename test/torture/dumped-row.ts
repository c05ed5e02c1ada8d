/** A row as the CRM's dump tells it. */
export interface DumpedRow {
  entity: string
  id: string
  /** As the hub tells it. */
  mark: string | null
  deleted: boolean
  broken?: string
  fields: Record<string, unknown>
}
