import { columnsOf, type DefaultTable, mappedTypes } from '#connectors/default-table.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import type { Mapping } from '#model/mapping.ts'
import { entityOf } from './draft.ts'
import { defaultTables } from './fields.ts'

// Fields that every object has and that say nothing of the record itself.
const housekeeping =
  /^(?:Id|IsDeleted|MasterRecordId|SystemModstamp|CreatedById|LastModifiedById|LastViewedDate|LastReferencedDate|LastActivityDate|Jackfield_Id__c|Jigsaw\w*|PhotoUrl|CleanStatus|\w+GeocodeAccuracy)$/

// Wide rows make every page slower; more fields can be added by hand.
const mostColumns = 60

/** A first mapping for an object that is not known, made of its own description. */
export function suggestTable(table: SourceTable): DefaultTable {
  const known = defaultTables.find((one) => one.table === table.name)
  if (known) return known
  const fields = table.fields
    .filter((field) => field.readable && mappedTypes[field.type] && !housekeeping.test(field.name))
    .slice(0, mostColumns)
  const texts = fields.filter((field) => field.type === 'text').map((field) => field.name)
  const names = new Set(fields.map((field) => field.name))
  const mapping: Mapping = {
    fields: Object.fromEntries(
      fields.map((field) => [field.name, { from: field.name, type: mappedTypes[field.type] ?? 'text' }]),
    ),
    name: table.nameField && names.has(table.nameField) ? [[table.nameField]] : [],
    alsoSearched: [],
    phones: texts.filter((name) => /phone|mobile/i.test(name)),
    emails: texts.filter((name) => /e_?mail/i.test(name)),
    country: texts.filter((name) => /country/i.test(name)),
    active: null,
    modifiedAt: 'SystemModstamp',
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

function relation(field: SourceField): Mapping['relations'] {
  const entities = (field.targets ?? []).map(entityOf)
  const role = field.name === 'OwnerId' ? 'owner' : field.name.toLowerCase()
  return entities.length === 0 ? [] : [{ role, from: field.name, entities }]
}
