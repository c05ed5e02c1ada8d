import type { SyncedTable } from '#records/table.ts'
import type { DestinationEntity } from './entities.ts'

/**
 * One column of the destination: filled from a field of the CRM, by its own name, or from a field of the hub's model,
 * whatever the CRM calls it.
 */
export type Line = { to: string; field: string } | { to: string; model: string }

/** By kind of CRM; `*` for those without lines of their own. */
export type EntityMapping = Record<string, Line[]>
export type DestinationMapping = Record<DestinationEntity, EntityMapping>
/** What people changed: an entity and kind of CRM that is named here replaces the default of that name. */
export type MappingChange = Partial<Record<DestinationEntity, EntityMapping>>

const lines = (key: 'field' | 'model', pairs: Record<string, string>): Line[] =>
  Object.entries(pairs).map(([to, from]) => ({ to, [key]: from }) as Line)

const address = {
  address1_line1: 'street',
  address1_line2: 'street2',
  address1_city: 'city',
  address1_stateorprovince: 'province',
  address1_postalcode: 'postalCode',
  address1_country: 'country',
}

/**
 * The vendor's predefined column mappings of each CRM ("Configure Salesforce connector", "Configure a connector for
 * ServiceNow", "… for Zendesk"), but for what is the same for all and no choice: the row's own id, and the three columns
 * that say where it comes from. `createddate` stands in their tables and is no column of account or contact: it is left
 * out where the destination has none. A contact's account is added to Salesforce's, whose table has none.
 */
export const defaultMapping: DestinationMapping = {
  account: {
    '*': lines('model', {
      name: 'name',
      accountnumber: 'accountNumber',
      description: 'description',
      telephone1: 'phone',
      emailaddress1: 'email',
      fax: 'fax',
      websiteurl: 'website',
      tickersymbol: 'tickerSymbol',
      sic: 'sic',
      numberofemployees: 'employees',
      ...address,
      parentaccountid: 'parent',
    }),
    salesforce: lines('field', {
      accountnumber: 'AccountNumber',
      description: 'Description',
      fax: 'Fax',
      name: 'Name',
      numberofemployees: 'NumberOfEmployees',
      sic: 'Sic',
      telephone1: 'Phone',
      tickersymbol: 'TickerSymbol',
    }),
    servicenow: lines('field', {
      name: 'name',
      telephone1: 'phone',
      address1_city: 'city',
      address1_postalcode: 'zip',
      numberofemployees: 'NumberOfEmployees',
      createddate: 'sys_created_on',
    }),
    zendesk: lines('field', { name: 'name', createddate: 'created_at' }),
  },
  contact: {
    '*': lines('model', {
      firstname: 'firstName',
      middlename: 'middleName',
      lastname: 'lastName',
      suffix: 'suffix',
      salutation: 'salutation',
      jobtitle: 'jobTitle',
      department: 'department',
      description: 'description',
      birthdate: 'birthDate',
      emailaddress1: 'email',
      telephone1: 'phone',
      mobilephone: 'mobilePhone',
      fax: 'fax',
      websiteurl: 'website',
      ...address,
      parentcustomerid: 'customer',
    }),
    salesforce: lines('field', {
      assistantname: 'AssistantName',
      assistantphone: 'AssistantPhone',
      birthdate: 'Birthdate',
      department: 'Department',
      description: 'Description',
      emailaddress1: 'Email',
      fax: 'Fax',
      firstname: 'FirstName',
      lastname: 'LastName',
      mobilephone: 'MobilePhone',
      salutation: 'Salutation',
      telephone1: 'Phone',
      parentcustomerid: 'AccountId',
    }),
    servicenow: lines('field', {
      lastname: 'last_name',
      firstname: 'first_name',
      emailaddress1: 'email',
      mobilephone: 'mobile_phone',
      telephone1: 'phone',
      parentcustomerid: 'account',
      createddate: 'sys_created_on',
    }),
    zendesk: lines('field', {
      lastname: 'name',
      emailaddress1: 'email',
      mobilephone: 'phone',
      parentcustomerid: 'organization_id',
      createddate: 'created_at',
    }),
  },
}

export function mappingOf(change: MappingChange | null): DestinationMapping {
  return {
    account: { ...defaultMapping.account, ...change?.account },
    contact: { ...defaultMapping.contact, ...change?.contact },
  }
}

/** The lines that hold for records of a table. */
export function linesFor(mapping: DestinationMapping, table: Pick<SyncedTable, 'crm' | 'entity'>): Line[] {
  const entity = mapping[table.entity as DestinationEntity]
  return entity?.[table.crm] ?? entity?.['*'] ?? []
}

/** The CRM's own name of the field that a line draws on; null where the table's mapping has none. */
export function fieldOf(line: Line, table: Pick<SyncedTable, 'mapping'>): string | null {
  return 'field' in line ? line.field : (table.mapping.fields[line.model]?.from ?? null)
}
