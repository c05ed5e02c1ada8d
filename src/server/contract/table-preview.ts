import { z } from 'zod'
import { Id, Problem } from './shapes.ts'
import { MappedType, TableChange } from './tables.ts'

const FieldTypes = z.array(z.string())

/** GET /api/v1/table-rules: which types of columns each place of a mapping takes, and how each type can be compared. */
export const TableRules = z.object({
  mapping: z.object({
    /** By the type of the model's field. */
    fields: z.record(z.string(), FieldTypes),
    name: FieldTypes,
    alsoSearched: FieldTypes,
    phones: FieldTypes,
    emails: FieldTypes,
    country: FieldTypes,
    active: FieldTypes,
    modifiedAt: FieldTypes,
    relations: FieldTypes,
  }),
  /** By the column's type. */
  comparisons: z.record(z.string(), z.array(z.string())),
})
export type TableRules = z.infer<typeof TableRules>

const Plain = z.union([z.string(), z.number(), z.boolean()])

/** What stands in a column, from a few of the hub's records. */
export const ColumnSample = z.object({
  /** Of the records looked at, those in which it is filled in. */
  filled: z.number().int(),
  /** Characters of the longest text seen. */
  longest: z.number().int(),
  /** Distinct values. `name`: of the record that a reference points at. */
  values: z.array(z.object({ value: Plain, name: z.string().optional() })),
})
export type ColumnSample = z.infer<typeof ColumnSample>

/** GET /api/v1/connections/:id/tables/:entity/samples: only columns that are copied and may be read. */
export const TableSamples = z.object({ looked: z.number().int(), columns: z.record(z.string(), ColumnSample) })
export type TableSamples = z.infer<typeof TableSamples>

/** POST /api/v1/connections/:id/tables/:entity/preview: a change as PATCH takes it; nothing is stored. */
export const PreviewInput = TableChange.extend({
  /** Asks the CRM about how many rows it has in a changed filter; otherwise only what is held is looked at. */
  askCrm: z.boolean().default(true),
})
export type PreviewInput = z.input<typeof PreviewInput>

const NamedRecord = z.object({ id: Id, name: z.string().nullable() })

/** Given to those only who see the table's records whole. */
const Examples = z.array(z.object({ record: NamedRecord, before: z.unknown(), after: z.unknown() }))

const MappedField = z.object({ from: z.string(), type: MappedType })

/** What records are found by. All figures are of the records looked at. */
const KeyDifference = z.object({
  before: z.number().int(),
  after: z.number().int(),
  gained: z.number().int(),
  lost: z.number().int(),
  /** Filled values that make no key: a number that is none, an address without @. */
  unread: z.number().int(),
  examples: Examples,
})
export type KeyDifference = z.infer<typeof KeyDifference>

const FieldDifference = z.object({
  field: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  before: MappedField.nullable(),
  after: MappedField.nullable(),
  /** Whose value becomes another one; and who has one afterwards. */
  differing: z.number().int(),
  filled: z.number().int(),
  examples: Examples,
})
export type FieldDifference = z.infer<typeof FieldDifference>

const ScopeDifference = z.object({
  stay: z.number().int(),
  /** Held rows that come back into the filter, and that leave it. */
  enter: z.number().int(),
  leave: z.number().int(),
  /** Held rows that cannot be judged before the `missing` columns are read. */
  unknown: z.number().int(),
  missing: z.array(z.string()),
  entering: z.array(NamedRecord),
  leaving: z.array(NamedRecord),
  /** About how many rows the CRM has in the filter; null where it was not asked, or cannot say. */
  crm: z
    .object({ before: z.number().int().nullable(), after: z.number().int().nullable(), problem: Problem.nullable() })
    .nullable(),
})
export type ScopeDifference = z.infer<typeof ScopeDifference>

/** What a change of a table's settings would do. */
export const TablePreview = z.object({
  version: z.string(),
  /** Records held, and how many of them were looked at: fewer where there are too many for a moment. */
  held: z.number().int(),
  looked: z.number().int(),
  /** Null: the filter stays. */
  scope: ScopeDifference.nullable(),
  columns: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  fields: z.array(FieldDifference),
  phones: KeyDifference,
  emails: KeyDifference,
  relations: KeyDifference,
  names: z.object({ differing: z.number().int(), examples: Examples }),
  active: z.object({ before: z.number().int(), after: z.number().int() }),
  /** Every row is read again from the CRM. */
  reread: z.boolean(),
  /** Names, numbers, search words and relations are made again, without asking the CRM: POST /api/v1/reindex. */
  rederive: z.boolean(),
})
export type TablePreview = z.infer<typeof TablePreview>
