import { type DefaultTable, of } from '#connectors/default-table.ts'
import { address, currency, defaultTable, ownerRelation, times } from './draft.ts'
import { workTables } from './fields-work.ts'

const account = defaultTable({
  table: 'Account',
  enabledByDefault: true,
  fields: {
    ...of('text', {
      name: 'Name',
      accountNumber: 'AccountNumber',
      description: 'Description',
      phone: 'Phone',
      fax: 'Fax',
      website: 'Website',
      sic: 'Sic',
      tickerSymbol: 'TickerSymbol',
    }),
    ...of('integer', { employees: 'NumberOfEmployees' }),
    ...of('money', { revenue: 'AnnualRevenue' }),
    ...of('choice', { industry: 'Industry', customerType: 'Type', rating: 'Rating' }),
    ...address('Billing'),
    ...of('lookup', { parent: 'ParentId' }),
    ...currency,
    ...times,
  },
  name: [['Name'], ['AccountNumber']],
  alsoSearched: ['AccountNumber'],
  phones: ['Phone'],
  country: ['BillingCountry'],
  relations: [{ role: 'parent', from: 'ParentId', entities: ['account'] }, ownerRelation],
})

const contact = defaultTable({
  table: 'Contact',
  enabledByDefault: true,
  fields: {
    ...of('text', {
      fullName: 'Name',
      firstName: 'FirstName',
      lastName: 'LastName',
      jobTitle: 'Title',
      department: 'Department',
      mobilePhone: 'MobilePhone',
      phone: 'Phone',
      fax: 'Fax',
      email: 'Email',
      description: 'Description',
      assistantName: 'AssistantName',
    }),
    ...of('choice', { salutation: 'Salutation', source: 'LeadSource' }),
    ...of('date', { birthDate: 'Birthdate' }),
    ...address('Mailing'),
    ...of('lookup', { customer: 'AccountId', manager: 'ReportsToId' }),
    ...times,
  },
  name: [['Name'], ['FirstName', 'LastName'], ['Email']],
  alsoSearched: ['Title'],
  phones: ['MobilePhone', 'Phone', 'HomePhone', 'OtherPhone', 'AssistantPhone'],
  emails: ['Email'],
  country: ['MailingCountry'],
  relations: [
    { role: 'customer', from: 'AccountId', entities: ['account'] },
    { role: 'manager', from: 'ReportsToId', entities: ['contact'] },
    ownerRelation,
  ],
})

const user = defaultTable({
  table: 'User',
  enabledByDefault: true,
  fields: {
    ...of('text', {
      fullName: 'Name',
      firstName: 'FirstName',
      lastName: 'LastName',
      userName: 'Username',
      email: 'Email',
      mobilePhone: 'MobilePhone',
      jobTitle: 'Title',
    }),
    ...of('boolean', { active: 'IsActive' }),
    ...of('datetime', { createdAt: 'CreatedDate', modifiedAt: 'LastModifiedDate' }),
  },
  name: [['Name'], ['FirstName', 'LastName'], ['Username']],
  phones: ['MobilePhone'],
  emails: ['Email'],
  active: { field: 'IsActive', values: [true] },
})

/** The tables that are known, those that are copied by default first. */
export const defaultTables: readonly DefaultTable[] = [account, contact, user, ...workTables]
