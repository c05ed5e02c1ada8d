/** How a field of the model is made of the CRM's field. */
export type MappedType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'choice'
  | 'lookup'

export interface MappedField {
  /** The CRM's field name. */
  from: string
  type: MappedType
}

/** How rows of one CRM table become records: data, changed by people, versioned by synced_table.rule_version. */
export interface Mapping {
  /** Model field → the CRM's field. */
  fields: Record<string, MappedField>
  /** The CRM's fields that make the shown name: the first non-empty one wins; several in one entry are joined by a blank. */
  name: string[][]
  /** The CRM's fields with more words to search by, besides the name. */
  alsoSearched: string[]
  /** The CRM's fields that hold telephone numbers, most personal first. */
  phones: string[]
  emails: string[]
  /** The CRM's fields that name the record's country, as a name or an ISO code. */
  country: string[]
  /** The record is active when this field holds one of these values. */
  active: { field: string; values: (number | string | boolean)[] } | null
  modifiedAt: string | null
  /** A relation: its role, the CRM's field with the target's id, and the entities that it may point at. */
  relations: { role: string; from: string; entities: string[] }[]
}
