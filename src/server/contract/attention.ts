import { z } from 'zod'
import { Cursor, EntityName, Id, Limit, Problem, Time } from './shapes.ts'

export const AttentionKind = z.enum([
  'connection',
  'configuration',
  'run',
  'sweep',
  'unknown_write',
  'failed_write',
  'parked',
])
export type AttentionKind = z.infer<typeof AttentionKind>

/** Why a record could not be kept, for programs; `length` and `most` in characters where it is too long. */
export const ParkedReason = z.object({
  code: z.enum([
    'not_text',
    'too_long',
    'not_date',
    'not_whole_number',
    'not_number',
    'not_id',
    'not_boolean',
    'nul_character',
    'half_character',
    'no_id',
    'no_version',
    'not_readable',
    'row_too_long',
    'refused_by_database',
  ]),
  length: z.number().int().optional(),
  most: z.number().int().optional(),
})
export type ParkedReason = z.infer<typeof ParkedReason>

/**
 * Something a person has to see to. By kind, `id` is of: a connection (mend it: PUT its secret, or check again), a
 * CRM configuration whose connection needs attention, is paused or removed, a run (failed), a run that stopped before deleting much (approve or cancel it), a write (settle or retry it), a parked record
 * (replay or drop it).
 */
export const AttentionItem = z.object({
  kind: AttentionKind,
  id: Id,
  connectionId: Id,
  connectionName: z.string(),
  entity: EntityName.nullable(),
  /** Null where the hub holds no such record. */
  recordId: Id.nullable(),
  sourceId: z.string().nullable(),
  /** What people call the record: as the hub holds it, else as its row or its write says. Of a configuration its own. */
  name: z.string().nullable(),
  /** The CRM's field that breaks the model. */
  field: z.string().nullable(),
  problem: Problem,
  /** Of a parked record; null where its sentence is of no known kind. */
  reason: ParkedReason.nullable(),
  /** How often it was met. */
  times: z.number().int(),
  at: Time,
})
export type AttentionItem = z.infer<typeof AttentionItem>

export const AttentionCounts = z.object({
  connection: z.number().int(),
  configuration: z.number().int(),
  run: z.number().int(),
  sweep: z.number().int(),
  unknown_write: z.number().int(),
  failed_write: z.number().int(),
  parked: z.number().int(),
})
export type AttentionCounts = z.infer<typeof AttentionCounts>

/** GET /api/v1/attention: kinds in the order above, within a kind newest first. */
export const AttentionQuery = z.object({
  kind: AttentionKind.optional(),
  connection: Id.optional(),
  cursor: Cursor.optional(),
  limit: Limit.default(100),
})
export type AttentionQuery = z.infer<typeof AttentionQuery>

export const AttentionList = z.object({
  counts: AttentionCounts,
  items: z.array(AttentionItem),
  next: Cursor.nullable(),
})
export type AttentionList = z.infer<typeof AttentionList>

/** GET /api/v1/parked/:id; POST /api/v1/parked/:id/replay and DELETE /api/v1/parked/:id act on it. */
export const Parked = z.object({
  id: Id,
  connectionId: Id,
  entity: EntityName,
  sourceId: z.string().nullable(),
  code: z.string(),
  field: z.string().nullable(),
  message: z.string(),
  /** The row as the CRM sent it, shortened when long. */
  body: z.string().nullable(),
  times: z.number().int(),
  firstSeenAt: Time,
  lastSeenAt: Time,
})
export type Parked = z.infer<typeof Parked>

/** POST /api/v1/parked/replay-all, of one connection or of all */
export const ReplayAllInput = z.object({ connection: Id.optional() })
export type ReplayAllInput = z.infer<typeof ReplayAllInput>

/** Replayed: the records are read from the CRM again. `stillParked`: they break the model as before. */
export const Replayed = z.object({ replayed: z.number().int(), stillParked: z.number().int() })
export type Replayed = z.infer<typeof Replayed>
