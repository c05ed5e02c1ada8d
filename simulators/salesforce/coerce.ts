import { canonicalDateTime, isDate } from './dates.ts'
import { ApiError } from './errors.ts'
import { longId } from './ids.ts'
import type { Organisation } from './organisation.ts'
import { visibleField } from './paths.ts'
import type { Field, Fields, Value } from './schema.ts'
import { find, idsByValue, isDeleted, type Table } from './table.ts'

type Given = Record<string, unknown>
const refused = (code: string, message: string, field: Field) => new ApiError(400, code, message, [field.name])

/** What a caller sent, as the fields keep it; whatever does not fit is refused. */
export function toFields(org: Organisation, table: Table, given: Given): Fields {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(given)) {
    if (name === 'attributes' || (name.toLowerCase() === 'id' && value === undefined)) continue
    if (typeof value === 'object' && value !== null) {
      Object.assign(fields, referred(org, table, name, value as Given))
      continue
    }
    const field = visibleField(org, table, name)
    if (field.readOnly)
      throw refused(
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        field,
      )
    fields[field.name] = coerce(org, field, value as Value)
  }
  return fields
}

/** `"Account": {"Key__c": "X"}`: a reference by another row's external id. */
function referred(org: Organisation, table: Table, name: string, by: Given): Fields {
  const field = table.definition.fields.find((f) => f.relationshipName?.toLowerCase() === name.toLowerCase())
  if (!field)
    throw new ApiError(400, 'INVALID_FIELD', `No such relation '${name}' on sobject of type ${table.definition.name}`)
  const [[key, value] = ['', '']] = Object.entries(by).filter(([k]) => k !== 'attributes')
  for (const target of field.referenceTo) {
    const other = org.tables.get(target.toLowerCase())
    const ids = other ? byExternalId(other, key, String(value)) : []
    if (ids.length === 1) return { [field.name]: ids[0]! }
  }
  throw new ApiError(
    400,
    'INVALID_FIELD',
    `Foreign key external ID: ${value} not found for field ${key} in entity ${field.referenceTo[0]}`,
  )
}

/** Live rows that carry this value in this field, whatever the case of its name. */
export function byExternalId(table: Table, name: string, value: string): string[] {
  const field = table.fields.get(name.toLowerCase())
  return field ? idsByValue(table, field.name, value) : []
}

function coerce(org: Organisation, field: Field, value: Value): Value {
  if (value === null || value === '') return field.type === 'boolean' ? false : null
  const wrong = (type: string) =>
    new ApiError(
      400,
      'JSON_PARSER_ERROR',
      `Cannot deserialize instance of ${type} from VALUE_STRING value ${value} or request may be missing a required field at [line:1, column:1]`,
    )
  switch (field.type) {
    case 'reference': {
      const id = longId(value)
      if (id === null) throw refused('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, field)
      const target = org.prefixes.get(id.slice(0, 3))
      if (!target || !field.referenceTo.includes(target.definition.name))
        throw refused('FIELD_INTEGRITY_EXCEPTION', `${field.label}: id value of incorrect type: ${value}`, field)
      const row = find(target, id)
      if (row === undefined || isDeleted(row))
        throw refused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', field)
      return id
    }
    case 'boolean':
      if (typeof value === 'boolean') return value
      if (/^(true|false)$/i.test(String(value))) return String(value).toLowerCase() === 'true'
      throw wrong('boolean')
    case 'int':
      if (!Number.isInteger(Number(value))) throw wrong('int')
      return Number(value)
    case 'double':
    case 'currency':
    case 'percent':
      if (Number.isNaN(Number(value))) throw wrong('double')
      return Number(value)
    case 'date':
      if (!isDate(String(value).slice(0, 10))) throw wrong('date')
      return String(value).slice(0, 10)
    case 'datetime': {
      const moment = canonicalDateTime(String(value))
      if (moment === null) throw wrong('datetime')
      return moment
    }
    default:
      return asText(field, value)
  }
}

function asText(field: Field, value: Value): string | null {
  const text = String(value)
  if (field.length > 0 && [...text].length > field.length)
    throw refused(
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${text.slice(0, 200)} (max length=${field.length})`,
      field,
    )
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
    throw refused('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${text}`, field)
  // Blanks around a text are not kept.
  return text.trim() === '' ? null : text.trim()
}
