import { accountBase } from '../organisation/base-accounts.ts'
import { contactBase } from '../organisation/base-contacts.ts'
import { guidOf } from '../organisation/random.ts'
import { seedOf } from '../organisation/seed.ts'
import type { Organization, Settings } from './organization.ts'
import { seedSystemRows } from './seed-system.ts'
import { makeTable, type Table } from './table.ts'
import { allTables } from './tables/all.ts'

const FIRST_VERSION = 1_000_000

const DEFAULTS: Settings = {
  clockSkewMinutes: 0,
  tokenAtStart: false,
  expireChangeTrackingDays: 7,
  refuseIn: false,
  staleTotals: true,
  keyIndexMs: 500,
  language: 1033,
  denied: {},
  deniedTo: {},
  member: true,
  maxPageSize: 5000,
  webhookTimeoutMs: 60_000,
  webhookDelayMs: 0,
}

type OrganizationOptions = {
  seed: number
  records: number
  clientId: string
  settings?: Partial<Settings> | undefined
}

export function makeOrganization(options: OrganizationOptions): Organization {
  const { seed, records } = options
  const seedData = seedOf(seed, records)
  const accounts = accountBase(seedData, FIRST_VERSION)
  const contacts = contactBase(seedData, FIRST_VERSION + accounts.count)
  const id = guidOf(seed, 'organization')
  const org: Organization = {
    seed,
    id,
    name: `unq${id.replaceAll('-', '').slice(0, 20)}`,
    seedData,
    counter: FIRST_VERSION + accounts.count + contacts.count,
    tables: new Map(),
    sets: new Map(),
    appUser: guidOf(seed, 'application user'),
    settings: { ...DEFAULTS, ...options.settings },
    startedAt: Date.now(),
    listeners: [],
    schemaListeners: [],
    transaction: null,
    metadataVersion: 5_000_000,
  }
  for (const definition of allTables()) {
    const base = definition.logical === 'account' ? accounts : definition.logical === 'contact' ? contacts : null
    addTable(org, makeTable(definition, base))
  }
  seedSystemRows(org, options.clientId)
  return org
}

function addTable(org: Organization, table: Table): void {
  const { definition } = table
  org.tables.set(definition.logical, table)
  org.sets.set(definition.set, table)
}
