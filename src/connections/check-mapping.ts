import { HubError } from '#core/errors.ts'
import type { FieldType, SourceField, SourceTable } from '#model/field.ts'
import type { MappedType, Mapping } from '#model/mapping.ts'

/** Which types of the CRM's columns can become each type of the model. */
const takes: Record<MappedType, readonly FieldType[]> = {
  text: ['text', 'memo', 'guid', 'choices', 'date', 'datetime'],
  integer: ['integer', 'bigint'],
  decimal: ['decimal', 'integer', 'bigint', 'money'],
  money: ['money', 'decimal'],
  boolean: ['boolean'],
  date: ['date', 'datetime'],
  datetime: ['datetime'],
  choice: ['choice', 'choices', 'boolean'],
  // The table that joins teams and users has its targets as plain ids.
  lookup: ['lookup', 'guid'],
}
const words: readonly FieldType[] = ['text', 'memo']
const shownInNames: readonly FieldType[] = ['text', 'memo', 'integer', 'bigint', 'choice', 'date', 'datetime']

const countries: readonly FieldType[] = [...words, 'choice', 'lookup']
const signsOfLife: readonly FieldType[] = ['choice', 'boolean', 'integer', 'text']

/** Which types of columns each place of a mapping takes: what the checks below demand, and all that an editor offers. */
export const mappingRules = {
  fields: takes,
  name: shownInNames,
  alsoSearched: shownInNames,
  phones: words,
  emails: words,
  country: countries,
  active: signsOfLife,
  modifiedAt: ['datetime'] as readonly FieldType[],
  relations: takes.lookup,
}

const modelName = /^[a-zA-Z][a-zA-Z0-9_]{0,99}$/
const roleName = /^[a-z][a-z0-9_]{0,99}$/

interface Checked {
  table: SourceTable
  columns: ReadonlySet<string>
}

/** Throws field.unknown or mapping.invalid, naming the field and what is allowed there. */
export function checkMapping(mapping: Mapping, table: SourceTable, columns: readonly string[]): void {
  const checked: Checked = { table, columns: new Set(columns) }
  for (const [name, mapped] of Object.entries(mapping.fields)) {
    if (!modelName.test(name)) {
      throw invalid(name, 'is no name for a field', 'Use letters, digits and underscores, a letter first.')
    }
    const allowed = Object.hasOwn(takes, mapped.type) ? takes[mapped.type] : undefined
    if (!allowed)
      throw invalid(name, `cannot be of type ${mapped.type}`, `Use one of ${Object.keys(takes).join(', ')}.`)
    needType(checked, mapped.from, { allowed, use: `as ${mapped.type} in ${name}` })
  }
  for (const from of mapping.name.flat()) needType(checked, from, { allowed: shownInNames, use: 'in the name' })
  for (const from of mapping.alsoSearched) needType(checked, from, { allowed: shownInNames, use: 'in the search' })
  for (const from of mapping.phones) needType(checked, from, { allowed: words, use: 'as a telephone number' })
  for (const from of mapping.emails) needType(checked, from, { allowed: words, use: 'as an e-mail address' })
  for (const from of mapping.country) {
    needType(checked, from, { allowed: countries, use: 'as the country' })
  }
  if (mapping.modifiedAt !== null) {
    needType(checked, mapping.modifiedAt, { allowed: mappingRules.modifiedAt, use: 'as the time of the last change' })
  }
  if (mapping.active) checkActive(checked, mapping.active)
  checkRelations(checked, mapping.relations)
}

function checkActive(checked: Checked, active: NonNullable<Mapping['active']>): void {
  const use = 'as the sign of an active record'
  const field = needType(checked, active.field, { allowed: signsOfLife, use })
  const wanted = field.type === 'boolean' ? 'boolean' : field.type === 'text' ? 'string' : 'number'
  if (active.values.length === 0 || active.values.some((value) => typeof value !== wanted)) {
    throw invalid(active.field, `${use} needs values of type ${wanted}`, 'Give one or more such values.')
  }
}

function checkRelations(checked: Checked, relations: Mapping['relations']): void {
  const roles = new Set<string>()
  for (const { role, from, entities } of relations) {
    if (!roleName.test(role)) throw invalid(from, `has “${role}” as a role`, 'Use lower-case letters and underscores.')
    if (roles.has(role)) throw invalid(from, `has a role, ${role}, that another relation has`, 'Name each role once.')
    roles.add(role)
    if (entities.length === 0) throw invalid(from, `points at no entity as ${role}`, 'Name at least one entity.')
    needType(checked, from, { allowed: takes.lookup, use: `as the relation ${role}` })
  }
}

function needType(
  { table, columns }: Checked,
  name: string,
  need: { allowed: readonly FieldType[]; use: string },
): SourceField {
  const field = readableField(table, name)
  if (!columns.has(name)) {
    throw invalid(name, `is used ${need.use} but is not copied`, `Add ${name} to the columns.`)
  }
  if (need.allowed.includes(field.type)) return field
  throw invalid(name, `is of type ${field.type} and cannot be used ${need.use}`, `Use a ${need.allowed.join(', ')}.`)
}

/** Throws field.unknown. */
export function readableField(table: SourceTable, name: string): SourceField {
  const field = table.fields.find((candidate) => candidate.name === name)
  if (field?.readable) return field
  const why = field ? 'may not be read' : 'does not exist'
  throw new HubError('field.unknown', `The column ${name} of ${table.name} ${why}`, {
    field: name,
    mend: field
      ? 'Give the application user the right to read it, or take another column.'
      : 'Check its spelling; the CRM’s own (logical) name is meant.',
  })
}

function invalid(field: string, what: string, mend: string): HubError {
  return new HubError('mapping.invalid', `${field} ${what}`, { field, mend })
}

/** The mapping without what is made of columns that are not there. */
export function pruneMapping(mapping: Mapping, columns: ReadonlySet<string>): Mapping {
  const has = (name: string) => columns.has(name)
  return {
    fields: Object.fromEntries(Object.entries(mapping.fields).filter(([, { from }]) => has(from))),
    name: mapping.name.map((names) => names.filter(has)).filter((names) => names.length > 0),
    alsoSearched: mapping.alsoSearched.filter(has),
    phones: mapping.phones.filter(has),
    emails: mapping.emails.filter(has),
    country: mapping.country.filter(has),
    active: mapping.active && has(mapping.active.field) ? mapping.active : null,
    modifiedAt: mapping.modifiedAt !== null && has(mapping.modifiedAt) ? mapping.modifiedAt : null,
    relations: mapping.relations.filter(({ from }) => has(from)),
  }
}
