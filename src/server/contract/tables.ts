import { z } from 'zod'
import { EntityName, Id, Labels, Problem, Time } from './shapes.ts'

const FilterValue = z.union([z.string().max(4000), z.number(), z.boolean()])
const Field = z.string().min(1).max(200)

export type Filter =
  | { all: Filter[] }
  | { any: Filter[] }
  | { not: Filter }
  | { field: string; is: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'; value: string | number | boolean }
  | { field: string; is: 'contains' | 'starts_with' | 'ends_with'; value: string }
  | { field: string; is: 'in'; value: (string | number)[] }
  | { field: string; is: 'null' | 'not_null' }
  | { field: string; is: 'within_days'; value: number }

/** Which rows are copied. `within_days` is time-relative: within the last (negative: the next) so many days. */
export const Filter: z.ZodType<Filter> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(Filter).max(100) }),
      z.strictObject({ any: z.array(Filter).max(100) }),
      z.strictObject({ not: Filter }),
      z.strictObject({ field: Field, is: z.enum(['eq', 'ne', 'gt', 'ge', 'lt', 'le']), value: FilterValue }),
      z.strictObject({
        field: Field,
        is: z.enum(['contains', 'starts_with', 'ends_with']),
        value: z.string().max(4000),
      }),
      z.strictObject({
        field: Field,
        is: z.literal('in'),
        value: z.array(z.union([z.string().max(4000), z.number()])).max(500),
      }),
      z.strictObject({ field: Field, is: z.enum(['null', 'not_null']) }),
      z.strictObject({ field: Field, is: z.literal('within_days'), value: z.number().int().min(-36_500).max(36_500) }),
    ]),
  )
  .meta({ id: 'Filter' })

export const MappedType = z.enum([
  'text',
  'integer',
  'decimal',
  'money',
  'boolean',
  'date',
  'datetime',
  'choice',
  'lookup',
])

/** How rows of the CRM's table become records. */
const Mapping = z.object({
  /** Model field → the CRM's field. */
  fields: z.record(Field, z.object({ from: Field, type: MappedType })),
  /** The first non-empty entry is the name; several fields of one entry are joined by a blank. */
  name: z.array(z.array(Field)),
  alsoSearched: z.array(Field),
  /** Most personal first. */
  phones: z.array(Field),
  emails: z.array(Field),
  country: z.array(Field),
  active: z.object({ field: Field, values: z.array(z.union([z.number(), z.string(), z.boolean()])) }).nullable(),
  modifiedAt: Field.nullable(),
  relations: z.array(z.object({ role: z.string(), from: Field, entities: z.array(z.string()) })),
})

/** A column as the CRM describes it. */
export const SourceField = z.object({
  name: z.string(),
  type: z.string(),
  labels: Labels,
  maxLength: z.number().int().optional(),
  targets: z.array(z.string()).optional(),
  options: z.array(z.object({ value: z.union([z.number(), z.string()]), labels: Labels })).optional(),
  required: z.boolean(),
  readable: z.boolean(),
  creatable: z.boolean(),
  updatable: z.boolean(),
  /** Since when the CRM no longer shows it, where it is copied all the same: its last values are kept. */
  gone: Time.optional(),
})
export type SourceField = z.infer<typeof SourceField>

/** How the hub's copy compared with the CRM, row version by row version, when it was last audited. */
export const Completeness = z.object({
  at: Time,
  /** Rows that the CRM listed. */
  crm: z.number().int(),
  /** Of those, held in the same version. */
  held: z.number().int(),
  parked: z.number().int(),
  /** Found, each confirmed by reading the record; and how many of them were healed. */
  differences: z.number().int(),
  healed: z.number().int(),
  /** When a complete enumeration last proved what is deleted. */
  deletesVerifiedAt: Time.nullable(),
})
export type Completeness = z.infer<typeof Completeness>

export const TableCounts = z.object({
  /** Records that are neither deleted nor out of scope. */
  records: z.number().int(),
  deleted: z.number().int(),
  outOfScope: z.number().int(),
  parked: z.number().int(),
})
export type TableCounts = z.infer<typeof TableCounts>

/** A table of a CRM that is, or could be, copied. */
export const Table = z.object({
  connectionId: Id,
  entity: EntityName,
  enabled: z.boolean(),
  /** The CRM's own name of the table. */
  sourceName: z.string(),
  labels: Labels,
  /** Whether the CRM lists changes and deletes itself; otherwise a window of modification times is read. */
  changeTracking: z.boolean(),
  columns: z.array(z.string()),
  /** Of these, what the CRM no longer shows: the last values are kept until a column comes back or is taken out. */
  gone: z.array(z.object({ column: z.string(), since: Time })),
  filter: Filter.nullable(),
  mapping: Mapping,
  ruleVersion: z.number().int(),
  scheduleSeconds: z.number().int(),
  firstPassAt: Time.nullable(),
  lastPassAt: Time.nullable(),
  nextPassAt: Time.nullable(),
  counts: TableCounts,
  completeness: Completeness.nullable(),
  problem: Problem.nullable(),
})
export type Table = z.infer<typeof Table>

/** GET /api/v1/connections/:id/tables */
export const TableList = z.object({ tables: z.array(Table) })
export type TableList = z.infer<typeof TableList>

/** GET and PATCH /api/v1/connections/:id/tables/:entity */
export const TableDetail = Table.extend({
  fields: z.array(SourceField),
  /** Another text once any setting is another one: sent back with a change, it refuses one made upon older settings. */
  version: z.string(),
  /** What the table would be given if it were added now, for going back to. */
  defaults: z.object({ columns: z.array(z.string()), mapping: Mapping }),
})
export type TableDetail = z.infer<typeof TableDetail>

export const TableChange = z.object({
  enabled: z.boolean().optional(),
  columns: z.array(Field).min(1).max(1000).optional(),
  filter: Filter.nullable().optional(),
  mapping: Mapping.optional(),
  scheduleSeconds: z.number().int().min(1).max(86_400).optional(),
  /** Of the settings that were seen; refused with `settings.changed` when others stand by now. */
  version: z.string().max(100).optional(),
})
export type TableChange = z.infer<typeof TableChange>

/** POST /api/v1/connections/:id/tables: copies one more table of the CRM, named as the CRM names it. */
export const TableInput = z.object({ table: z.string().min(1).max(200) })
export type TableInput = z.infer<typeof TableInput>

/** GET /api/v1/connections/:id/crm-tables: everything the CRM has. */
export const CrmTableList = z.object({
  tables: z.array(z.object({ name: z.string(), labels: Labels, entity: z.string().nullable() })),
})
export type CrmTableList = z.infer<typeof CrmTableList>
