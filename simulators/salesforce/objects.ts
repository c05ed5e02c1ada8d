import { type ObjectDefinition, object } from './schema.ts'

const address = (kind: string) =>
  `${kind}Street textarea 255
${kind}City string 40
${kind}State string 80
${kind}PostalCode string 20
${kind}Country string 80`

const account = () =>
  object('Account', {
    prefix: '001',
    mergeable: true,
    fields: `Name string 255 required
Type picklist Prospect|Customer|Partner|Other
ParentId reference Account
${address('Billing')}
${address('Shipping')}
Phone phone
Fax phone
AccountNumber string 40
Website url
Sic string 20
TickerSymbol string 20
Industry picklist Agriculture|Banking|Construction|Education|Energy|Healthcare|Manufacturing|Retail|Technology|Other
AnnualRevenue currency
NumberOfEmployees int
Rating picklist Hot|Warm|Cold
Description textarea
OwnerId reference User`,
  })

const contact = () =>
  object('Contact', {
    prefix: '003',
    mergeable: true,
    fields: `AccountId reference Account
LastName string 80 required
FirstName string 40
Salutation picklist Mr.|Mrs.|Ms.|Dr.|Prof.
MiddleName string 40
Suffix string 40
Name string 121 readonly
${address('Mailing')}
${address('Other')}
Phone phone
Fax phone
MobilePhone phone
HomePhone phone
OtherPhone phone
AssistantName string 40
AssistantPhone phone
ReportsToId reference Contact
Email email
Title string 128
Department string 80
LeadSource picklist Web|Phone_Inquiry|Partner_Referral|Purchased_List|Other
Birthdate date
Description textarea
DoNotCall boolean
HasOptedOutOfEmail boolean
OwnerId reference User`,
  })

const lead = () =>
  object('Lead', {
    prefix: '00Q',
    mergeable: true,
    fields: `LastName string 80 required
FirstName string 40
Salutation picklist Mr.|Mrs.|Ms.|Dr.|Prof.
Name string 121 readonly
Title string 128
Company string 255 required
Street textarea 255
City string 40
State string 80
PostalCode string 20
Country string 80
Phone phone
MobilePhone phone
Fax phone
Email email
Website url
Description textarea
LeadSource picklist Web|Phone_Inquiry|Partner_Referral|Purchased_List|Other
Status picklist Open_-_Not_Contacted|Working_-_Contacted|Closed_-_Converted|Closed_-_Not_Converted required =Open_-_Not_Contacted
Industry picklist Agriculture|Banking|Construction|Education|Energy|Healthcare|Manufacturing|Retail|Technology|Other
Rating picklist Hot|Warm|Cold
NumberOfEmployees int
OwnerId reference User|Group
IsConverted boolean readonly
ConvertedDate date readonly
ConvertedAccountId reference Account readonly
ConvertedContactId reference Contact readonly
ConvertedOpportunityId reference Opportunity readonly`,
  })

export const STAGES: [name: string, probability: number, closed: boolean, won: boolean][] = [
  ['Prospecting', 10, false, false],
  ['Qualification', 10, false, false],
  ['Proposal/Price Quote', 75, false, false],
  ['Negotiation/Review', 90, false, false],
  ['Closed Won', 100, true, true],
  ['Closed Lost', 0, true, false],
]

const opportunity = () =>
  object('Opportunity', {
    prefix: '006',
    plural: 'Opportunities',
    fields: `AccountId reference Account
Name string 120 required
Description textarea
StageName picklist ${STAGES.map(([name]) => name.replaceAll(' ', '_')).join('|')} required
Amount currency
Probability percent
CloseDate date required
Type picklist Existing_Business|New_Business
NextStep string 255
LeadSource picklist Web|Phone_Inquiry|Partner_Referral|Purchased_List|Other
IsClosed boolean readonly
IsWon boolean readonly
ContactId reference Contact
OwnerId reference User`,
  })

const incident = () =>
  object('Case', {
    prefix: '500',
    mergeable: true,
    nameField: 'CaseNumber',
    fields: `CaseNumber string 30 readonly
ContactId reference Contact
AccountId reference Account
SuppliedName string 80
SuppliedEmail email
SuppliedPhone string 40
Type picklist Question|Problem|Feature_Request
Status picklist New|Working|Escalated|Closed required =New
Reason picklist Installation|Complexity|Performance|Other
Origin picklist Phone|Email|Web
Subject string 255
Priority picklist High|Medium|Low =Medium
Description textarea
IsClosed boolean readonly
ClosedDate datetime readonly
IsEscalated boolean
OwnerId reference User|Group`,
  })

const task = () =>
  object('Task', {
    prefix: '00T',
    nameField: 'Subject',
    fields: `WhoId reference Contact|Lead
WhatId reference Account|Opportunity|Case
Subject string 255
ActivityDate date
Status picklist Not_Started|In_Progress|Completed|Waiting_on_someone_else|Deferred required =Not_Started
Priority picklist High|Normal|Low required =Normal
OwnerId reference User|Group
Description textarea
AccountId reference Account readonly
IsClosed boolean readonly
TaskSubtype picklist Task|Call|Email|ListEmail|Cadence =Task
CallType picklist Internal|Inbound|Outbound
CallDurationInSeconds int
CallDisposition string 255
CallObject string 255
CompletedDateTime datetime readonly
IsArchived boolean readonly`,
  })

const event = () =>
  object('Event', {
    prefix: '00U',
    nameField: 'Subject',
    fields: `WhoId reference Contact|Lead
WhatId reference Account|Opportunity|Case
Subject string 255
Location string 255
IsAllDayEvent boolean
ActivityDateTime datetime
ActivityDate date
DurationInMinutes int
StartDateTime datetime
EndDateTime datetime
Description textarea
AccountId reference Account readonly
OwnerId reference User
ShowAs picklist Busy|OutOfOffice|Free =Busy
IsArchived boolean readonly`,
  })

const user = () =>
  object('User', {
    prefix: '005',
    recycled: false,
    fields: `Username string 80 required unique
LastName string 80 required
FirstName string 40
Name string 121 readonly
Email email required
Phone phone
MobilePhone phone
Title string 80
Department string 80
Alias string 8 required
CommunityNickname string 40
IsActive boolean =true
UserType picklist Standard|PowerPartner|AutomatedProcess readonly
ProfileId reference Profile required
TimeZoneSidKey picklist Europe/Brussels|Europe/Amsterdam|Europe/Paris|America/Los_Angeles required
LocaleSidKey picklist nl_BE|fr_BE|en_GB|en_US required
LanguageLocaleKey picklist nl_NL|fr|en_US required
EmailEncodingKey picklist UTF-8 required
FederationIdentifier string 512
ManagerId reference User`,
  })

const small = (): ObjectDefinition[] => [
  object('Group', {
    prefix: '00G',
    recycled: false,
    fields:
      'Name string 40 required\nDeveloperName string 80\nType picklist Regular|Queue required =Regular\nEmail email',
  }),
  object('GroupMember', {
    prefix: '011',
    recycled: false,
    nameField: 'Id',
    fields: 'GroupId reference Group required\nUserOrGroupId reference User|Group required',
  }),
  object('Profile', { prefix: '00e', recycled: false, createable: false, fields: 'Name string 255 required' }),
  object('Organization', {
    prefix: '00D',
    recycled: false,
    createable: false,
    fields:
      'Name string 80\nIsSandbox boolean\nInstanceName string 5\nOrganizationType picklist Enterprise_Edition|Developer_Edition\nLanguageLocaleKey string 40',
  }),
  object('OpportunityStage', {
    prefix: '01J',
    recycled: false,
    createable: false,
    nameField: 'MasterLabel',
    fields:
      'MasterLabel string 255\nApiName string 255\nIsActive boolean\nSortOrder int\nIsClosed boolean\nIsWon boolean\nDefaultProbability percent',
  }),
  object('CaseStatus', {
    prefix: '01J',
    recycled: false,
    createable: false,
    nameField: 'MasterLabel',
    fields: 'MasterLabel string 255\nApiName string 255\nIsDefault boolean\nSortOrder int\nIsClosed boolean',
  }),
  object('TaskStatus', {
    prefix: '01J',
    recycled: false,
    createable: false,
    nameField: 'MasterLabel',
    fields: 'MasterLabel string 255\nApiName string 255\nIsDefault boolean\nSortOrder int\nIsClosed boolean',
  }),
]

/** The objects of the organisation: those that hold the customer's records, then those that the service keeps. */
export const allObjects = (): ObjectDefinition[] => [
  account(),
  contact(),
  lead(),
  opportunity(),
  incident(),
  task(),
  event(),
  user(),
  ...small(),
]
