import { dateTime, millis } from './dates.ts'
import { STAGES } from './objects.ts'
import { type Organisation, stampNow } from './organisation.ts'
import type { Fields } from './schema.ts'
import type { Table } from './table.ts'

/** Fields that follow from others. */
export function derive(org: Organisation, table: Table, fields: Fields, given: Fields): void {
  switch (table.definition.name) {
    case 'Contact':
    case 'Lead':
    case 'User':
      fields.Name = [fields.FirstName, fields.LastName].filter((n) => n !== null && n !== undefined).join(' ')
      return
    case 'Opportunity':
      opportunity(fields, given)
      return
    case 'Case':
      incident(org, table, fields)
      return
    case 'Task':
      fields.IsClosed = fields.Status === 'Completed'
      fields.CompletedDateTime = fields.IsClosed ? (fields.CompletedDateTime ?? dateTime(stampNow(org))) : null
      return
    case 'Event':
      event(fields, given)
      return
    default:
  }
}

function opportunity(fields: Fields, given: Fields): void {
  const [, probability = 0, closed = false, won = false] = STAGES.find(([name]) => name === fields.StageName) ?? []
  fields.IsClosed = closed
  fields.IsWon = won
  if (given.StageName !== undefined && given.Probability === undefined) fields.Probability = probability
}

function incident(org: Organisation, table: Table, fields: Fields): void {
  fields.CaseNumber ??= String(table.nextNumber + 1000).padStart(8, '0')
  fields.IsClosed = fields.Status === 'Closed'
  fields.ClosedDate = fields.IsClosed ? (fields.ClosedDate ?? dateTime(stampNow(org))) : null
}

/** Of start, end and length, the one that was not given follows. */
function event(fields: Fields, given: Fields): void {
  const start = fields.StartDateTime ?? fields.ActivityDateTime ?? null
  if (typeof start !== 'string') return
  fields.StartDateTime = start
  fields.ActivityDateTime = start
  fields.ActivityDate = start.slice(0, 10)
  const end = given.EndDateTime
  if (typeof end === 'string') fields.DurationInMinutes = Math.round((millis(end) - millis(start)) / 60_000)
  else fields.EndDateTime = dateTime(millis(start) + Number(fields.DurationInMinutes ?? 60) * 60_000)
}
