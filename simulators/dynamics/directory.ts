import { randomUUID } from 'node:crypto'
import { type Directory, DEFAULTS as ENTRA_DEFAULTS, type EntraSettings, type Person } from '../entra/data.ts'
import { makeKeySet } from '../entra/keys.ts'
import { guidOf } from '../organisation/random.ts'
import { createRow } from './change-rows.ts'
import type { Organization } from './organization.ts'

/** The tenant that guards the organisation, with its one app. */
export function makeDirectory(
  org: Organization,
  { clientId, secret }: { clientId: string; secret: string },
  settings?: Partial<EntraSettings>,
): Directory {
  const app = {
    clientId,
    name: 'Jackfield',
    objectId: guidOf(org.seed, 'application object'),
    secrets: [{ value: secret, expiresAt: null }],
    redirectUris: [],
    consented: true,
    isPublic: false,
  }
  return {
    tenantId: guidOf(org.seed, 'tenant'),
    domain: 'contoso.example',
    name: 'Contoso',
    apps: new Map([[clientId, app]]),
    people: peopleOf(org),
    signedIn: null,
    resources: new Set(['https://graph.microsoft.com']),
    keys: makeKeySet(),
    codes: new Map(),
    refreshTokens: new Map(),
    settings: { ...ENTRA_DEFAULTS, ...settings },
  }
}

/** So many of the first users can sign in: a page of all would be long. */
const signing = 5

/** Users of the organisation, those that were added, and somebody of the tenant who is no user of it. */
function peopleOf(org: Organization): Person[] {
  const first = new Set(org.seedData.users.slice(0, signing))
  const seeded = new Set([...org.seedData.users, org.appUser])
  const people: Person[] = []
  for (const { id, deleted, fields } of org.tables.get('systemuser')!.entries.values()) {
    const objectId = fields.azureactivedirectoryobjectid
    if (deleted || !objectId || (seeded.has(id) && !first.has(id))) continue
    people.push({ objectId: String(objectId), upn: String(fields.domainname), name: String(fields.fullname) })
  }
  return [
    ...people,
    { objectId: guidOf(org.seed, 'stranger'), upn: 'stranger@contoso.example', name: 'Stranger to the organisation' },
  ]
}

/** Somebody new in the tenant, and, unless `member` is false, in the organisation. */
export function addPerson(
  { org, directory }: { org: Organization; directory: Directory },
  given: Record<string, unknown>,
): Person & { userId: string | null } {
  const upn = String(given.upn ?? '')
  if (!/^\S+@\S+$/.test(upn)) throw new Error('a person needs upn, such as ada@contoso.example')
  if (directory.people.some((one) => one.upn === upn)) throw new Error(`${upn} is there already`)
  const person = { objectId: randomUUID(), upn, name: String(given.name ?? upn) }
  directory.people.push(person)
  return { ...person, userId: given.member === false ? null : addUser(org, person) }
}

function addUser(org: Organization, { objectId, upn, name }: Person): string {
  const id = randomUUID()
  createRow({ org, table: org.tables.get('systemuser')!, userId: org.appUser }, id, {
    ...{ fullname: name, firstname: name.split(' ')[0]!, lastname: name.split(' ').slice(1).join(' ') || null },
    ...{ domainname: upn, internalemailaddress: upn, azureactivedirectoryobjectid: objectId },
    ...{ isdisabled: false, islicensed: true, accessmode: 0, ownerid: id },
    _businessunitid_value: org.seedData.businessUnit,
  })
  return id
}
