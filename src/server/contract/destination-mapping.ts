import { z } from 'zod'
import { Line } from './destinations.ts'
import { Id } from './shapes.ts'
import { SourceField } from './tables.ts'

const Lines = z.array(Line).max(300)

/** Which lines: those of one kind of CRM into one table; `*`: of any CRM that has none of its own. */
export const MappingPartPath = z.object({
  id: Id,
  entity: z.enum(['account', 'contact']),
  crm: z.string().min(1).max(50),
})

const LeftOut = z.enum(['no_column', 'not_writable', 'not_copied', 'incompatible'])

/** GET and PUT /api/v1/destinations/:id/mapping/:entity/:crm: one part, with all that can be chosen for it. */
export const MappingPart = z.object({
  lines: Lines,
  defaults: Lines,
  version: z
    .number()
    .int()
    .describe('Of the whole mapping; sent back with a change, it refuses one made upon an older.'),
  columns: z.array(SourceField).describe('Columns of the destination that may be filled.'),
  fields: z
    .array(SourceField.extend({ copied: z.boolean() }))
    .describe('The CRM’s own fields; `copied`: from every connection of its kind.'),
  model: z
    .array(z.object({ name: z.string(), from: z.string(), type: z.string() }))
    .describe('Fields of the hub’s model; `from`: what the first connection makes them of.'),
  takes: z.record(z.string(), z.array(z.string())).describe('Which types of fields each type of column takes.'),
  left: z
    .array(z.object({ to: z.string(), why: LeftOut }))
    .describe('Lines that no connection of this kind can follow.'),
  connections: z.array(Id),
})
export type MappingPart = z.infer<typeof MappingPart>

export const MappingPartInput = z.object({
  lines: Lines.nullable().describe('Null brings the defaults back.'),
  version: z.number().int(),
})
export type MappingPartInput = z.infer<typeof MappingPartInput>

/** POST /api/v1/destinations/:id/mapping/:entity/:crm/preview: nothing is stored. */
export const MappingPreviewInput = z.object({ lines: Lines })
export type MappingPreviewInput = z.infer<typeof MappingPreviewInput>

const ColumnDifference = z.object({
  to: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  before: Line.nullable(),
  after: Line.nullable(),
  differing: z
    .number()
    .int()
    .describe('Rows that get another value; of a column that is no longer filled, rows that keep what stands there.'),
  refused: z.number().int().describe('Records whose value the column does not take: their rows wait.'),
  reason: z.string().nullable(),
  left: LeftOut.nullable().describe('Why the new line cannot be followed.'),
  examples: z
    .array(
      z.object({
        record: z.object({ id: Id, name: z.string().nullable() }),
        before: z.unknown(),
        after: z.unknown(),
      }),
    )
    .describe('None without the scope read:records.'),
})
export type ColumnDifference = z.infer<typeof ColumnDifference>

/** What other lines would add, change and drop. All figures but `records` are of the records looked at. */
export const MappingPreview = z.object({
  records: z.number().int(),
  looked: z.number().int(),
  rewritten: z.number().int().describe('Whose row is written anew.'),
  columns: z.array(ColumnDifference),
})
export type MappingPreview = z.infer<typeof MappingPreview>
