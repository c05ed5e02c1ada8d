import { type DefaultTable, type Fields, of } from '#connectors/default-table.ts'
import { address, currency, defaultTable, ownerOrQueue, ownerRelation, stillOpen, times } from './draft.ts'

const lead = defaultTable({
  table: 'Lead',
  fields: {
    ...of('text', {
      fullName: 'Name',
      firstName: 'FirstName',
      lastName: 'LastName',
      companyName: 'Company',
      jobTitle: 'Title',
      mobilePhone: 'MobilePhone',
      phone: 'Phone',
      email: 'Email',
      website: 'Website',
      description: 'Description',
    }),
    ...of('choice', { source: 'LeadSource', rating: 'Rating', industry: 'Industry', status: 'Status' }),
    ...of('boolean', { converted: 'IsConverted' }),
    ...address(''),
    ...of('lookup', { parentAccount: 'ConvertedAccountId', parentContact: 'ConvertedContactId' }),
    ...times,
  },
  name: [['Name'], ['FirstName', 'LastName'], ['Company']],
  alsoSearched: ['Company'],
  phones: ['MobilePhone', 'Phone'],
  emails: ['Email'],
  country: ['Country'],
  // A converted lead lives on as its account and contact.
  active: { field: 'IsConverted', values: [false] },
  relations: [
    { role: 'parent_account', from: 'ConvertedAccountId', entities: ['account'] },
    { role: 'parent_contact', from: 'ConvertedContactId', entities: ['contact'] },
    ownerOrQueue,
  ],
})

const opportunity = defaultTable({
  table: 'Opportunity',
  fields: {
    ...of('text', { name: 'Name', description: 'Description', nextStep: 'NextStep' }),
    ...of('money', { estimatedValue: 'Amount' }),
    ...of('date', { estimatedCloseDate: 'CloseDate' }),
    ...of('decimal', { probability: 'Probability' }),
    ...of('choice', { salesStage: 'StageName', opportunityType: 'Type', source: 'LeadSource' }),
    ...of('boolean', { closed: 'IsClosed', won: 'IsWon' }),
    ...of('lookup', { customer: 'AccountId' }),
    ...currency,
    ...times,
  },
  name: [['Name']],
  active: stillOpen,
  relations: [{ role: 'customer', from: 'AccountId', entities: ['account'] }, ownerRelation],
})

const incident = defaultTable({
  table: 'Case',
  fields: {
    ...of('text', { title: 'Subject', ticketNumber: 'CaseNumber', description: 'Description' }),
    ...of('choice', { status: 'Status', priority: 'Priority', origin: 'Origin', caseType: 'Type' }),
    ...of('boolean', { escalated: 'IsEscalated', closed: 'IsClosed' }),
    ...of('datetime', { closedAt: 'ClosedDate' }),
    ...of('lookup', { customer: 'AccountId', primaryContact: 'ContactId' }),
    ...times,
  },
  name: [['Subject'], ['CaseNumber']],
  alsoSearched: ['CaseNumber'],
  phones: ['SuppliedPhone'],
  emails: ['SuppliedEmail'],
  active: stillOpen,
  relations: [
    { role: 'customer', from: 'AccountId', entities: ['account'] },
    { role: 'primary_contact', from: 'ContactId', entities: ['contact'] },
    ownerOrQueue,
  ],
})

// WhoId is a person, WhatId anything else that an activity may be about.
const activityRelations = [
  { role: 'regarding', from: 'WhatId', entities: ['account', 'opportunity', 'incident'] },
  { role: 'person', from: 'WhoId', entities: ['contact', 'lead'] },
]

function task(table: string, fields: Fields, more: string[] = []): DefaultTable {
  return defaultTable({
    table,
    fields: {
      ...of('text', { subject: 'Subject', description: 'Description' }),
      ...of('date', { due: 'ActivityDate' }),
      ...of('choice', { status: 'Status', priority: 'Priority' }),
      ...of('boolean', { closed: 'IsClosed' }),
      ...of('lookup', { regarding: 'WhatId', person: 'WhoId' }),
      ...fields,
      ...times,
    },
    name: [['Subject']],
    active: stillOpen,
    relations: [...activityRelations, ownerOrQueue],
    more,
  })
}

const appointment = defaultTable({
  table: 'Event',
  fields: {
    ...of('text', { subject: 'Subject', description: 'Description', location: 'Location' }),
    ...of('datetime', { start: 'StartDateTime', end: 'EndDateTime' }),
    ...of('integer', { minutes: 'DurationInMinutes' }),
    ...of('boolean', { allDay: 'IsAllDayEvent' }),
    ...of('choice', { showAs: 'ShowAs' }),
    ...of('lookup', { regarding: 'WhatId', person: 'WhoId' }),
    ...times,
  },
  name: [['Subject']],
  relations: [...activityRelations, ownerRelation],
})

/** What people work on: known, and copied only when asked for. */
export const workTables: readonly DefaultTable[] = [
  lead,
  opportunity,
  incident,
  task('Task', {}, ['TaskSubtype']),
  task(
    'Task.Call',
    {
      ...of('choice', { direction: 'CallType' }),
      ...of('text', { outcome: 'CallDisposition', callId: 'CallObject' }),
      ...of('integer', { seconds: 'CallDurationInSeconds' }),
    },
    ['TaskSubtype'],
  ),
  appointment,
]
