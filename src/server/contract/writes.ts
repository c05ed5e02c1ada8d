import { z } from 'zod'
import { Cursor, EntityName, Id, Limit, Mark, Problem, Time } from './shapes.ts'

export const WriteState = z.enum(['kept', 'sending', 'sent', 'done', 'failed', 'unknown', 'cancelled'])
export type WriteState = z.infer<typeof WriteState>

/**
 * POST /api/v1/writes. The record is named by `record` (the hub's id), or by `connection` and `entity` with the CRM's
 * `sourceId`; a create may leave the id to the hub. The same `writeKey` again is the same write. A member that is
 * misspelt is refused: a condition that nobody saw must not be taken for none.
 */
export const WriteInput = z.strictObject({
  operation: z.enum(['create', 'update', 'upsert', 'delete']),
  record: Id.optional(),
  connection: Id.optional(),
  entity: EntityName.optional(),
  sourceId: z.string().min(1).max(500).optional(),
  /** The CRM's field names; a lookup as `{"entity":"account","id":"…"}`. */
  fields: z.record(z.string().min(1).max(200), z.unknown()).default({}),
  /** Only when the CRM still holds this version. */
  expectedMark: Mark.optional(),
  writeKey: z.string().min(1).max(200).optional(),
  /**
   * By whose account of the CRM it goes out. When absent: by the own account of the person who asks where the connection
   * has people write as themselves, else by the hub's.
   */
  as: z.enum(['person', 'service']).optional(),
})
export type WriteInput = z.infer<typeof WriteInput>

/** kept → sending → sent → done (read back), or failed, unknown (a person decides), cancelled. */
export const Write = z.object({
  id: Id,
  connectionId: Id,
  entity: EntityName,
  recordId: Id,
  sourceId: z.string(),
  operation: z.enum(['create', 'update', 'upsert', 'delete']),
  fields: z.record(z.string(), z.unknown()),
  expectedMark: Mark.nullable(),
  writeKey: z.string(),
  state: WriteState,
  attempts: z.number().int(),
  notBefore: Time.nullable(),
  problem: Problem.nullable(),
  /** What was read back. */
  result: z.record(z.string(), z.unknown()).nullable(),
  requestedBy: z.string(),
  /** `person`: by the own account of who asked for it. */
  as: z.enum(['person', 'service']),
  createdAt: Time,
  sentAt: Time.nullable(),
  doneAt: Time.nullable(),
})
export type Write = z.infer<typeof Write>

/** GET /api/v1/writes, newest first */
export const WriteQuery = z.object({
  connection: Id.optional(),
  record: Id.optional(),
  state: WriteState.optional(),
  cursor: Cursor.optional(),
  limit: Limit.default(50),
})
export type WriteQuery = z.infer<typeof WriteQuery>

/** `name`: what people call the record; null while the hub does not hold it. */
const ListedWrite = Write.extend({ name: z.string().nullable() })
export type ListedWrite = z.infer<typeof ListedWrite>

export const WriteList = z.object({ writes: z.array(ListedWrite), next: Cursor.nullable() })
export type WriteList = z.infer<typeof WriteList>

/**
 * POST /api/v1/writes/:id/settle: what a person found out about a write whose outcome is unknown. Beside it, …/retry tries
 * a failed one again, and …/cancel drops one of which nothing has been sent.
 */
export const SettleInput = z.object({ decision: z.enum(['written', 'not_written', 'repeat']) })
export type SettleInput = z.infer<typeof SettleInput>
