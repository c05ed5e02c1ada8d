import { columnsOf, type DefaultTable, mappedTypes } from '#connectors/default-table.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import type { MappedField, Mapping } from '#model/mapping.ts'
import { entityOf, stateIsActive } from './draft.ts'
import { defaultTables } from './fields.ts'

// Columns that every table has and that say nothing of the record itself.
const housekeeping =
  /^(?:_created(?:by|onbehalfby)_value|_modified(?:by|onbehalfby)_value|_owning\w+_value|importsequencenumber|overriddencreatedon|timezoneruleversionnumber|utcconversiontimezonecode|versionnumber|exchangerate|\w+_base|traversedpath|processid|stageid)$/

/** Numbers of 64 bits are versions, and when a picture was changed. */
const isHousekeeping = ({ name, type }: SourceField) => type === 'bigint' || housekeeping.test(name)

// Wide rows make every page slower; more columns can be added by hand.
const mostColumns = 60

/** A first mapping for a table that is not known, made of its own description. */
export function suggestTable(table: SourceTable): DefaultTable {
  const known = defaultTables.find((one) => one.table === table.name)
  if (known) return known
  const fields = table.fields
    .filter((field) => mappedTypes[field.type] && field.name !== table.idField && !isHousekeeping(field))
    .slice(0, mostColumns)
  const names = new Set(table.fields.map((field) => field.name))
  const texts = fields.filter((field) => field.type === 'text').map((field) => field.name)
  const mapping: Mapping = {
    fields: Object.fromEntries(fields.map((field) => [modelName(field), mapped(field)])),
    name: table.nameField ? [[table.nameField]] : [],
    alsoSearched: [],
    phones: texts.filter((name) => /phone|mobile|(?:^|_)tel/.test(name)),
    emails: texts.filter((name) => /e?mail/.test(name)),
    country: texts.filter((name) => /country/.test(name)),
    active: names.has('statecode') ? stateIsActive : null,
    modifiedAt: names.has('modifiedon') ? 'modifiedon' : null,
    relations: fields.filter((field) => field.type === 'lookup').flatMap(relation),
  }
  return {
    entity: entityOf(table.name),
    table: table.name,
    columns: columnsOf(table.idField, mapping),
    mapping,
    enabledByDefault: false,
  }
}

/** The CRM's own name, a lookup's without what the Web API puts around it. */
function modelName(field: SourceField): string {
  return field.type === 'lookup' ? field.name.slice(1, -'_value'.length) : field.name
}

function mapped(field: SourceField): MappedField {
  return { from: field.name, type: mappedTypes[field.type] ?? 'text' }
}

function relation(field: SourceField): Mapping['relations'] {
  const entities = (field.targets ?? []).map(entityOf)
  return entities.length === 0 ? [] : [{ role: roleOf(field), from: field.name, entities }]
}

function roleOf(field: SourceField): string {
  const name = modelName(field)
  return name === 'ownerid' ? 'owner' : name.replace(/id$/, '')
}
