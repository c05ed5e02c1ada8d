import type { Mark } from './mark.ts'

/** One row as a CRM answered it. */
export interface SourceRow {
  /** Canonical: for Dynamics a lower-case GUID. */
  sourceId: string
  /** Null where the CRM has no versions. */
  mark: Mark | null
  /** Parsed fields. Numbers beyond what JavaScript holds exactly lost digits here; `raw` has them. */
  values: Record<string, unknown>
  /** The row's JSON text as the CRM wrote it. */
  raw: string
}
