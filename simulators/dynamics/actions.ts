import { randomUUID } from 'node:crypto'
import { isoDate } from '../organisation/seed.ts'
import { createRow, updateRow } from './change-rows.ts'
import { odata, ServiceError } from './errors.ts'
import { empty, json, type Reply } from './http.ts'
import { isDigits, type JsonObject, parseBody } from './json-body.ts'
import { readKey } from './keys.ts'
import { atomically, now, schemaChanged } from './organization.ts'
import { readFields } from './payload.ts'
import type { Fields } from './schema.ts'
import { type Entry, entryOf, find, type Table } from './table.ts'
import { contextOfWrite, note, targetOf, type Write } from './write-rows.ts'

const invalid = (message: string) => new ServiceError(400, '0x80040203', message)

/** Unbound actions by name, bound ones as `<table> <name>`. */
export const actions: Record<string, (w: Write) => Reply> = {
  CloseIncident: (w) => closeIncident(w),
  WinOpportunity: (w) => closeOpportunity(w, 1, [3]),
  LoseOpportunity: (w) => closeOpportunity(w, 2, [4, 5]),
  // Customisations are in force at once here.
  PublishAllXml: () => empty(),
  PublishXml: () => empty(),
  InsertOptionValue: (w) => insertOption(w),
  'lead QualifyLead': (w) => qualifyLead(w),
}

const tableNamed = (w: Write, logical: string): Table => w.call.service.org.tables.get(logical)!

function part(body: JsonObject, name: string): JsonObject {
  const value = body[name]
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isDigits(value))
    throw invalid(`Required field '${name}' is missing.`)
  return value as JsonObject
}

const int = (body: JsonObject, name: string): number => {
  const value = body[name]
  if (!isDigits(value))
    throw odata(`An error occurred while validating input parameters: parameter '${name}' is missing.`)
  return Number(value.digits)
}

/** The status asked for, -1 being the first of the state. */
function statusOf(table: Table, state: number, asked: number, id: string): number {
  const options = (table.columns.get('statuscode')?.options ?? []).filter((o) => o.state === state)
  const found = asked === -1 ? options[0] : options.find((o) => o.value === asked)
  if (!found) throw invalid(`${asked} is not a valid status code on ${table.definition.logical} with Id ${id}.`)
  return found.value
}

/** The closing activity's fields and the open row that it closes. */
function closing(
  w: Write,
  body: JsonObject,
  activity: string,
  lookup: string,
): { fields: Fields; row: Entry; table: Table } {
  const closer = tableNamed(w, activity)
  const { fields } = readFields(
    contextOfWrite(w),
    closer,
    part(body, activity === 'incidentresolution' ? 'IncidentResolution' : 'OpportunityClose'),
    true,
  )
  const table = tableNamed(w, lookup)
  const id = fields[`_${lookup}id_value`]
  if (typeof id !== 'string') throw invalid(`The ${lookup} id is missing.`)
  const row = find(table, id)
  if (row === undefined) throw new ServiceError(404, '0x80040217', `${lookup} With Id = ${id} Does Not Exist`)
  return { fields, row: entryOf(table, row), table }
}

/** Of a choice of the table's own; without a value the service takes the next of the publisher's range. */
function insertOption(w: Write): Reply {
  const body = parseBody('InsertOptionValue', w.call.request.body)
  const { org } = w.call.service
  const table = org.tables.get(String(body.EntityLogicalName))
  const choice = table?.definition.columns.find((c) => c.name === body.AttributeLogicalName && c.type === 'Picklist')
  if (!table || !choice) throw new ServiceError(404, '0x80060888', `Attribute ${body.AttributeLogicalName} not found.`)
  const labels = part(body, 'Label').LocalizedLabels
  const text = String((Array.isArray(labels) ? (labels[0] as JsonObject | undefined) : undefined)?.Label ?? '')
  const options = choice.options ?? []
  const value = isDigits(body.Value)
    ? Number(body.Value.digits)
    : Math.max(100_000_000, ...options.map((o) => o.value + 1))
  if (options.some((o) => o.value === value)) throw invalid(`The option value ${value} is already in use.`)
  choice.options = [...options, { value, label: [text, text, text] }]
  schemaChanged(org, table)
  w.outcome = { operation: 'InsertOptionValue', entity: table.definition.logical, id: null, version: null }
  return json(200, JSON.stringify({ NewOptionValue: value }))
}

function closeIncident(w: Write): Reply {
  const body = parseBody('incidentresolutions', w.call.request.body)
  const { fields, row, table } = closing(w, body, 'incidentresolution', 'incident')
  w.outcome = { operation: 'CloseIncident', entity: 'incident', id: row.id, version: null }
  if (row.fields.statecode !== 0) throw invalid(`The incident with Id ${row.id} is already resolved or canceled.`)
  const statuscode = statusOf(table, 1, int(body, 'Status'), row.id)
  atomically(w.call.service.org, () => {
    createRow(targetOf(w, tableNamed(w, 'incidentresolution')), randomUUID(), {
      ...fields,
      statecode: 1,
      statuscode: 2,
    })
    note(w, 'CloseIncident', updateRow(targetOf(w, table), row.id, { statecode: 1, statuscode }))
  })
  return empty()
}

function closeOpportunity(w: Write, state: number, statuses: number[]): Reply {
  const body = parseBody('opportunitycloses', w.call.request.body)
  const { fields, row, table } = closing(w, body, 'opportunityclose', 'opportunity')
  const name = state === 1 ? 'WinOpportunity' : 'LoseOpportunity'
  w.outcome = { operation: name, entity: 'opportunity', id: row.id, version: null }
  if (row.fields.statecode !== 0) throw invalid('The opportunity has already been closed.')
  const statuscode = statusOf(table, state, int(body, 'Status'), row.id)
  if (!statuses.includes(statuscode))
    throw invalid(`${statuscode} is not a valid status code on opportunity with Id ${row.id}.`)
  const actualvalue = fields.actualrevenue ?? row.fields.estimatedvalue ?? null
  const actualclosedate = isoDate(now(w.call.service.org))
  atomically(w.call.service.org, () => {
    createRow(targetOf(w, tableNamed(w, 'opportunityclose')), randomUUID(), { ...fields, statecode: 1, statuscode: 2 })
    note(w, name, updateRow(targetOf(w, table), row.id, { statecode: state, statuscode, actualvalue, actualclosedate }))
  })
  return empty()
}

const COPIED =
  'emailaddress1 websiteurl telephone1 telephone2 fax description _transactioncurrencyid_value address1_line1 address1_line2 address1_city address1_stateorprovince address1_postalcode address1_country'.split(
    ' ',
  )
const PERSONAL = ['firstname', 'lastname', 'jobtitle', 'mobilephone']

const copied = (from: Fields, names: string[]): Fields => Object.fromEntries(names.map((n) => [n, from[n] ?? null]))

/** Turns a lead into an account, a contact and an opportunity, each if asked for. */
function qualifyLead(w: Write): Reply {
  const leads = tableNamed(w, 'lead')
  const key = readKey(leads, w.call.segments[0]!)
  w.outcome = { operation: 'QualifyLead', entity: 'lead', id: key.id, version: null }
  if (key.row === undefined) throw key.missing()
  const lead = entryOf(leads, key.row)
  if (lead.fields.statecode !== 0) throw invalid('The lead is already closed.')
  const body = parseBody('leads', w.call.request.body)
  for (const name of ['CreateAccount', 'CreateContact', 'CreateOpportunity'])
    if (typeof body[name] !== 'boolean') throw odata(`Required parameter '${name}' is missing.`)
  const statuscode = statusOf(leads, 1, int(body, 'Status'), lead.id)
  const made = atomically(w.call.service.org, () => {
    const rows = madeFrom(w, body, lead.fields)
    note(w, 'QualifyLead', updateRow(targetOf(w, leads), lead.id, { statecode: 1, statuscode }))
    return rows
  })
  const value = made.map(({ table, id }) => ({
    '@odata.type': `#Microsoft.Dynamics.CRM.${table.definition.logical}`,
    [table.definition.pk]: id,
  }))
  return json(
    200,
    JSON.stringify({
      '@odata.context': `${w.call.root}$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)`,
      value,
    }),
  )
}

function madeFrom(w: Write, body: JsonObject, lead: Fields): { table: Table; id: string }[] {
  const rows: { table: Table; id: string }[] = []
  const make = (logical: string, fields: Fields) => {
    const table = tableNamed(w, logical)
    const { id } = createRow(targetOf(w, table), randomUUID(), fields)
    rows.push({ table, id })
    return id
  }
  const account =
    body.CreateAccount === true ? make('account', { ...copied(lead, COPIED), name: lead.companyname ?? null }) : null
  const parent: Fields =
    account === null ? {} : { _parentcustomerid_value: account, '_parentcustomerid_value@type': 'account' }
  const contact =
    body.CreateContact === true ? make('contact', { ...copied(lead, [...COPIED, ...PERSONAL]), ...parent }) : null
  if (body.CreateOpportunity === true) {
    const customer = account ?? contact
    const type = account === null ? 'contact' : 'account'
    make('opportunity', {
      name: lead.subject ?? null,
      estimatedvalue: lead.estimatedamount ?? null,
      _parentaccountid_value: account,
      _parentcontactid_value: contact,
      ...(customer === null ? {} : { _customerid_value: customer, '_customerid_value@type': type }),
    })
  }
  return rows
}
