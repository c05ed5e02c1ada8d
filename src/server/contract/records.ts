import { z } from 'zod'
import { Cursor, EntityName, Id, Labels, Limit, Mark, Time } from './shapes.ts'

const RecordSource = z.object({
  crm: z.string(),
  organisation: z.string(),
  id: z.string(),
  /** The record's address in the CRM, for a person. */
  url: z.string(),
})

/** One row of an entity as the hub holds it. */
export const HubRecord = z.object({
  id: Id,
  entity: EntityName,
  name: z.string().nullable(),
  source: RecordSource,
  connectionId: Id,
  /** In the hub's model. Money and decimals are texts, to the digit. */
  fields: z.record(z.string(), z.unknown()),
  /** The CRM's own, as it sent them. */
  sourceFields: z.record(z.string(), z.unknown()),
  mark: Mark.nullable(),
  active: z.boolean(),
  deletedAt: Time.nullable(),
  outOfScopeAt: Time.nullable(),
  modifiedAt: Time.nullable(),
  storedAt: Time,
  /** How its telephone numbers were read: completed to E.164, or only the digits. */
  phones: z.array(z.object({ field: z.string(), e164: z.string().nullable(), digits: z.string().nullable() })),
})
export type HubRecord = z.infer<typeof HubRecord>

/** GET /api/v1/records, in a stable order. Tombstones (`deletedAt`) and what left the filter (`outOfScopeAt`) are among them. */
export const RecordQuery = z.object({
  entity: EntityName.optional(),
  connection: Id.optional(),
  cursor: Cursor.optional(),
  limit: Limit.default(100),
})
export type RecordQuery = z.infer<typeof RecordQuery>

export const RecordList = z.object({ records: z.array(HubRecord), next: Cursor.nullable() })
export type RecordList = z.infer<typeof RecordList>

export const ContactPoint = z.object({
  kind: z.enum(['phone', 'email']),
  /** The CRM's field. */
  field: z.string(),
  /** As the CRM holds it. */
  text: z.string().nullable(),
  /** E.164, or the lower-case address; null where no hint completed the number. */
  value: z.string().nullable(),
})
export type ContactPoint = z.infer<typeof ContactPoint>

/** GET /api/v1/records/:id */
export const RecordDetail = HubRecord.extend({ contactPoints: z.array(ContactPoint) })
export type RecordDetail = z.infer<typeof RecordDetail>

/** A line between two records; the other end may not have arrived yet. */
export const Relation = z.object({
  role: z.string(),
  /** `out`: this record points at the other; `in`: the other points at this one. */
  direction: z.enum(['out', 'in']),
  sourceId: z.string(),
  record: z.object({ id: Id, entity: EntityName, name: z.string().nullable() }).nullable(),
})
export type Relation = z.infer<typeof Relation>

/** GET /api/v1/records/:id/relations; at most 200 that point at it. */
export const RelationList = z.object({ relations: z.array(Relation), more: z.boolean() })
export type RelationList = z.infer<typeof RelationList>

/** GET /api/v1/records/:id/changeable: the fields that whoever asks may change by POST /api/v1/writes, by their model names. */
export const ChangeableFields = z.object({
  fields: z.array(
    z.object({
      field: z.string(),
      /** References and moments are left out: they are changed in the CRM itself. */
      type: z.enum(['text', 'memo', 'integer', 'decimal', 'money', 'boolean', 'date', 'choice']),
      labels: Labels,
      required: z.boolean(),
      maxLength: z.number().int().optional(),
      options: z.array(z.object({ value: z.union([z.number(), z.string()]), labels: Labels })).optional(),
    }),
  ),
})
export type ChangeableFields = z.infer<typeof ChangeableFields>
