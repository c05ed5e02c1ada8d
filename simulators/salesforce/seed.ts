import { accountBase } from '../organisation/base-accounts.ts'
import { contactBase } from '../organisation/base-contacts.ts'
import { COMPANY_STEMS, CULTURES, JOBS, NOTES, SALUTATIONS, slug } from '../organisation/names.ts'
import { phone } from '../organisation/phones.ts'
import { hash, pick } from '../organisation/random.ts'
import { type Base, baseRows, isoDate, type Seed, seedOf, type Value } from '../organisation/seed.ts'
import { dateTime } from './dates.ts'
import { makeId, numberOf } from './ids.ts'
import { STAGES } from './objects.ts'

type Gen = (index: number) => Value
type Values = Record<string, Gen>

const DAY = 86_400_000
const USERS = 25
const INDUSTRIES = [
  'Agriculture',
  'Banking',
  'Construction',
  'Education',
  'Energy',
  'Healthcare',
  'Manufacturing',
  'Retail',
]

/** The organisation's people and companies with ids as Salesforce writes them. */
export function salesforceSeed(seed: number, records: number, instance: string): Seed {
  const ids = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => makeId(prefix, instance, i + 1))
  return seedOf(seed, records, {
    accountId: (i) => makeId('001', instance, i + 1),
    contactId: (i) => makeId('003', instance, i + 1),
    users: ids('005', USERS),
    teams: ids('00G', 6),
  })
}

type Rows = { prefix: string; count: number; instance: string }

function rowsOf({ prefix, count, instance }: Rows): Omit<Base, 'values'> {
  return baseRows({
    count,
    firstVersion: 1,
    id: (i) => makeId(prefix, instance, i + 1),
    guess: (id) => (id.startsWith(prefix) ? numberOf(id) - 1 : -1),
  })
}

const number = (value: Value | undefined): Value => (value === null || value === undefined ? null : Number(value))
const text = (gen: Gen | undefined): Gen => gen ?? (() => null)

/** What every row has: who made and changed it, and when. */
function systemFields(s: Seed, base: Omit<Base, 'values'>, salt: number): Values {
  const user = (i: number, k: number) => pick(s.users, hash(s.seed, i, salt + k))
  return {
    OwnerId: (i) => user(i, 6),
    CreatedById: (i) => user(i, 1),
    LastModifiedById: (i) => user(i, 2),
    CreatedDate: (i) => dateTime(base.modifiedOf(i) - (hash(s.seed, i, salt + 7) % 400) * DAY),
    LastModifiedDate: (i) => dateTime(base.modifiedOf(i)),
  }
}

function addressFields(kind: string, from: Values): Values {
  const second = text(from.address1_line2)
  const street = text(from.address1_line1)
  return {
    [`${kind}Street`]: (i) => (second(i) === null || street(i) === null ? street(i) : `${street(i)}\r\n${second(i)}`),
    [`${kind}City`]: text(from.address1_city),
    [`${kind}State`]: text(from.address1_stateorprovince),
    [`${kind}PostalCode`]: text(from.address1_postalcode),
    [`${kind}Country`]: text(from.address1_country),
  }
}

export function accounts(s: Seed, instance: string): Base {
  const from = accountBase(s, 1).values as Values
  const base = rowsOf({ prefix: '001', count: s.accounts, instance })
  return {
    ...base,
    values: {
      ...systemFields(s, base, 1000),
      ...addressFields('Billing', from),
      Name: text(from.name),
      AccountNumber: text(from.accountnumber),
      Phone: text(from.telephone1),
      Fax: text(from.fax),
      Website: text(from.websiteurl),
      Sic: text(from.sic),
      // Few are listed at an exchange.
      TickerSymbol: (i) => (hash(s.seed, i, 1305) % 12 === 0 ? ticker(hash(s.seed, i, 1306)) : null),
      Description: text(from.description),
      NumberOfEmployees: text(from.numberofemployees),
      AnnualRevenue: (i) => number(from.revenue?.(i)),
      ParentId: text(from._parentaccountid_value),
      Industry: (i) => (hash(s.seed, i, 1301) % 4 === 0 ? null : pick(INDUSTRIES, hash(s.seed, i, 1302))),
      Type: (i) =>
        hash(s.seed, i, 1303) % 3 === 0 ? null : pick(['Prospect', 'Customer', 'Partner'], hash(s.seed, i, 1304)),
    },
  }
}

export function contacts(s: Seed, instance: string): Base {
  const from = contactBase(s, 1).values as Values
  const base = rowsOf({ prefix: '003', count: s.contacts, instance })
  const underAccount = (i: number) => from['_parentcustomerid_value@type']?.(i) === 'account'
  return {
    ...base,
    values: {
      ...systemFields(s, base, 2000),
      ...addressFields('Mailing', from),
      FirstName: text(from.firstname),
      LastName: text(from.lastname),
      Name: text(from.fullname),
      Salutation: (i) =>
        hash(s.seed, i, 2301) % 3 === 0 ? pick(SALUTATIONS.slice(0, 4), hash(s.seed, i, 2302)) : null,
      Phone: text(from.telephone1),
      MobilePhone: text(from.mobilephone),
      HomePhone: text(from.telephone2),
      OtherPhone: text(from.telephone3),
      Fax: text(from.fax),
      Email: text(from.emailaddress1),
      Title: text(from.jobtitle),
      Department: text(from.department),
      AssistantName: (i) => (hash(s.seed, i, 2305) % 10 === 0 ? assistant(s, i) : null),
      Birthdate: text(from.birthdate),
      Description: text(from.description),
      DoNotCall: text(from.donotphone),
      HasOptedOutOfEmail: text(from.donotbulkemail),
      LeadSource: (i) =>
        hash(s.seed, i, 2303) % 2 === 0 ? null : pick(['Web', 'Phone Inquiry', 'Other'], hash(s.seed, i, 2304)),
      AccountId: (i) => (underAccount(i) ? (from._parentcustomerid_value?.(i) ?? null) : null),
    },
  }
}

/** Two to four letters. */
const ticker = (n: number): string =>
  Array.from({ length: 2 + (n % 3) }, (_, k) => String.fromCharCode(65 + (Math.floor(n / 26 ** k / 3) % 26))).join('')

function assistant(s: Seed, i: number): string {
  const { first, last } = CULTURES[s.countryOf(i).culture]!
  return `${pick(first, hash(s.seed, i, 2306))} ${pick(last, hash(s.seed, i, 2307))}`.slice(0, 40)
}

export function leads(s: Seed, count: number, instance: string): Base {
  const base = rowsOf({ prefix: '00Q', count, instance })
  const culture = (i: number) => CULTURES[s.countryOf(i).culture]!
  const first = (i: number) => (hash(s.seed, i, 3001) % 10 === 0 ? null : pick(culture(i).first, hash(s.seed, i, 3002)))
  const last = (i: number) => pick(culture(i).last, hash(s.seed, i, 3003))
  const values: Values = {
    ...systemFields(s, base, 3000),
    FirstName: first,
    LastName: last,
    Name: (i) => [first(i), last(i)].filter(Boolean).join(' '),
    Company: (i) => `${pick(COMPANY_STEMS, hash(s.seed, i, 3004))} ${i}`,
    Title: (i) => (i % 3 === 0 ? null : pick(JOBS, hash(s.seed, i, 3005))),
    Phone: (i) => (i % 6 === 0 ? null : phone(s.countryOf(i), 'fixed', s.seed + 30, i)),
    MobilePhone: (i) => (i % 2 === 0 ? null : phone(s.countryOf(i), 'mobile', s.seed + 30, i)),
    Email: (i) => (i % 5 === 0 ? null : `${slug(last(i)) || 'lead'}${i}@lead.example`),
    Country: (i) => s.countryOf(i).names[0] ?? null,
    Status: (i) =>
      pick(['Open - Not Contacted', 'Working - Contacted', 'Closed - Not Converted'], hash(s.seed, i, 3006)),
    Rating: (i) => pick(['Hot', 'Warm', 'Cold', null], hash(s.seed, i, 3007)),
  }
  return { ...base, values }
}

export function opportunities(s: Seed, count: number, instance: string): Base {
  const base = rowsOf({ prefix: '006', count, instance })
  const stage = (i: number) => pick(STAGES, hash(s.seed, i, 4001))
  const values: Values = {
    ...systemFields(s, base, 4000),
    Name: (i) => `${pick(COMPANY_STEMS, hash(s.seed, i, 4002))} – ${1 + (i % 40)} machines`,
    AccountId: (i) => (s.accounts > 0 ? s.accountId(i % s.accounts) : null),
    StageName: (i) => stage(i)[0],
    Probability: (i) => stage(i)[1],
    IsClosed: (i) => stage(i)[2],
    IsWon: (i) => stage(i)[3],
    Amount: (i) => (i % 7 === 0 ? null : (hash(s.seed, i, 4003) % 10_000_000) / 100),
    CloseDate: (i) => isoDate(base.modifiedOf(i) + (hash(s.seed, i, 4004) % 200) * DAY),
  }
  return { ...base, values }
}

export function cases(s: Seed, count: number, instance: string): Base {
  const base = rowsOf({ prefix: '500', count, instance })
  const status = (i: number) => pick(['New', 'Working', 'Escalated', 'Closed'], hash(s.seed, i, 5001))
  const values: Values = {
    ...systemFields(s, base, 5000),
    CaseNumber: (i) => String(i + 1000).padStart(8, '0'),
    Subject: (i) => pick(NOTES, hash(s.seed, i, 5002)).slice(0, 60),
    Status: status,
    IsClosed: (i) => status(i) === 'Closed',
    ClosedDate: (i) => (status(i) === 'Closed' ? dateTime(base.modifiedOf(i)) : null),
    Priority: (i) => pick(['High', 'Medium', 'Low'], hash(s.seed, i, 5003)),
    Origin: (i) => pick(['Phone', 'Email', 'Web', null], hash(s.seed, i, 5004)),
    ContactId: (i) => (s.contacts > 0 ? s.contactId(i % s.contacts) : null),
    AccountId: (i) => (s.contacts > 0 && s.accounts > 0 ? s.accountId(s.accountOf(i % s.contacts)) : null),
  }
  return { ...base, values }
}

export function tasks(s: Seed, count: number, instance: string): Base {
  const base = rowsOf({ prefix: '00T', count, instance })
  const call = (i: number) => i % 2 === 0
  const done = (i: number) => hash(s.seed, i, 6001) % 3 === 0
  const values: Values = {
    ...systemFields(s, base, 6000),
    Subject: (i) => (call(i) ? 'Call' : pick(NOTES, hash(s.seed, i, 6002)).slice(0, 60)),
    TaskSubtype: (i) => (call(i) ? 'Call' : 'Task'),
    Status: (i) => (done(i) ? 'Completed' : 'Not Started'),
    IsClosed: done,
    Priority: () => 'Normal',
    ActivityDate: (i) => (i % 9 === 0 ? null : isoDate(base.modifiedOf(i))),
    CallType: (i) => (call(i) ? pick(['Inbound', 'Outbound'], hash(s.seed, i, 6003)) : null),
    CallDurationInSeconds: (i) => (call(i) ? hash(s.seed, i, 6004) % 1800 : null),
    WhoId: (i) => (s.contacts > 0 && i % 4 !== 0 ? s.contactId(i % s.contacts) : null),
    WhatId: (i) => (s.accounts > 0 && i % 3 === 0 ? s.accountId(i % s.accounts) : null),
  }
  return { ...base, values }
}

export function events(s: Seed, count: number, instance: string): Base {
  const base = rowsOf({ prefix: '00U', count, instance })
  const start = (i: number) => Math.floor(base.modifiedOf(i) / 900_000) * 900_000
  const values: Values = {
    ...systemFields(s, base, 7000),
    Subject: () => 'Meeting',
    StartDateTime: (i) => dateTime(start(i)),
    ActivityDateTime: (i) => dateTime(start(i)),
    ActivityDate: (i) => isoDate(start(i)),
    EndDateTime: (i) => dateTime(start(i) + 3_600_000),
    DurationInMinutes: () => 60,
    Location: (i) => (i % 2 === 0 ? 'Gent' : null),
    ShowAs: () => 'Busy',
    WhoId: (i) => (s.contacts > 0 ? s.contactId(i % s.contacts) : null),
  }
  return { ...base, values }
}
