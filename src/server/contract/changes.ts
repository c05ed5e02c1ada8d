import { z } from 'zod'
import { Cursor, EntityName, Id, Limit, Mark, Time } from './shapes.ts'

export const ChangeOperation = z.enum(['created', 'changed', 'deleted', 'restored', 'left_scope', 'entered_scope'])
export type ChangeOperation = z.infer<typeof ChangeOperation>

/** One row of the change feed. Echoes (the hub's own writes come back) have cause `echo`. */
export const Change = z.object({
  id: z.string(),
  at: Time,
  connectionId: Id,
  entity: EntityName,
  recordId: Id,
  /** The record's name as it is now. */
  name: z.string().nullable(),
  operation: ChangeOperation,
  cause: z.string(),
  mark: Mark.nullable(),
  /** The CRM's fields that changed. */
  changed: z.record(z.string(), z.object({ before: z.unknown(), after: z.unknown() })),
})
export type Change = z.infer<typeof Change>

/** GET /api/v1/changes in the order they were committed. Without a cursor from the oldest kept; `cursor=now` from now on. */
export const ChangeQuery = z.object({ cursor: Cursor.optional(), limit: Limit.default(100) })
export type ChangeQuery = z.infer<typeof ChangeQuery>

/** `next` is always there: ask again with it later. `more` says that there is more now. */
export const ChangeList = z.object({ changes: z.array(Change), next: Cursor, more: z.boolean() })
export type ChangeList = z.infer<typeof ChangeList>

/** GET /api/v1/changes/latest, newest first: for a page that shows what came in lately; a program follows the feed. */
export const LatestQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) })
export const LatestChanges = z.object({ changes: z.array(Change) })
export type LatestChanges = z.infer<typeof LatestChanges>

/** GET /api/v1/records/:id/changes, newest first */
export const RecordHistory = z.object({ changes: z.array(Change), next: Cursor.nullable() })
export type RecordHistory = z.infer<typeof RecordHistory>
