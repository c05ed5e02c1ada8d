/** What a column of a CRM holds, in our words; a connector translates its vendor's types into these. */
export const fieldTypes = [
  'text',
  'memo',
  'integer',
  'bigint',
  'decimal',
  'money',
  'boolean',
  'date',
  'datetime',
  'choice',
  'choices',
  'lookup',
  'guid',
  'parties',
  'other',
] as const
export type FieldType = (typeof fieldTypes)[number]

/** Text by language, keyed by the language's ISO code: `en`, `fr`, `nl`. */
export type Labels = Record<string, string>

export interface Option {
  /** A number, or where the CRM names its options by texts the text. */
  value: number | string
  labels: Labels
}

/** How a write names a record that a lookup is to point at. */
export interface LookupBind {
  property: string
  /** The target table's name in URLs. */
  setName: string
}

/** What a text is to be, where the CRM says more of it than that. */
export type FieldFormat = 'email' | 'phone' | 'url'

/** Who took part in an activity, and at which end; of type `parties`, all of them are one value. */
export interface Party {
  party: 'from' | 'to'
  /** The CRM's name of a table. */
  entity: string
  id: string
}

/** A column as the CRM describes it. */
export interface SourceField {
  name: string
  type: FieldType
  labels: Labels
  maxLength?: number
  format?: FieldFormat
  /** For a lookup or parties: the names of the CRM tables that it may point at. */
  targets?: string[]
  /** For a lookup or parties: by target table, where a write must know more than the column's name. */
  binds?: Record<string, LookupBind>
  options?: Option[]
  required: boolean
  readable: boolean
  creatable: boolean
  updatable: boolean
  /** ISO time since when the CRM no longer shows it: it is described as it last was, and its last values are kept. */
  gone?: string
}

/** A table as the CRM describes it, with the fields that can be read. */
export interface SourceTable {
  name: string
  /** The name used in URLs. */
  setName: string
  idField: string
  nameField: string | null
  labels: Labels
  /** Whether the CRM itself can list changes and deletes of this table. */
  changeTracking: boolean
  /** The field that creates write their key into, where the table has one; `unique`: the CRM lets no second row have it. */
  keyField?: { name: string; unique: boolean }
  fields: SourceField[]
  /** How the table is asked for, where that is the connection's own: the connector alone understands it. */
  request?: unknown
}
