/**
 * The entities that Jackfield knows by name; a custom table is an entity too, under the CRM's own table name.
 * Entities are data: none has a table, an enum or code of its own.
 */
export const standardEntities = [
  'account',
  'contact',
  'lead',
  'opportunity',
  'incident',
  'appointment',
  'phone_call',
  'task',
  'user',
  'team',
  'team_member',
  'currency',
] as const

export type StandardEntity = (typeof standardEntities)[number]
/** A standard entity's name or a custom table's name in the CRM: lower case letters, digits and underscores. */
export type Entity = string
