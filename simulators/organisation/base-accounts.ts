import type { Country } from './countries.ts'
import { COMPANY_KINDS, COMPANY_STEMS, NOTES, STREETS, slug } from './names.ts'
import { phone } from './phones.ts'
import { hash, pick } from './random.ts'
import { type Base, baseRows, currencyOf, isoDate, isoSeconds, type Seed, type Value } from './seed.ts'

type Gen = (index: number) => Value
const DAY = 86_400_000

/** A decimal with four digits after the point, as the service writes money. */
export const money4 = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}00`

export function accountName(s: Seed, i: number): string {
  const h = hash(s.seed, i, 11)
  const stem = `${pick(COMPANY_STEMS, h)} ${pick(COMPANY_KINDS, h >>> 8)}`
  return h % 5 === 0 ? stem : `${stem} ${(h >>> 4) % 997}`
}

/** Who owns it, who made it, when: the same for accounts and contacts. */
export function systemValues(s: Seed, base: Omit<Base, 'values'>, salt: number): Record<string, Gen> {
  const user = (i: number, k: number) => pick(s.users, hash(s.seed, i, salt + k))
  const byTeam = (i: number) => hash(s.seed, i, salt + 3) % 10 === 0
  const inactive = (i: number) => hash(s.seed, i, salt + 4) % 20 === 0
  const owner = (i: number) => (byTeam(i) ? pick(s.teams, hash(s.seed, i, salt + 5)) : user(i, 6))
  return {
    statecode: (i) => (inactive(i) ? 1 : 0),
    statuscode: (i) => (inactive(i) ? 2 : 1),
    createdon: (i) => isoSeconds(base.modifiedOf(i) - (hash(s.seed, i, salt + 7) % 400) * DAY),
    modifiedon: (i) => isoSeconds(base.modifiedOf(i)),
    _createdby_value: (i) => user(i, 1),
    _modifiedby_value: (i) => user(i, 2),
    _ownerid_value: owner,
    '_ownerid_value@type': (i) => (byTeam(i) ? 'team' : 'systemuser'),
    _owninguser_value: (i) => (byTeam(i) ? null : user(i, 6)),
    _owningteam_value: (i) => (byTeam(i) ? pick(s.teams, hash(s.seed, i, salt + 5)) : null),
    _owningbusinessunit_value: () => s.businessUnit,
    timezoneruleversionnumber: () => 4,
    utcconversiontimezonecode: (i) => (hash(s.seed, i, salt + 8) % 4 === 0 ? null : 105),
    importsequencenumber: (i) => (hash(s.seed, i, salt + 9) % 6 === 0 ? i : null),
    overriddencreatedon: (i) => (hash(s.seed, i, salt + 9) % 6 === 0 ? isoDate(base.modifiedOf(i) - 900 * DAY) : null),
  }
}

/** `key` names the place that an address is of; contacts of one account share theirs. */
export function addressValues(
  s: Seed,
  country: (i: number) => Country,
  key: (i: number) => number,
): Record<string, Gen> {
  const h = (i: number, k: number) => hash(s.seed, key(i), 40 + k)
  const city = (i: number) => pick(country(i).cities, h(i, 1)).split(';')
  const gap = (i: number) => h(i, 2) % 12 === 0
  const postal = (i: number) => (city(i)[2] ?? '').replace(/#/g, (_, at: number) => String((h(i, 3) >>> (at % 9)) % 10))
  const street = (i: number) => `${pick(STREETS, h(i, 4))} ${1 + (h(i, 5) % 299)}`
  const name = (i: number) => pick(country(i).names, hash(s.seed, i, 46) % 3 === 0 ? hash(s.seed, i, 47) : 0)
  return {
    address1_line1: (i) => (gap(i) ? null : street(i)),
    address1_line2: (i) => (h(i, 6) % 4 === 0 ? `Box ${h(i, 7) % 90}` : null),
    address1_city: (i) => (gap(i) ? null : (city(i)[0] ?? null)),
    address1_stateorprovince: (i) => (gap(i) ? null : city(i)[1] || null),
    address1_postalcode: (i) => (gap(i) ? null : postal(i)),
    address1_country: (i) => (hash(s.seed, i, 48) % 15 === 0 ? null : name(i)),
    address1_composite: (i) => (gap(i) ? null : `${street(i)}\r\n${postal(i)} ${city(i)[0]}\r\n${name(i)}`),
    address1_latitude: (i) =>
      h(i, 8) % 3 === 0 ? Number((country(i).latitude + (h(i, 9) % 9999) / 20_000).toFixed(5)) : null,
    address1_longitude: (i) =>
      h(i, 8) % 3 === 0 ? Number((country(i).longitude + (h(i, 10) % 9999) / 20_000).toFixed(5)) : null,
    address1_addresstypecode: () => 3,
  }
}

export function accountBase(s: Seed, firstVersion: number): Base {
  const base = baseRows({ count: s.accounts, firstVersion, id: s.accountId })
  const h = (i: number, k: number) => hash(s.seed, i, 10 + k)
  const domain = (i: number) => `${slug(accountName(s, i)).slice(0, 24) || `company${i}`}.example`
  const maybe =
    (k: number, outOf: number, gen: Gen): Gen =>
    (i) =>
      h(i, k) % outOf === 0 ? null : gen(i)
  const rarely =
    (k: number, outOf: number, gen: Gen): Gen =>
    (i) =>
      h(i, k) % outOf === 0 ? gen(i) : null
  const values: Record<string, Gen> = {
    ...systemValues(s, base, 1000),
    ...addressValues(s, s.countryOf, (i) => i),
    name: (i) => accountName(s, i),
    accountnumber: (i) => `A-${String(i).padStart(7, '0')}`,
    telephone1: maybe(2, 15, (i) => phone(s.countryOf(i), 'fixed', s.seed, i)),
    telephone2: rarely(3, 4, (i) => phone(s.countryOf(i), 'mobile', s.seed, i)),
    fax: rarely(4, 5, (i) => phone(s.countryOf(i), 'fixed', s.seed + 1, i)),
    emailaddress1: maybe(5, 6, (i) => `info@${domain(i)}`),
    websiteurl: maybe(6, 3, (i) => `https://www.${domain(i)}/`),
    description: rarely(7, 4, (i) => pick(NOTES, h(i, 8))),
    sic: rarely(9, 5, (i) => String(1000 + (h(i, 9) % 8999))),
    numberofemployees: maybe(10, 4, (i) => h(i, 11) % 20_000),
    revenue: maybe(12, 3, (i) => money4(h(i, 13))),
    creditlimit: rarely(14, 3, (i) => money4((h(i, 14) % 1_000_000) * 100)),
    exchangerate: (i) => s.currencies[currencyOf(s.countryOf(i))]?.rate ?? null,
    // Beyond 2^53: a client that reads it as a double loses its last digits.
    entityimage_timestamp: rarely(15, 20, (i) => String(637_300_000_000_000_001n + BigInt(h(i, 16)))),
    creditonhold: (i) => h(i, 17) % 40 === 0,
    donotphone: (i) => h(i, 18) % 25 === 0,
    donotemail: (i) => h(i, 19) % 15 === 0,
    industrycode: maybe(20, 4, (i) => pick([1, 6, 7, 16, 20, 21, 25, 30, 33], h(i, 21))),
    customertypecode: maybe(22, 3, (i) => 1 + (h(i, 23) % 12)),
    accountcategorycode: rarely(24, 2, (i) => 1 + (h(i, 24) % 2)),
    ownershipcode: rarely(25, 3, (i) => 1 + (h(i, 25) % 4)),
    preferredcontactmethodcode: (i) => 1 + (h(i, 26) % 5),
    _primarycontactid_value: maybe(27, 6, (i) => (i * 5 < s.contacts ? s.contactId(i * 5) : null)),
    _parentaccountid_value: rarely(28, 10, (i) => (i > 0 ? s.accountId(Math.floor(i / 2)) : null)),
    _transactioncurrencyid_value: (i) => s.currencies[currencyOf(s.countryOf(i))]?.id ?? null,
  }
  return { ...base, values }
}
