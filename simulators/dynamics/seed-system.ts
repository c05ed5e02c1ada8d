import { CULTURES, slug } from '../organisation/names.ts'
import { guidOf, hash, pick } from '../organisation/random.ts'
import { CURRENCIES } from '../organisation/seed.ts'
import type { Organization } from './organization.ts'
import type { Fields } from './schema.ts'
import { put } from './table.ts'

const CREATED = '2014-01-02T08:00:00Z'
const MESSAGES = ['Create', 'Update', 'Delete', 'Assign', 'SetState', 'Merge', 'Retrieve', 'RetrieveMultiple'] as const

/** Users, teams, currencies, the organisation itself, and the messages that webhooks are hung on. */
export function seedSystemRows(org: Organization, clientId: string): void {
  seedPlaces(org)
  seedUsers(org, clientId)
  seedTeams(org)
  seedMessages(org)
}

function row(org: Organization, logical: string, id: string, fields: Fields): void {
  const table = org.tables.get(logical)!
  const stamped: Fields = { ...fields, createdon: CREATED, modifiedon: CREATED }
  if (table.columns.has('statecode')) Object.assign(stamped, { statecode: 0, statuscode: 1 })
  put(table, { id, version: ++org.counter, deleted: false, at: Date.parse(CREATED), fields: stamped })
}

function seedPlaces(org: Organization): void {
  const { businessUnit, currencies } = org.seedData
  row(org, 'businessunit', businessUnit, { name: 'Contoso', isdisabled: false })
  for (const [code, currencyname, currencysymbol, exchangerate] of CURRENCIES)
    row(org, 'transactioncurrency', currencies[code]!.id, {
      currencyname,
      currencysymbol,
      exchangerate,
      isocurrencycode: code,
      currencyprecision: code === 'JPY' ? 0 : 2,
    })
  row(org, 'organization', org.id, {
    name: org.name,
    schemanameprefix: 'new',
    languagecode: 1033,
    localeid: 1033,
    expirechangetrackingindays: org.settings.expireChangeTrackingDays,
    expiresubscriptionsindays: 90,
    _basecurrencyid_value: currencies.EUR!.id,
  })
}

function seedUsers(org: Organization, clientId: string): void {
  const { users, businessUnit } = org.seedData
  const cultures = ['dutch', 'french', 'english', 'german', 'nordic'].map((name) => CULTURES[name]!)
  users.forEach((id, i) => {
    const culture = pick(cultures, hash(org.seed, i, 900))
    const firstname = pick(culture.first, hash(org.seed, i, 901))
    const lastname = pick(culture.last, hash(org.seed, i, 902))
    const mail = `${slug(firstname)}.${slug(lastname)}${i}@contoso.example`
    const fields = {
      firstname,
      lastname,
      fullname: `${firstname} ${lastname}`,
      domainname: mail,
      internalemailaddress: mail,
    }
    row(org, 'systemuser', id, {
      ...fields,
      azureactivedirectoryobjectid: guidOf(org.seed, `user object ${i}`),
      isdisabled: i === 24,
      islicensed: true,
      accessmode: 0,
      ownerid: id,
      _businessunitid_value: businessUnit,
    })
  })
  row(org, 'systemuser', org.appUser, {
    firstname: '#',
    lastname: 'Jackfield',
    fullname: '# Jackfield',
    domainname: `${clientId}@contoso.example`,
    applicationid: clientId,
    azureactivedirectoryobjectid: guidOf(org.seed, 'application object'),
    isdisabled: false,
    islicensed: false,
    accessmode: 4,
    ownerid: org.appUser,
    _businessunitid_value: businessUnit,
  })
}

function seedTeams(org: Organization): void {
  const { teams, users, businessUnit } = org.seedData
  const names = ['Contoso', 'Inside Sales', 'Service Desk', 'Équipe Sud', 'Team Noord', 'Escalations']
  teams.forEach((id, t) => {
    const fields = { name: names[t] ?? `Team ${t}`, isdefault: t === 0, teamtype: 0, ownerid: id }
    row(org, 'team', id, { ...fields, _administratorid_value: users[0]!, _businessunitid_value: businessUnit })
    users.forEach((user, u) => {
      if (t !== 0 && hash(org.seed, u * 10 + t, 903) % 4 !== 0) return
      row(org, 'teammembership', guidOf(org.seed, `membership ${t} ${u}`), { systemuserid: user, teamid: id })
    })
  })
}

function seedMessages(org: Organization): void {
  for (const name of MESSAGES) {
    const message = guidOf(org.seed, `message ${name}`)
    row(org, 'sdkmessage', message, { name, isprivate: false })
    for (const logical of org.tables.keys())
      row(org, 'sdkmessagefilter', guidOf(org.seed, `filter ${name} ${logical}`), {
        primaryobjecttypecode: logical,
        secondaryobjecttypecode: 'none',
        iscustomprocessingstepallowed: true,
        _sdkmessageid_value: message,
      })
  }
}
