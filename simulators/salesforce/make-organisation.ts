import { CULTURES, slug } from '../organisation/names.ts'
import { hash, pick } from '../organisation/random.ts'
import type { Base } from '../organisation/seed.ts'
import { dateTime } from './dates.ts'
import { instanceOf, makeId } from './ids.ts'
import { allObjects, STAGES } from './objects.ts'
import { DEFAULTS, type Organisation, type Settings } from './organisation.ts'
import type { Fields } from './schema.ts'
import { accounts, cases, contacts, events, leads, opportunities, salesforceSeed, tasks } from './seed.ts'
import { makeTable, nextId, put, type Table } from './table.ts'

type Options = {
  seed: number
  records: number
  /** Rows of each of leads, opportunities, cases, tasks and events. */
  others: number
  settings?: Partial<Settings> | undefined
}

/** Everything that the service itself wrote is as old as this. */
const FOUNDED = Date.UTC(2014, 0, 6)

export function makeOrganisation({ seed, records, others, settings }: Options): Organisation {
  const instance = instanceOf(seed)
  const seedData = salesforceSeed(seed, records, instance)
  const bases: Record<string, Base> = {
    Account: accounts(seedData, instance),
    Contact: contacts(seedData, instance),
    Lead: leads(seedData, others, instance),
    Opportunity: opportunities(seedData, others, instance),
    Case: cases(seedData, others, instance),
    Task: tasks(seedData, others, instance),
    Event: events(seedData, others, instance),
  }
  const definitions = allObjects()
  const tables = definitions.map((d) => makeTable(d, bases[d.name] ?? null, instance))
  const org: Organisation = {
    seed,
    id: makeId('00D', instance, 1),
    instance,
    seedData,
    tables: new Map(tables.map((t) => [t.definition.name.toLowerCase(), t])),
    prefixes: new Map(tables.map((t) => [t.definition.keyPrefix, t])),
    integrationUser: '',
    settings: { ...DEFAULTS, ...settings },
    counter: 0,
    listeners: [],
    schemaListeners: [],
    transaction: null,
  }
  seedService(org)
  return org
}

function seedService(org: Organisation): void {
  const add = (name: string, fields: Fields) => addRow(org.tables.get(name.toLowerCase())!, fields)
  const profile = add('Profile', { Name: 'Minimum Access - API Only Integrations' })
  add('Organization', {
    Name: 'Contoso',
    IsSandbox: false,
    InstanceName: 'SIM1',
    OrganizationType: 'Enterprise Edition',
  })
  const locale = {
    TimeZoneSidKey: 'Europe/Brussels',
    LocaleSidKey: 'nl_BE',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
  }
  for (let i = 0; i < org.seedData.users.length; i++) {
    const culture = CULTURES[pick(Object.keys(CULTURES), hash(org.seed, i, 801))]!
    const [first, last] = [pick(culture.first, hash(org.seed, i, 802)), pick(culture.last, hash(org.seed, i, 803))]
    const Username = `${slug(last) || 'user'}.${i}@contoso.example`
    const name = {
      FirstName: first,
      LastName: last,
      Name: `${first} ${last}`,
      Username,
      Email: Username,
      Alias: `user${i}`,
    }
    add('User', { ...name, ...locale, IsActive: i % 12 !== 11, UserType: 'Standard', ProfileId: profile })
  }
  const own = {
    LastName: 'Integration',
    Name: 'Integration',
    Username: 'integration@contoso.example',
    Email: 'integration@contoso.example',
    Alias: 'integr',
  }
  org.integrationUser = add('User', { ...own, ...locale, IsActive: true, UserType: 'Standard', ProfileId: profile })
  for (let i = 0; i < 6; i++) {
    const group = add('Group', { Name: `Queue ${i + 1}`, DeveloperName: `Queue_${i + 1}`, Type: 'Queue' })
    for (let k = 0; k < 3; k++)
      add('GroupMember', { GroupId: group, UserOrGroupId: org.seedData.users[(i * 3 + k) % 25]! })
  }
  STAGES.forEach(([name, probability, closed, won], i) => {
    add('OpportunityStage', {
      MasterLabel: name,
      ApiName: name,
      IsActive: true,
      SortOrder: i + 1,
      IsClosed: closed,
      IsWon: won,
      DefaultProbability: probability,
    })
  })
  statuses(add)
}

function statuses(add: (name: string, fields: Fields) => string): void {
  for (const [object, closed, names] of [
    ['CaseStatus', 'Closed', ['New', 'Working', 'Escalated', 'Closed']],
    ['TaskStatus', 'Completed', ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred']],
  ] as const)
    names.forEach((name, i) => {
      add(object, { MasterLabel: name, ApiName: name, IsDefault: i === 0, SortOrder: i + 1, IsClosed: name === closed })
    })
}

function addRow(table: Table, fields: Fields): string {
  const id = nextId(table)
  const made = { CreatedDate: dateTime(FOUNDED), LastModifiedDate: dateTime(FOUNDED) }
  put(table, { id, stamp: FOUNDED, deleted: false, deletedAt: 0, version: 0, fields: { ...fields, ...made } })
  return id
}
