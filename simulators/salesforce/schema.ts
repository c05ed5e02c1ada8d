import type { Value } from '../organisation/seed.ts'

export type { Value }
export type Fields = Record<string, Value>

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'reference'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'email'
  | 'phone'
  | 'url'

export type Field = {
  name: string
  label: string
  type: FieldType
  length: number
  required: boolean
  readOnly: boolean
  externalId: boolean
  unique: boolean
  referenceTo: string[]
  relationshipName: string | null
  picklist: string[]
  defaultValue: Value
}

export type ObjectDefinition = {
  name: string
  label: string
  labelPlural: string
  keyPrefix: string
  nameField: string
  fields: Field[]
  /** Rows go to the recycle bin and can be merged. */
  mergeable: boolean
  createable: boolean
}

const LENGTHS: Partial<Record<FieldType, number>> = {
  id: 18,
  string: 255,
  textarea: 32_000,
  picklist: 255,
  reference: 18,
  email: 80,
  phone: 40,
  url: 255,
}

/** `BillingPostalCode` → `Billing Postal Code`. */
const spaced = (name: string) =>
  name
    .replace(/__c$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')

/**
 * A field as one line: `Name string 255 required`, `OwnerId reference User|Group`, `Status picklist Open|Closed =Open`.
 * Words: `required`, `readonly`, `external`, `unique`; `=x` is what an absent value becomes.
 */
export function field(line: string): Field {
  const [name = '', type = 'string', ...words] = line.trim().split(/\s+/)
  const kind = type as FieldType
  const has = (word: string) => words.includes(word)
  const list = words.find((w) => !/^(\d+|required|readonly|external|unique|=.*)$/.test(w))?.split('|') ?? []
  const values = list.map((v) => v.replaceAll('_', ' '))
  const start = words
    .find((w) => w.startsWith('='))
    ?.slice(1)
    .replaceAll('_', ' ')
  const length = Number(words.find((w) => /^\d+$/.test(w)) ?? LENGTHS[kind] ?? 0)
  return {
    name,
    label: kind === 'reference' ? `${spaced(name.replace(/Id$/, ''))} ID` : spaced(name),
    type: kind,
    length,
    required: has('required'),
    readOnly: has('readonly') || kind === 'id',
    externalId: has('external'),
    unique: has('unique'),
    referenceTo: kind === 'reference' ? list : [],
    relationshipName: kind === 'reference' ? name.replace(/Id$/, '').replace(/__c$/, '__r') : null,
    picklist: kind === 'picklist' ? values : [],
    defaultValue:
      start === undefined ? (kind === 'boolean' ? false : null) : kind === 'boolean' ? start === 'true' : start,
  }
}

const SYSTEM = `CreatedDate datetime readonly
CreatedById reference User readonly
LastModifiedDate datetime readonly
LastModifiedById reference User readonly
SystemModstamp datetime readonly`

type Shape = {
  prefix: string
  plural?: string
  nameField?: string
  fields: string
  recycled?: boolean
  mergeable?: boolean
  createable?: boolean
}

export function object(name: string, shape: Shape): ObjectDefinition {
  const { prefix, plural, nameField, fields, recycled = true, mergeable = false, createable = true } = shape
  const lines = [
    'Id id',
    ...(recycled ? ['IsDeleted boolean readonly'] : []),
    ...(mergeable ? [`MasterRecordId reference ${name} readonly`] : []),
    ...fields.trim().split('\n'),
    ...SYSTEM.split('\n'),
  ]
  return {
    name,
    label: spaced(name),
    labelPlural: plural ?? `${spaced(name)}s`,
    keyPrefix: prefix,
    nameField: nameField ?? 'Name',
    fields: lines.map(field),
    mergeable,
    createable,
  }
}
