import { type DefaultTable, of } from '#connectors/default-table.ts'
import { address, currency, customer, defaultTable, ownerRelation, reach, state, stateIsActive } from './draft.ts'
import { workTables } from './fields-work.ts'

const account = defaultTable({
  table: 'account',
  id: 'accountid',
  enabledByDefault: true,
  fields: {
    ...of('text', { name: 'name', accountNumber: 'accountnumber', description: 'description' }),
    ...reach,
    ...of('text', { tickerSymbol: 'tickersymbol', sic: 'sic' }),
    ...of('integer', { employees: 'numberofemployees' }),
    ...of('money', { revenue: 'revenue', creditLimit: 'creditlimit' }),
    ...of('boolean', { creditOnHold: 'creditonhold' }),
    ...of('choice', {
      industry: 'industrycode',
      customerType: 'customertypecode',
      category: 'accountcategorycode',
      preferredContactMethod: 'preferredcontactmethodcode',
    }),
    ...address,
    ...of('lookup', { parent: '_parentaccountid_value', primaryContact: '_primarycontactid_value' }),
    ...currency,
    ...state,
  },
  name: [['name'], ['accountnumber'], ['emailaddress1']],
  alsoSearched: ['accountnumber'],
  phones: ['telephone1', 'telephone2', 'telephone3'],
  emails: ['emailaddress1', 'emailaddress2', 'emailaddress3'],
  country: ['address1_country'],
  active: stateIsActive,
  relations: [
    { role: 'parent', from: '_parentaccountid_value', entities: ['account'] },
    { role: 'primary_contact', from: '_primarycontactid_value', entities: ['contact'] },
    ownerRelation,
  ],
})

const contact = defaultTable({
  table: 'contact',
  id: 'contactid',
  enabledByDefault: true,
  fields: {
    ...of('text', {
      fullName: 'fullname',
      salutation: 'salutation',
      firstName: 'firstname',
      middleName: 'middlename',
      lastName: 'lastname',
      suffix: 'suffix',
      jobTitle: 'jobtitle',
      department: 'department',
      mobilePhone: 'mobilephone',
      description: 'description',
    }),
    ...reach,
    ...of('date', { birthDate: 'birthdate' }),
    ...of('choice', {
      gender: 'gendercode',
      accountRole: 'accountrolecode',
      preferredContactMethod: 'preferredcontactmethodcode',
    }),
    ...address,
    ...of('lookup', { customer: '_parentcustomerid_value' }),
    ...currency,
    ...state,
  },
  name: [['fullname'], ['firstname', 'lastname'], ['emailaddress1']],
  alsoSearched: ['jobtitle'],
  phones: ['mobilephone', 'telephone1', 'telephone2', 'telephone3'],
  emails: ['emailaddress1', 'emailaddress2', 'emailaddress3'],
  country: ['address1_country'],
  active: stateIsActive,
  relations: [{ role: 'customer', from: '_parentcustomerid_value', entities: customer }, ownerRelation],
})

const user = defaultTable({
  table: 'systemuser',
  id: 'systemuserid',
  enabledByDefault: true,
  fields: {
    ...of('text', {
      fullName: 'fullname',
      firstName: 'firstname',
      lastName: 'lastname',
      userName: 'domainname',
      email: 'internalemailaddress',
      mobilePhone: 'mobilephone',
      jobTitle: 'jobtitle',
      entraObjectId: 'azureactivedirectoryobjectid',
    }),
    ...of('boolean', { disabled: 'isdisabled' }),
    ...of('choice', { accessMode: 'accessmode' }),
    ...of('datetime', { createdAt: 'createdon', modifiedAt: 'modifiedon' }),
  },
  name: [['fullname'], ['firstname', 'lastname'], ['domainname']],
  phones: ['mobilephone'],
  emails: ['internalemailaddress'],
  active: { field: 'isdisabled', values: [false] },
})

const team = defaultTable({
  table: 'team',
  id: 'teamid',
  enabledByDefault: true,
  fields: {
    ...of('text', { name: 'name', description: 'description', email: 'emailaddress' }),
    ...of('choice', { teamType: 'teamtype' }),
    ...of('datetime', { createdAt: 'createdon', modifiedAt: 'modifiedon' }),
  },
  name: [['name']],
  emails: ['emailaddress'],
})

const teamMember = defaultTable({
  table: 'teammembership',
  id: 'teammembershipid',
  enabledByDefault: true,
  // A table that joins two others: it has no state, no owner and no times.
  modifiedAt: null,
  fields: of('lookup', { team: 'teamid', user: 'systemuserid' }),
  name: [],
  relations: [
    { role: 'team', from: 'teamid', entities: ['team'] },
    { role: 'user', from: 'systemuserid', entities: ['user'] },
  ],
})

const currencyTable = defaultTable({
  table: 'transactioncurrency',
  id: 'transactioncurrencyid',
  enabledByDefault: true,
  fields: {
    ...of('text', { name: 'currencyname', code: 'isocurrencycode', symbol: 'currencysymbol' }),
    ...of('integer', { precision: 'currencyprecision' }),
    ...of('decimal', { exchangeRate: 'exchangerate' }),
    ...of('choice', { state: 'statecode', status: 'statuscode' }),
    ...of('datetime', { createdAt: 'createdon', modifiedAt: 'modifiedon' }),
  },
  name: [['currencyname'], ['isocurrencycode']],
  alsoSearched: ['isocurrencycode'],
  active: stateIsActive,
})

/** The tables that are known, those that are copied by default first. */
export const defaultTables: readonly DefaultTable[] = [
  account,
  contact,
  user,
  team,
  teamMember,
  currencyTable,
  ...workTables,
]
