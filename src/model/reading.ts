import type { Mark } from './mark.ts'

/**
 * A row's JSON text as the CRM wrote it, in UTF-8. Bytes, since rows wait to be stored: as texts, mostly of two bytes a
 * character, they cost the process twice the memory and a tenth of its time to move them about.
 */
export type RawRow = Buffer

/** One row as a CRM answered it. */
export interface SourceRow {
  /** Canonical: for Dynamics a lower-case GUID. */
  sourceId: string
  /** Null where the CRM has no versions. */
  mark: Mark | null
  /** Parsed fields. Numbers beyond what JavaScript holds exactly lost digits here; `raw` has them. */
  values: Record<string, unknown>
  raw: RawRow
}
