import { demand } from './auth.ts'
import { payload, ServiceError, undeclared } from './errors.ts'
import { isDigits, type Json } from './json-body.ts'
import { type Context, resolve } from './resolve.ts'
import type { Fields } from './schema.ts'
import type { Table } from './table.ts'

type Party = { participationtypemask: number; _partyid_value: string }

/** "ActivityParty table reference", ParticipationTypeMask. Owner and regarding are the service's own. */
const MASKS: Record<string, number> = { from: 1, to: 2, requiredattendees: 5, optionalattendees: 6, organizer: 7 }

/** The name by which an activity's parties are written and expanded; null for what is no activity. */
export const partiesName = ({ definition }: Table): string | null =>
  definition.activity ? `${definition.logical}_activity_parties` : null

/** All of an activity's parties: a list takes the place of the one before. */
export function readParties(c: Context, table: Table, value: Json): string {
  const name = partiesName(table)!
  if (!Array.isArray(value))
    throw payload(table.definition.set, `Microsoft.OData.ODataException: '${name}' takes a collection.`)
  return JSON.stringify(value.map((row) => readParty(c, table, row)))
}

function readParty(c: Context, table: Table, row: Json): Party {
  if (typeof row !== 'object' || row === null || Array.isArray(row) || isDigits(row))
    throw payload(table.definition.set, 'Microsoft.OData.ODataException: A party must be an object.')
  const { participationtypemask: mask, ...binds } = row
  const [bind, ...others] = Object.entries(binds)
  const nav = /^partyid_(\w+)@odata\.bind$/.exec(bind?.[0] ?? '')?.[1]
  if (bind === undefined || nav === undefined || others.length > 0)
    throw undeclared('activityparties', Object.keys(binds).join())
  const list = listOf(table, isDigits(mask ?? null) ? Number((mask as { digits: string }).digits) : null)
  const target = resolve(c, String(bind[1]))
  const { logical } = target.table.definition
  if (logical !== nav || !list.targets?.includes(logical))
    throw payload(
      'activityparties',
      `Microsoft.OData.ODataException: A resource of type '${logical}' cannot be bound to 'partyid_${nav}'.`,
    )
  demand(c.org, c.userId, 'Append', table.definition.logical)
  demand(c.org, c.userId, 'AppendTo', logical)
  return { participationtypemask: MASKS[list.name]!, _partyid_value: target.id }
}

function listOf(table: Table, mask: number | null) {
  const found = table.definition.columns.find(({ name, type }) => type === 'PartyList' && MASKS[name] === mask)
  if (found) return found
  throw new ServiceError(
    400,
    '0x80040203',
    `Invalid participation type mask ${mask} for an activity party of ${table.definition.logical}.`,
  )
}

/** As they are expanded, or dumped. */
export const partiesIn = (table: Table, fields: Fields): Party[] =>
  JSON.parse(String(fields[partiesName(table) ?? ''] ?? '[]')) as Party[]
