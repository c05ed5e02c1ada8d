import type { z } from 'zod'
import type { CrmSession } from '#connectors/call.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { FieldFormat, FieldType, Labels, LookupBind, SourceField, SourceTable } from '#model/field.ts'
import { apiPath, askJson } from './client.ts'
import { labelsOf, optionsOf } from './labels.ts'
import { isActivity, partiesField } from './parties.ts'
import type { WireAttribute, WireAttributeDetail } from './wire.ts'
import { attributeDetailList, attributeList, relationshipList, tableDefinition, tableList } from './wire.ts'

const types: Record<string, FieldType> = {
  String: 'text',
  Memo: 'memo',
  Integer: 'integer',
  BigInt: 'bigint',
  Decimal: 'decimal',
  Double: 'decimal',
  Money: 'money',
  Boolean: 'boolean',
  DateTime: 'datetime',
  Picklist: 'choice',
  State: 'choice',
  Status: 'choice',
  Lookup: 'lookup',
  Customer: 'lookup',
  Owner: 'lookup',
  Uniqueidentifier: 'guid',
}

const formats: Record<string, FieldFormat> = { Email: 'email', Phone: 'phone', Url: 'url' }

/** The casts of an attribute, and what each is asked for. */
const casts: Record<string, string> = {
  StringAttributeMetadata: '$select=LogicalName,MaxLength,FormatName',
  MemoAttributeMetadata: '$select=LogicalName,MaxLength',
  DateTimeAttributeMetadata: '$select=LogicalName,Format,DateTimeBehavior',
  LookupAttributeMetadata: '$select=LogicalName,Targets',
  PicklistAttributeMetadata: '$select=LogicalName&$expand=OptionSet,GlobalOptionSet',
  MultiSelectPicklistAttributeMetadata: '$select=LogicalName&$expand=OptionSet,GlobalOptionSet',
  StateAttributeMetadata: '$select=LogicalName&$expand=OptionSet',
  StatusAttributeMetadata: '$select=LogicalName&$expand=OptionSet',
  BooleanAttributeMetadata: '$select=LogicalName&$expand=OptionSet',
}

const attributeColumns = [
  'LogicalName',
  'AttributeType',
  'AttributeTypeName',
  'AttributeOf',
  'DisplayName',
  'RequiredLevel',
  'IsValidForRead',
  'IsValidForCreate',
  'IsValidForUpdate',
]

function ask<T>(session: CrmSession, path: string, table: string, schema: z.ZodType<T>): Promise<T> {
  const what = `to describe ${table}`
  return askJson(session, `${apiPath}/${path}`, { what, lane: 'person' }, schema)
}

/** All tables that have rows of their own in the Web API. */
export async function listTables(session: CrmSession): Promise<{ name: string; labels: Labels }[]> {
  const { value } = await allTables(session)
  return value
    .filter((table) => table.EntitySetName)
    .map((table) => ({ name: table.LogicalName, labels: labelsOf(table.DisplayName) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function allTables(session: CrmSession) {
  return ask(session, 'EntityDefinitions?$select=LogicalName,EntitySetName,DisplayName', 'its tables', tableList)
}

/** A table with the columns that can be read; throws `resource.not_found` where there is no such table. */
export async function describeTable(session: CrmSession, given: string): Promise<SourceTable> {
  const table = given.toLowerCase()
  const definition = await defineTable(session, table)
  const base = `EntityDefinitions(LogicalName='${table}')`
  const [{ value: attributes }, details, relationships, { value: tables }] = await Promise.all([
    ask(session, `${base}/Attributes?$select=${attributeColumns.join(',')}`, table, attributeList),
    attributeDetails(session, base, table),
    ask(
      session,
      `${base}/ManyToOneRelationships?$select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName`,
      table,
      relationshipList,
    ),
    allTables(session),
  ])
  const setNames = new Map(tables.map((one) => [one.LogicalName, one.EntitySetName ?? '']))
  const navigation = new Map<string, string>()
  for (const {
    ReferencingAttribute,
    ReferencedEntity,
    ReferencingEntityNavigationPropertyName,
  } of relationships.value) {
    const name = ReferencingEntityNavigationPropertyName
    if (name) navigation.set(`${ReferencingAttribute} ${ReferencedEntity}`, name)
  }
  const lookups = new Set(attributes.flatMap((one) => (types[one.AttributeType] === 'lookup' ? [one.LogicalName] : [])))
  const fields = attributes
    .filter((attribute) => isColumn(attribute, lookups))
    .flatMap((attribute) => toField(attribute, details.get(attribute.LogicalName)) ?? [])
    .map((field) => withBinds(field, navigation, setNames))
  const parties = partiesField(table, attributes, details, setNames)
  const all = [...fields, ...(parties ? [parties] : [])].map((field) => withState(field, definition))
  return { ...definition, fields: all.sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

export async function defineTable(session: CrmSession, table: string): Promise<Omit<SourceTable, 'fields'>> {
  if (!/^[a-z][a-z0-9_]*$/i.test(table)) throw noTable(table)
  const select = 'LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,DisplayName,ChangeTrackingEnabled'
  const path = `EntityDefinitions(LogicalName='${table}')?$select=${select}`
  const found = await ask(session, path, table, tableDefinition).catch((error: unknown) => {
    throw isHubError(error, 'crm.refused') && error.detail.vendorStatus === 404 ? noTable(table) : error
  })
  const { EntitySetName, PrimaryIdAttribute } = found
  if (!EntitySetName || !PrimaryIdAttribute) throw noTable(table)
  return {
    name: found.LogicalName,
    setName: EntitySetName,
    idField: PrimaryIdAttribute,
    nameField: found.PrimaryNameAttribute || null,
    labels: labelsOf(found.DisplayName),
    changeTracking: found.ChangeTrackingEnabled === true,
  }
}

function noTable(table: string): HubError {
  return new HubError('resource.not_found', `This organisation has no table ${table}`, {
    mend: 'Take the name from the list of its tables; it is the logical name, in lower case.',
  })
}

async function attributeDetails(session: CrmSession, base: string, table: string) {
  const details = new Map<string, WireAttributeDetail>()
  const answers = await Promise.all(
    Object.entries(casts).map(([cast, query]) =>
      ask(session, `${base}/Attributes/Microsoft.Dynamics.CRM.${cast}?${query}`, table, attributeDetailList).catch(
        // An organisation that does not know a kind of column has none of it.
        (error: unknown) => (isHubError(error, 'crm.refused') ? { value: [] } : Promise.reject(error)),
      ),
    ),
  )
  for (const { value } of answers) for (const detail of value) details.set(detail.LogicalName, detail)
  return details
}

/** Not the shadows of other columns: names of lookups and choices, which the Web API refuses to select. */
function isColumn(attribute: WireAttribute, lookups: ReadonlySet<string>): boolean {
  if (attribute.IsValidForRead === false || attribute.AttributeOf) return false
  if (attribute.AttributeType === 'Virtual') return isMultiChoice(attribute)
  const shadowed = /^(.+?)(?:yomi)?name$/.exec(attribute.LogicalName)?.[1]
  return shadowed === undefined || !lookups.has(shadowed)
}

function isMultiChoice(attribute: WireAttribute): boolean {
  return attribute.AttributeTypeName?.Value === 'MultiSelectPicklistType'
}

function toField(attribute: WireAttribute, detail: WireAttributeDetail | undefined): SourceField | null {
  const type = isMultiChoice(attribute) ? 'choices' : fieldType(attribute.AttributeType, detail)
  if (type === null) return null
  const name = attribute.LogicalName
  const level = attribute.RequiredLevel?.Value
  const field: SourceField = {
    name: type === 'lookup' ? `_${name}_value` : name,
    type,
    labels: labelsOf(attribute.DisplayName),
    required: level === 'SystemRequired' || level === 'ApplicationRequired',
    readable: true,
    creatable: attribute.IsValidForCreate === true,
    updatable: attribute.IsValidForUpdate === true,
  }
  if (typeof detail?.MaxLength === 'number') field.maxLength = detail.MaxLength
  const format = formats[detail?.FormatName?.Value ?? '']
  if (format) field.format = format
  if (type === 'lookup') field.targets = detail?.Targets ?? []
  if (type === 'choice' || type === 'choices' || type === 'boolean') {
    field.options = optionsOf([detail?.OptionSet, detail?.GlobalOptionSet])
  }
  return field
}

/** Null for kinds that have no value of their own in a row: images, names of tables, and parties, which are described together. */
function fieldType(vendor: string, detail: WireAttributeDetail | undefined): FieldType | null {
  const type = types[vendor] ?? null
  if (type !== 'datetime') return type
  // The behaviour decides what is sent: a column shown without its time may still be sent with one.
  const behaviour = detail?.DateTimeBehavior?.Value
  const dateOnly = behaviour === undefined ? detail?.Format === 'DateOnly' : behaviour === 'DateOnly'
  return dateOnly ? 'date' : 'datetime'
}

/** An activity is made open, and completed behind that in the same change set (`write-activity.ts`). */
function withState(field: SourceField, definition: Pick<SourceTable, 'idField'>): SourceField {
  const isState = field.name === 'statecode' || field.name === 'statuscode'
  return isState && isActivity(definition) ? { ...field, creatable: field.updatable } : field
}

function withBinds(
  field: SourceField,
  navigation: ReadonlyMap<string, string>,
  setNames: ReadonlyMap<string, string>,
): SourceField {
  if (field.type !== 'lookup') return field
  const lookup = field.name.slice(1, -'_value'.length)
  const binds: Record<string, LookupBind> = {}
  for (const target of field.targets ?? []) {
    const setName = setNames.get(target)
    // Users and teams are bound through the relationship to the table above both.
    const property = navigation.get(`${lookup} ${target}`) ?? navigation.get(`${lookup} owner`)
    if (setName && property) binds[target] = { property, setName }
  }
  return { ...field, binds }
}
