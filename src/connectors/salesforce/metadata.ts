import type { CrmSession } from '#connectors/call.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { FieldFormat, FieldType, Labels, SourceField, SourceTable } from '#model/field.ts'
import { askJson } from './client.ts'
import { kinds } from './draft.ts'
import { objectDescription, objectList, type WireField } from './wire.ts'

/** What creates write their key into. */
export const keyFieldName = 'Jackfield_Id__c'

const types: Record<string, FieldType> = {
  id: 'text',
  string: 'text',
  textarea: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  time: 'text',
  encryptedstring: 'text',
  multipicklist: 'text',
  picklist: 'choice',
  combobox: 'choice',
  boolean: 'boolean',
  int: 'integer',
  long: 'bigint',
  double: 'decimal',
  percent: 'decimal',
  currency: 'money',
  date: 'date',
  datetime: 'datetime',
  reference: 'lookup',
}

const formats: Record<string, FieldFormat> = { email: 'email', phone: 'phone', url: 'url' }

/** They tell how a row was deleted, and are asked for by the connector alone. */
const ofDeletion = new Set(['IsDeleted', 'MasterRecordId'])

/** Labels come in the language of the integration user alone, which is taken to be English. */
const labelled = (label: string | null | undefined): Labels => (label ? { en: label } : {})

/** All objects that can be queried and whose changes are stamped. */
export async function listTables(session: CrmSession): Promise<{ name: string; labels: Labels }[]> {
  const asked = { what: 'to list its objects', lane: 'person' } as const
  const { sobjects } = await askJson(session, 'sobjects', asked, objectList)
  const own = Object.entries(kinds).map(([name, { label }]) => ({ name, labels: labelled(label) }))
  const rest = sobjects
    .filter(({ name, queryable, replicateable }) => queryable && replicateable !== false && !kinds[name])
    .map(({ name, label }) => ({ name, labels: labelled(label) }))
  return [...own, ...rest].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A table with the fields that can be read; throws `resource.not_found` where there is no such object. */
export async function describeTable(session: CrmSession, table: string): Promise<SourceTable> {
  const kind = Object.keys(kinds).find((name) => name.toLowerCase() === table.toLowerCase())
  const object = kind ? kinds[kind]!.object : table
  if (!/^[a-z][a-z0-9_]*$/i.test(object)) throw noTable(table)
  const asked = { what: `to describe ${object}`, lane: 'person' } as const
  const found = await askJson(session, `sobjects/${object}/describe`, asked, objectDescription).catch(
    (error: unknown) => {
      throw isHubError(error, 'crm.refused') && error.detail.vendorStatus === 404 ? noTable(table) : error
    },
  )
  if (found.queryable === false || !found.fields.some(({ name }) => name === 'SystemModstamp')) throw noTable(table)
  const fields = found.fields.flatMap((field) => toField(field) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))
  // One that may not be written would have every create refused.
  const key = found.fields.find(({ name, createable }) => name === keyFieldName && createable === true)
  return {
    name: kind ?? found.name,
    setName: found.name,
    idField: 'Id',
    nameField: found.fields.find(({ nameField }) => nameField)?.name ?? null,
    labels: labelled(kind ? kinds[kind]!.label : found.label),
    changeTracking: false,
    ...(key ? { keyField: { name: key.name, unique: key.externalId === true && key.unique === true } } : {}),
    fields,
  }
}

function noTable(table: string): HubError {
  return new HubError('resource.not_found', `This organisation has no object ${table} that can be copied`, {
    mend: 'Take the API name from the list of its objects.',
  })
}

/** Null for kinds that have no value of their own in a row: compound addresses and places, files. */
function toField(field: WireField): SourceField | null {
  const options = (field.picklistValues ?? []).map(({ value, label }) => ({ value, labels: labelled(label) }))
  const found = types[field.type]
  if (!found || field.deprecatedAndHidden) return null
  const type = found === 'choice' && options.length === 0 ? 'text' : found
  const long = type === 'text' && field.filterable === false
  return {
    name: field.name,
    type: long ? 'memo' : type,
    labels: labelled(field.label),
    required: field.nillable === false && field.createable === true && field.defaultedOnCreate !== true,
    readable: !ofDeletion.has(field.name),
    creatable: field.createable === true,
    updatable: field.updateable === true,
    ...(type === 'text' && field.length ? { maxLength: field.length } : {}),
    ...(formats[field.type] ? { format: formats[field.type] } : {}),
    ...(type === 'choice' ? { options } : {}),
    ...(type === 'lookup' ? { targets: field.referenceTo ?? [] } : {}),
  }
}
