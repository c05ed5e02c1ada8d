import { type DefaultTable, type Draft, type Fields, of } from '#connectors/default-table.ts'
import { address, currency, customer, defaultTable, ownerRelation, regarding, state, stateIsActive } from './draft.ts'

const lead = defaultTable({
  table: 'lead',
  id: 'leadid',
  fields: {
    ...of('text', {
      subject: 'subject',
      fullName: 'fullname',
      firstName: 'firstname',
      lastName: 'lastname',
      companyName: 'companyname',
      jobTitle: 'jobtitle',
      mobilePhone: 'mobilephone',
      phone: 'telephone1',
      email: 'emailaddress1',
      website: 'websiteurl',
      description: 'description',
    }),
    // `estimatedvalue` of a lead is a legacy number; the money is in `estimatedamount`.
    ...of('money', { estimatedValue: 'estimatedamount' }),
    ...of('date', { estimatedCloseDate: 'estimatedclosedate' }),
    ...of('choice', { source: 'leadsourcecode', rating: 'leadqualitycode' }),
    ...address,
    ...of('lookup', { parentAccount: '_parentaccountid_value', parentContact: '_parentcontactid_value' }),
    ...currency,
    ...state,
  },
  name: [['fullname'], ['firstname', 'lastname'], ['companyname'], ['subject']],
  alsoSearched: ['companyname', 'subject'],
  phones: ['mobilephone', 'telephone1', 'telephone2', 'telephone3'],
  emails: ['emailaddress1', 'emailaddress2', 'emailaddress3'],
  country: ['address1_country'],
  active: stateIsActive,
  relations: [
    { role: 'parent_account', from: '_parentaccountid_value', entities: ['account'] },
    { role: 'parent_contact', from: '_parentcontactid_value', entities: ['contact'] },
    ownerRelation,
  ],
})

const opportunity = defaultTable({
  table: 'opportunity',
  id: 'opportunityid',
  fields: {
    ...of('text', { name: 'name', description: 'description', email: 'emailaddress', stage: 'stepname' }),
    ...of('money', { estimatedValue: 'estimatedvalue', actualValue: 'actualvalue' }),
    ...of('date', { estimatedCloseDate: 'estimatedclosedate', actualCloseDate: 'actualclosedate' }),
    ...of('integer', { probability: 'closeprobability' }),
    ...of('choice', { rating: 'opportunityratingcode', salesStage: 'salesstage' }),
    ...of('lookup', { customer: '_customerid_value' }),
    ...currency,
    ...state,
  },
  name: [['name']],
  emails: ['emailaddress'],
  active: stateIsActive,
  relations: [
    { role: 'customer', from: '_customerid_value', entities: customer },
    { role: 'parent_account', from: '_parentaccountid_value', entities: ['account'] },
    { role: 'parent_contact', from: '_parentcontactid_value', entities: ['contact'] },
    { role: 'originating_lead', from: '_originatingleadid_value', entities: ['lead'] },
    ownerRelation,
  ],
})

const incident = defaultTable({
  table: 'incident',
  id: 'incidentid',
  fields: {
    ...of('text', { title: 'title', ticketNumber: 'ticketnumber', description: 'description' }),
    ...of('choice', {
      priority: 'prioritycode',
      origin: 'caseorigincode',
      caseType: 'casetypecode',
      severity: 'severitycode',
      satisfaction: 'customersatisfactioncode',
    }),
    ...of('boolean', { escalated: 'isescalated' }),
    ...of('lookup', { customer: '_customerid_value', primaryContact: '_primarycontactid_value' }),
    ...state,
  },
  name: [['title'], ['ticketnumber']],
  alsoSearched: ['ticketnumber'],
  active: stateIsActive,
  relations: [
    { role: 'customer', from: '_customerid_value', entities: customer },
    { role: 'primary_contact', from: '_primarycontactid_value', entities: ['contact'] },
    ownerRelation,
  ],
})

/** What tasks, phone calls and appointments have in common. */
function activity(table: string, fields: Fields, open: number[], more: Partial<Draft> = {}): DefaultTable {
  return defaultTable({
    table,
    id: 'activityid',
    fields: {
      ...of('text', { subject: 'subject', description: 'description' }),
      ...of('datetime', { start: 'scheduledstart', end: 'scheduledend', endedAt: 'actualend' }),
      ...of('integer', { minutes: 'actualdurationminutes' }),
      ...of('choice', { priority: 'prioritycode' }),
      ...of('lookup', { regarding: '_regardingobjectid_value' }),
      ...fields,
      ...state,
    },
    name: [['subject']],
    active: { field: 'statecode', values: open },
    relations: [{ role: 'regarding', from: '_regardingobjectid_value', entities: regarding }, ownerRelation],
    ...more,
  })
}

/** What people work on: known, and copied only when asked for. */
export const workTables: readonly DefaultTable[] = [
  lead,
  opportunity,
  incident,
  activity('task', of('integer', { percentComplete: 'percentcomplete' }), [0]),
  activity(
    'phonecall',
    {
      ...of('text', { phoneNumber: 'phonenumber' }),
      ...of('boolean', { outgoing: 'directioncode', leftVoicemail: 'leftvoicemail' }),
    },
    [0],
    { phones: ['phonenumber'] },
  ),
  activity(
    'appointment',
    { ...of('text', { location: 'location' }), ...of('boolean', { allDay: 'isalldayevent' }) },
    [0, 3],
  ),
]
