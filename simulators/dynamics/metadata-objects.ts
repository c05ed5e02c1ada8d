import { guidOf } from '../organisation/random.ts'
import { privilegesOf } from './privileges.ts'
import { type AttributeType, type Column, type Key, LANGUAGES, type Label, type Option } from './schema.ts'
import type { Table } from './table.ts'

export type Meta = Record<string, unknown>

/** Every reading of the metadata holds a thousand of them, and their ids are what costs. */
const labelObjects = new WeakMap<Label, Meta>()

function labelObject(text: Label): Meta {
  const made = labelObjects.get(text) ?? makeLabelObject(text)
  labelObjects.set(text, made)
  return made
}

function makeLabelObject(text: Label): Meta {
  const localized = LANGUAGES.map((LanguageCode, i) => ({
    Label: text[i],
    LanguageCode,
    IsManaged: true,
    MetadataId: guidOf(LanguageCode, `label ${text[i]}`),
    HasChanged: null,
  }))
  return { LocalizedLabels: localized, UserLocalizedLabel: localized[0] }
}

export function entityObject({ definition: d }: Table): Meta {
  return {
    MetadataId: d.metadataId,
    LogicalName: d.logical,
    SchemaName: d.schema,
    EntitySetName: d.set,
    LogicalCollectionName: d.set,
    CollectionSchemaName: d.set,
    PrimaryIdAttribute: d.pk,
    PrimaryNameAttribute: d.nameColumn,
    ObjectTypeCode: d.code,
    DisplayName: labelObject(d.label),
    DisplayCollectionName: labelObject(d.plural),
    Description: { LocalizedLabels: [], UserLocalizedLabel: null },
    ChangeTrackingEnabled: d.changeTracking,
    CanChangeTrackingBeEnabled: {
      Value: true,
      CanBeChanged: true,
      ManagedPropertyLogicalName: 'canchangetrackingbeenabled',
    },
    IsOptimisticConcurrencyEnabled: true,
    IsDuplicateDetectionEnabled: {
      Value: false,
      CanBeChanged: true,
      ManagedPropertyLogicalName: 'canmodifyduplicatedetectionsettings',
    },
    IsActivity: d.activity,
    Privileges: privilegesOf(d),
    IsCustomEntity: d.custom,
    IsCustomizable: { Value: true, CanBeChanged: false, ManagedPropertyLogicalName: 'iscustomizable' },
    IsIntersect: d.logical === 'teammembership',
    IsLogicalEntity: false,
    IsManaged: !d.custom,
    IsPrivate: false,
    IsValidForAdvancedFind: true,
    OwnershipType: d.owned ? 'UserOwned' : 'OrganizationOwned',
    TableType: 'Standard',
    DataProviderId: null,
    HasChanged: null,
  }
}

const DATE_TYPES = new Set<AttributeType>(['DateTime', 'DateOnly'])

/** Attribute type as the service names it: dates are one type with a format. */
const typeName = (type: AttributeType) => (DATE_TYPES.has(type) ? 'DateTime' : type)

const CLASSES: Partial<Record<AttributeType, string>> = {
  Customer: 'LookupAttributeMetadata',
  Owner: 'LookupAttributeMetadata',
  PartyList: 'LookupAttributeMetadata',
  DateOnly: 'DateTimeAttributeMetadata',
  Uniqueidentifier: 'UniqueIdentifierAttributeMetadata',
}

const className = (type: AttributeType) => CLASSES[type] ?? `${typeName(type)}AttributeMetadata`

/** A cast segment (`Microsoft.Dynamics.CRM.PicklistAttributeMetadata`) as the types it lets through. */
export function castOf(segment: string): { types: AttributeType[] } | null {
  const name = segment.replace('Microsoft.Dynamics.CRM.', '')
  const types = ALL_TYPES.filter(
    (type) => className(type) === name || (name === 'EnumAttributeMetadata' && ENUMS.has(type)),
  )
  return types.length === 0 ? null : { types }
}

const ENUMS = new Set<AttributeType>(['Picklist', 'MultiSelectPicklist', 'State', 'Status'])
const ALL_TYPES: AttributeType[] = [
  ...(['Uniqueidentifier', 'String', 'Memo', 'Integer', 'BigInt', 'Decimal', 'Double', 'Money', 'Boolean'] as const),
  ...([
    'DateTime',
    'DateOnly',
    'Picklist',
    'MultiSelectPicklist',
    'State',
    'Status',
    'Lookup',
    'Customer',
    'Owner',
    'PartyList',
  ] as const),
]

/** Columns that exist in metadata only: `<lookup>name` cannot be selected through the Web API. */
export function attributesOf(table: Table): Column[] {
  return table.definition.columns
}

const managed = (Value: unknown, name: string) => ({ Value, CanBeChanged: true, ManagedPropertyLogicalName: name })

export function attributeObject(table: Table, c: Column, _cast: boolean): Meta {
  const { definition } = table
  return {
    '@odata.type': `#Microsoft.Dynamics.CRM.${className(c.type)}`,
    MetadataId: c.metadataId,
    LogicalName: c.name,
    SchemaName: c.schema,
    EntityLogicalName: definition.logical,
    // Choices came after the closed list of types: only their name tells them.
    AttributeType: c.type === 'MultiSelectPicklist' ? 'Virtual' : typeName(c.type),
    AttributeTypeName: { Value: `${typeName(c.type)}Type` },
    AttributeOf: null,
    DisplayName: labelObject(c.label),
    Description: { LocalizedLabels: [], UserLocalizedLabel: null },
    RequiredLevel: managed(c.required, 'canmodifyrequirementlevelsettings'),
    IsPrimaryId: c.name === definition.pk,
    IsPrimaryName: c.name === definition.nameColumn,
    IsValidForCreate: c.create,
    IsValidForUpdate: c.update,
    IsValidForRead: c.name !== 'authvalue',
    IsValidODataAttribute: true,
    IsCustomAttribute: c.custom,
    IsManaged: !c.custom,
    IsLogical: false,
    IsSecured: false,
    IsFilterable: true,
    IsSearchable: true,
    IsRetrievable: true,
    IsValidForAdvancedFind: managed(true, 'canmodifysearchsettings'),
    IsAuditEnabled: managed(true, 'canmodifyauditsettings'),
    SourceType: 0,
    ColumnNumber: definition.columns.indexOf(c) + 1,
    HasChanged: null,
    ...typed(c),
  }
}

/** What each class of attribute adds. */
function typed(c: Column): Meta {
  switch (c.type) {
    case 'String':
    case 'Memo':
      return { MaxLength: c.maxLength ?? 100, Format: c.format ?? 'Text', FormatName: { Value: c.format ?? 'Text' } }
    case 'DateTime':
      return { Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } }
    case 'DateOnly':
      return { Format: 'DateOnly', DateTimeBehavior: { Value: 'DateOnly' } }
    case 'Money':
      return { Precision: 4, PrecisionSource: 2, MinValue: -922337203685477, MaxValue: 922337203685477 }
    case 'Decimal':
      return { Precision: 10, MinValue: -100000000000, MaxValue: 100000000000 }
    case 'Double':
      return { Precision: 5, MinValue: -100000000000, MaxValue: 100000000000 }
    case 'Integer':
      return { MinValue: -2147483648, MaxValue: 2147483647, Format: 'None' }
    case 'Lookup':
    case 'Customer':
    case 'Owner':
    case 'PartyList':
      return { Targets: c.targets }
    default:
      return {}
  }
}

const optionObject = (o: Option): Meta => ({
  Value: o.value,
  Label: labelObject(o.label),
  Description: { LocalizedLabels: [], UserLocalizedLabel: null },
  Color: null,
  IsManaged: true,
  ExternalValue: null,
  ...(o.state === undefined ? {} : { State: o.state }),
})

/** The `OptionSet` of a choice, state, status or yes/no column; null for others. */
export function optionSets(table: Table, name: string): Meta | null {
  const column = table.definition.columns.find((c) => c.name === name)
  if (!column?.options) return null
  const common = {
    MetadataId: guidOf(2, `options ${table.definition.logical} ${name}`),
    Name: `${table.definition.logical}_${name}`,
    DisplayName: labelObject(column.label),
    IsGlobal: false,
    IsCustomOptionSet: column.custom,
  }
  const [no, yes] = column.options
  if (column.type === 'Boolean' && no && yes)
    return { ...common, OptionSetType: 'Boolean', FalseOption: optionObject(no), TrueOption: optionObject(yes) }
  return { ...common, OptionSetType: column.type, Options: column.options.map(optionObject) }
}

export function keyObject(table: Table, key: Key): Meta {
  return {
    MetadataId: key.metadataId,
    LogicalName: key.name,
    SchemaName: key.schema,
    EntityLogicalName: table.definition.logical,
    KeyAttributes: key.columns,
    DisplayName: labelObject(key.label),
    EntityKeyIndexStatus: keyStatus(key),
    AsyncJob: keyStatus(key) === 'Active' ? null : { asyncoperationid: guidOf(3, key.name) },
    IsManaged: false,
    HasChanged: null,
  }
}

/** A system job builds the index: Pending, InProgress, then Active. */
export function keyStatus(key: Key): 'Pending' | 'InProgress' | 'Active' {
  const left = key.activeAt - Date.now()
  return left <= 0 ? 'Active' : left < 200 ? 'InProgress' : 'Pending'
}

export function manyToOne(table: Table): Meta[] {
  const { definition } = table
  return definition.columns.flatMap((c) =>
    Object.entries(c.navs ?? {}).map(([target, nav]) => ({
      MetadataId: guidOf(4, `${definition.logical} ${c.name} ${target}`),
      SchemaName: `${definition.logical}_${c.name}_${target}`,
      RelationshipType: 'OneToManyRelationship',
      ReferencingEntity: definition.logical,
      ReferencingAttribute: c.name,
      ReferencingEntityNavigationPropertyName: nav,
      ReferencedEntity: target,
      ReferencedAttribute: `${target}id`,
      ReferencedEntityNavigationPropertyName: `${definition.logical}_${c.name}`,
    })),
  )
}
