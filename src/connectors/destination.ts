import type { HubError } from '#core/errors.ts'
import type { SourceTable } from '#model/field.ts'
import type { Mark } from '#model/mark.ts'
import type { CrmSession, Lane } from './call.ts'

/** A row that is to stand in the destination. */
export interface RowWrite {
  operation: 'create' | 'update' | 'delete'
  rowId: string
  /** Update and delete: only over this version. */
  expected: Mark | null
  /** The CRM's field names → JSON values; a lookup as `{ entity: 'account', id: '…' }`. */
  fields: Record<string, unknown>
}

/**
 * What became of one row. `exists`, `conflict` and `missing` did nothing: the row is not in the state that the write was
 * bound to. `refused`: it will not be taken as it is. `again`: not taken now, and asking again may help.
 */
export type RowOutcome =
  | { outcome: 'written'; mark: Mark | null }
  | { outcome: 'exists' | 'conflict' | 'missing' }
  | { outcome: 'refused' | 'again'; error: HubError }

/** A privilege that writing there needs. */
export interface Right {
  /** The vendor's own name, such as `prvCreateAccount`. */
  name: string
  table: string
  verb: 'create' | 'read' | 'write' | 'append' | 'append_to' | 'delete'
  has: boolean
}

export interface NewColumn {
  name: string
  label: string
  maxLength: number
}

/** What a connector adds so that its CRM can be written to as a whole: rows by the batch, columns, rights. */
export interface DestinationAbility {
  /** Rows of one call; well below the vendor's limit, so that one call is short and a lost one costs little. */
  rowsPerBatch: number
  /** Sets a row active again or takes it out of use, keeping it. */
  activity: Record<'active' | 'inactive', Record<string, number>>
  /** One attempt; each row has its own outcome, in order. Throws what concerns the whole call: then any of them may be written. */
  writeRows(
    session: CrmSession,
    table: SourceTable,
    writes: readonly RowWrite[],
    options: { lane: Lane; signal?: AbortSignal },
  ): Promise<RowOutcome[]>
  /** A text column. */
  makeColumn(session: CrmSession, table: string, column: NewColumn): Promise<void>
  /** One more choice of a choice column. */
  makeOption(session: CrmSession, at: { table: string; column: string }, label: string): Promise<void>
  /** The rights that writing needs on these tables, deleting among them where it is asked for. */
  rights(session: CrmSession, tables: readonly string[], deletes: boolean): Promise<Right[]>
}
