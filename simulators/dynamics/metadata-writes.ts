import { guidOf } from '../organisation/random.ts'
import { odata, ServiceError } from './errors.ts'
import { empty, type Reply } from './http.ts'
import { isDigits, type Json, type JsonObject, parseBody } from './json-body.ts'
import { keyOf, tableOf } from './metadata.ts'
import { type Organization, schemaChanged } from './organization.ts'
import { type AttributeType, column, type Key, type Label, label } from './schema.ts'
import type { Call } from './service.ts'
import type { Table } from './table.ts'

/** New columns and keys, ReactivateEntityKey, and ChangeTrackingEnabled by PUT. */
export function metadataWrite(call: Call): Reply {
  const { org } = call.service
  const key = keyOf(call.segments[0]!)
  if (!key) throw odata('Operation not supported on EntityMetadata', 405)
  const table = tableOf(org, key)
  const body = call.request.body === '' ? {} : parseBody('EntityDefinitions', call.request.body)
  const collection = call.segments[1]?.split('(')[0]
  const root = `${call.root}EntityDefinitions(LogicalName='${table.definition.logical}')`
  const { method } = call.request
  if (method === 'POST' && collection === 'Attributes')
    return created(`${root}/Attributes(${createColumn(org, table, body)})`)
  if (method === 'POST' && collection === 'Keys') return created(`${root}/Keys(${createKey(org, table, body)})`)
  if (method === 'PUT' && collection === undefined) return update(org, table, body)
  if (method === 'DELETE' && collection === 'Attributes')
    return dropColumn(org, table, keyOf(call.segments[1]!)?.value ?? '')
  throw odata('Operation not supported on EntityMetadata', 405)
}

const created = (address: string) => empty({ 'odata-entityid': address, location: address })

const TYPES: Record<string, AttributeType> = {
  DateTimeAttributeMetadata: 'DateTime',
  UniqueIdentifierAttributeMetadata: 'Uniqueidentifier',
}
const PLAIN = new Set(['String', 'Memo', 'Integer', 'BigInt', 'Decimal', 'Double', 'Money', 'Boolean'])

function typeOf(body: JsonObject): AttributeType {
  const name = String(body['@odata.type'] ?? '').replace(/^#?Microsoft\.Dynamics\.CRM\./, '')
  const simple = name.replace('AttributeMetadata', '')
  const type = TYPES[name] ?? (PLAIN.has(simple) ? (simple as AttributeType) : null)
  if (!type) throw odata(`The attribute type '${name}' cannot be created here.`)
  return type === 'DateTime' && body.Format === 'DateOnly' ? 'DateOnly' : type
}

/** Labels by language; the first stands in for those missing. */
function labelOf(value: Json | undefined): Label {
  const list = (value as JsonObject | undefined)?.LocalizedLabels
  const texts = new Map<number, string>()
  for (const item of Array.isArray(list) ? list : []) {
    const { Label: text, LanguageCode } = item as JsonObject
    if (isDigits(LanguageCode)) texts.set(Number(LanguageCode.digits), String(text))
  }
  const first = [...texts.values()][0] ?? ''
  return label([1033, 1036, 1043].map((code) => texts.get(code) ?? first).join('|'))
}

function createColumn(org: Organization, table: Table, body: JsonObject): string {
  const schema = String(body.SchemaName ?? '')
  const name = schema.toLowerCase()
  if (!/^[a-z]\w*_\w+$/.test(name))
    throw new ServiceError(
      400,
      '0x80047009',
      `The schema name '${schema}' is not valid: it needs a publisher's prefix.`,
    )
  if (table.definition.columns.some((c) => c.name === name))
    throw new ServiceError(400, '0x80047013', `An attribute with the specified name ${schema} already exists`)
  const type = typeOf(body)
  const added = column(name, type, labelOf(body.DisplayName).join('|'), {
    schema,
    custom: true,
    ...(type === 'String' || type === 'Memo'
      ? { maxLength: isDigits(body.MaxLength) ? Number(body.MaxLength.digits) : 100 }
      : {}),
  })
  added.metadataId = guidOf(org.seed, `${table.definition.logical} ${name} ${org.counter}`)
  table.definition.columns.push(added)
  schemaChanged(org, table)
  return added.metadataId
}

const KEY_TYPES = new Set<AttributeType>(['Decimal', 'Integer', 'String', 'DateTime', 'Lookup', 'Picklist'])

function createKey(org: Organization, table: Table, body: JsonObject): string {
  const schema = String(body.SchemaName ?? '')
  const columns = Array.isArray(body.KeyAttributes) ? body.KeyAttributes.map(String) : []
  if (table.definition.keys.length >= 10) throw new ServiceError(400, '0x80060894', 'A table can have at most 10 keys.')
  if (columns.length === 0 || columns.length > 16) throw odata('A key takes 1 to 16 columns.')
  for (const name of columns) {
    const type = table.definition.columns.find((c) => c.name === name)?.type
    if (!type || !KEY_TYPES.has(type)) throw odata(`The column '${name}' cannot be part of a key.`)
  }
  const key: Key = {
    name: schema.toLowerCase(),
    schema,
    columns,
    label: labelOf(body.DisplayName),
    metadataId: guidOf(org.seed, `key ${table.definition.logical} ${schema} ${org.counter}`),
    activeAt: Date.now() + org.settings.keyIndexMs,
  }
  if (table.definition.keys.some((k) => k.name === key.name))
    throw new ServiceError(400, '0x80060893', `An entity key with the name ${schema} already exists.`)
  table.definition.keys.push(key)
  schemaChanged(org, table)
  return key.metadataId
}

/** Change tracking is switched on once and never off. */
function update(org: Organization, table: Table, body: JsonObject): Reply {
  if (typeof body.ChangeTrackingEnabled === 'boolean') {
    if (!body.ChangeTrackingEnabled && table.definition.changeTracking)
      throw odata('Change tracking cannot be disabled once it is enabled.')
    table.definition.changeTracking = body.ChangeTrackingEnabled
    schemaChanged(org, table)
  }
  return empty()
}

function dropColumn(org: Organization, table: Table, name: string): Reply {
  const at = table.definition.columns.findIndex((c) => c.name === name)
  if (at < 0) throw new ServiceError(404, '0x80060888', `Attribute ${name} not found.`)
  table.definition.columns.splice(at, 1)
  schemaChanged(org, table)
  return empty()
}
