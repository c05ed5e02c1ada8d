import { z } from 'zod'
import { Cursor, EntityName, Id, Limit, Time } from './shapes.ts'

const OnDelete = z
  .enum(['keep', 'deactivate', 'delete'])
  .describe('What becomes of a row whose record is gone: deleted in its CRM, or out of the filter.')
const Column = z.string().min(1).max(200)
export const Line = z.union([
  z.strictObject({ to: Column, field: Column.describe('The CRM’s own field.') }),
  z.strictObject({ to: Column, model: Column.describe('A field of the hub’s model, whatever the CRM calls it.') }),
])
/** By kind of CRM; `*` for those without lines of their own. */
const EntityMapping = z.record(z.string().max(50), z.array(Line).max(300))

const counts = {
  records: z.number().int().describe('Records that are to stand there.'),
  held: z.number().int().describe('Of them: as written, in the version that the destination answered.'),
  waiting: z.number().int(),
  parked: z.number().int().describe('The destination does not take them as they are.'),
  missing: z.number().int(),
  differing: z.number().int(),
  extra: z.number().int().describe('Rows with a source of a connected CRM whose record the hub does not have.'),
  past: z.number().int().describe('Rows of records that are gone, kept or taken out of use.'),
}

/** How the destination compared with the hub's records when it was last listed as a whole. */
const Figure = z.object({
  at: Time,
  ...counts,
  repaired: z.number().int(),
  entities: z.record(EntityName, z.object(counts)),
  samples: z.array(z.object({ entity: EntityName, kind: z.enum(['missing', 'differing', 'extra']), rowId: Id })),
})
export type DestinationFigure = z.infer<typeof Figure>

/** An organisation into which the accounts and contacts of all other connections are written. */
export const Destination = z.object({
  id: Id,
  connectionId: Id,
  connectionName: z.string(),
  url: z.string(),
  state: z.enum(['paused', 'active']),
  onDelete: OnDelete,
  entities: z.array(EntityName),
  progress: z.object({
    rows: z.number().int(),
    due: z.number().int(),
    written: z.number().int(),
    parked: z.number().int(),
    awaiting: z.number().int().describe('Written without a record that they point at and that has no row yet.'),
    filled: z.boolean().describe('Every record was looked at once.'),
  }),
  figure: Figure.nullable(),
  figureAskedAt: Time.nullable(),
  problem: z
    .object({
      code: z.string(),
      message: z.string(),
      mend: z.string().nullable(),
      since: Time,
      retryAt: Time.nullable(),
    })
    .nullable(),
  createdAt: Time,
})
export type Destination = z.infer<typeof Destination>

/** GET /api/v1/destinations */
export const DestinationList = z.object({ destinations: z.array(Destination) })
export type DestinationList = z.infer<typeof DestinationList>

/** POST /api/v1/destinations: names an organisation; nothing is written before it is started. */
export const DestinationInput = z.object({ connection: Id, onDelete: OnDelete.optional() })
export type DestinationInput = z.infer<typeof DestinationInput>

/** PATCH /api/v1/destinations/:id */
export const DestinationChange = z.object({ onDelete: OnDelete })
export type DestinationChange = z.infer<typeof DestinationChange>

/**
 * POST /api/v1/destinations/:id/start | pause | compare | repair | retry. `compare` lists the destination anew, `repair`
 * also mends what it finds, `retry` tries once more what was parked.
 */
export const DestinationAct = z.enum(['start', 'pause', 'compare', 'repair', 'retry'])
export type DestinationAct = z.infer<typeof DestinationAct>

export const Requirement = z.object({
  name: z.enum([
    'organisation',
    'user',
    'rights',
    'tables',
    'columns',
    'choices',
    'sources',
    'first_copy',
    'mapping',
    'licence',
    'flows',
  ]),
  subject: z.string().nullable().describe('Of which table or connection.'),
  state: z.enum(['met', 'unmet', 'asked', 'not_needed']).describe('`asked`: only a person can know.'),
  message: z.string(),
  mend: z.string().nullable(),
  blocks: z.boolean().describe('Nothing is written before it is met.'),
  makes: z
    .object({ table: z.string(), column: z.string(), option: z.string().nullable() })
    .nullable()
    .describe('The hub can make it, with consent.'),
})
export type Requirement = z.infer<typeof Requirement>

/** GET /api/v1/destinations/:id/readiness: each prerequisite, checked now. */
export const Readiness = z.object({ ready: z.boolean(), requirements: z.array(Requirement) })
export type Readiness = z.infer<typeof Readiness>

/** POST /api/v1/destinations/:id/columns: makes the columns and choices that the readiness list says the hub can make. */
export const ColumnsInput = z.object({ consent: z.literal(true) })
export type ColumnsInput = z.infer<typeof ColumnsInput>

/** GET and PUT /api/v1/destinations/:id/mapping; what is not named in a PUT is as by default. */
export const DestinationMapping = z.object({
  mapping: z.record(EntityName, EntityMapping),
  changed: z.array(z.object({ entity: EntityName, crm: z.string() })).describe('Which parts people changed.'),
})
export type DestinationMapping = z.infer<typeof DestinationMapping>

export const DestinationMappingInput = z.object({
  mapping: z
    .strictObject({ account: EntityMapping.optional(), contact: EntityMapping.optional() })
    .nullable()
    .describe('Null brings the defaults back.'),
})
export type DestinationMappingInput = z.infer<typeof DestinationMappingInput>

/** GET /api/v1/destinations/:id/problems: rows that the destination does not take, or not now. */
export const DestinationProblemQuery = z.object({ cursor: Cursor.optional(), limit: Limit.default(50) })
export const DestinationProblems = z.object({
  problems: z.array(
    z.object({
      recordId: Id,
      entity: EntityName,
      rowId: Id,
      name: z.string().nullable(),
      connectionId: Id.nullable(),
      code: z.string(),
      message: z.string(),
      mend: z.string().nullable(),
      field: z.string().nullable(),
      vendor: z
        .object({ status: z.number().int().nullable(), code: z.string().nullable(), text: z.string().nullable() })
        .nullable(),
      since: Time,
    }),
  ),
  next: Cursor.nullable(),
})
export type DestinationProblems = z.infer<typeof DestinationProblems>
