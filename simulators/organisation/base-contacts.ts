import { addressValues, money4, systemValues } from './base-accounts.ts'
import { type Country, WEIGHTED } from './countries.ts'
import { CULTURES, DEPARTMENTS, JOBS, NOTES, SALUTATIONS, slug } from './names.ts'
import { phone } from './phones.ts'
import { hash, pick } from './random.ts'
import { type Base, baseRows, currencyOf, isoDate, isoSeconds, type Seed, type Value } from './seed.ts'

type Gen = (index: number) => Value
const DAY = 86_400_000

export type Person = { first: (i: number) => string; last: (i: number) => string; full: (i: number) => string }

/** Names follow the country; one in a hundred is written with combining marks, as some systems export them. */
function person(s: Seed, country: (i: number) => Country): Person {
  const culture = (i: number) =>
    CULTURES[hash(s.seed, i, 200) % 8 === 0 ? pick(Object.keys(CULTURES), hash(s.seed, i, 201)) : country(i).culture]!
  const form = (i: number, text: string) => (hash(s.seed, i, 202) % 100 === 0 ? text.normalize('NFD') : text)
  const first = (i: number) => form(i, pick(culture(i).first, hash(s.seed, i, 203)))
  const last = (i: number) => form(i, pick(culture(i).last, hash(s.seed, i, 204)))
  return { first, last, full: (i) => (hash(s.seed, i, 205) % 40 === 0 ? last(i) : `${first(i)} ${last(i)}`) }
}

export function contactName(s: Seed, i: number): string {
  return person(s, countryOfContact(s)).full(i)
}

const countryOfContact = (s: Seed) => (i: number) =>
  s.accounts > 0 && hash(s.seed, i, 210) % 10 !== 0 ? s.countryOf(s.accountOf(i)) : pick(WEIGHTED, hash(s.seed, i, 211))

/** Two phone values in the mean; some numbers are shared by a household, some are the switchboard of the account. */
function phoneValues(s: Seed, country: (i: number) => Country): Record<string, Gen> {
  const h = (i: number, k: number) => hash(s.seed, i, 220 + k) % 100
  const household = (i: number) => (h(i, 1) < 4 ? i - (i % 8) : i)
  const mine = (i: number) => s.accounts * 4 + household(i)
  const business = (i: number) =>
    h(i, 2) < 12 && s.accounts > 0
      ? phone(s.countryOf(s.accountOf(i)), 'fixed', s.seed, s.accountOf(i))
      : phone(country(i), 'fixed', s.seed, mine(i))
  return {
    telephone1: (i) => (h(i, 3) < 80 ? business(i) : null),
    mobilephone: (i) => (h(i, 4) < 80 ? phone(country(household(i)), 'mobile', s.seed, mine(i)) : null),
    telephone2: (i) => (h(i, 5) < 30 ? phone(country(i), 'fixed', s.seed + 2, mine(i)) : null),
    telephone3: (i) => (h(i, 6) < 10 ? phone(country(i), 'mobile', s.seed + 3, mine(i)) : null),
    fax: (i) => (h(i, 7) < 10 ? phone(country(i), 'fixed', s.seed + 4, mine(i)) : null),
  }
}

/** One e-mail address in the mean; couples and departments share one now and then. */
function emailValues(s: Seed, who: Person): Record<string, Gen> {
  const h = (i: number, k: number) => hash(s.seed, i, 230 + k)
  const local = (i: number) => {
    const parts = [slug(who.first(i)), slug(who.last(i))].filter(Boolean)
    return parts.length === 0 ? `user${i}` : parts.join(pick(['.', '_', '', '-'], h(i, 1)))
  }
  const shared = (i: number) => (h(i, 2) % 50 === 0 ? i - (i % 10) : i)
  const host = (i: number) =>
    pick(['example.com', 'example.org', 'mail.example', 'werk.example', 'Example.NET'], h(i, 3))
  const address = (i: number) => `${local(shared(i))}${h(shared(i), 4) % 3 === 0 ? shared(i) : ''}@${host(shared(i))}`
  return {
    emailaddress1: (i) => (h(i, 5) % 100 < 85 ? address(i) : null),
    emailaddress2: (i) => (h(i, 6) % 100 < 12 ? `${local(i)}.privé@example.fr` : null),
    emailaddress3: (i) => (h(i, 7) % 100 < 3 ? `${local(i).toUpperCase()}@EXAMPLE.COM` : null),
  }
}

function personalValues(s: Seed): Record<string, Gen> {
  const h = (i: number, k: number) => hash(s.seed, i, 250 + k)
  const rarely =
    (k: number, outOf: number, gen: Gen): Gen =>
    (i) =>
      h(i, k) % outOf === 0 ? gen(i) : null
  // Born between 1940 and 2008; every 29 February in between is met.
  const born = (i: number) => Date.UTC(1940, 0, 1) + (h(i, 1) % 24_800) * DAY
  return {
    salutation: rarely(2, 3, (i) => pick(SALUTATIONS, h(i, 3))),
    middlename: rarely(4, 12, (i) => String.fromCharCode(65 + (h(i, 4) % 26))),
    suffix: rarely(5, 60, () => 'Jr.'),
    nickname: rarely(6, 30, () => 'Max'),
    jobtitle: (i) => (h(i, 7) % 5 === 0 ? null : pick(JOBS, h(i, 8))),
    department: rarely(9, 2, (i) => pick(DEPARTMENTS, h(i, 10))),
    birthdate: rarely(11, 3, (i) => (h(i, 12) % 200 === 0 ? '1988-02-29' : isoDate(born(i)))),
    anniversary: rarely(13, 20, (i) => isoDate(born(i) + 9000 * DAY)),
    numberofchildren: rarely(14, 6, (i) => h(i, 14) % 5),
    gendercode: rarely(15, 2, (i) => 1 + (h(i, 16) % 2)),
    familystatuscode: rarely(17, 4, (i) => 1 + (h(i, 18) % 4)),
    accountrolecode: rarely(19, 3, (i) => 1 + (h(i, 20) % 3)),
    governmentid: rarely(21, 15, (i) => String(h(i, 22))),
    externaluseridentifier: rarely(23, 9, (i) => `ext-${h(i, 24).toString(36)}`),
    description: rarely(25, 5, (i) => pick(NOTES, h(i, 26))),
    lastonholdtime: rarely(27, 25, (i) => isoSeconds(Date.UTC(2024, 1, 29) + h(i, 28) * 100)),
    creditlimit: rarely(29, 8, (i) => money4((h(i, 30) % 500_000) * 10)),
    annualincome: rarely(31, 10, (i) => money4(h(i, 32) % 20_000_000)),
    entityimage_timestamp: rarely(33, 25, (i) => String(637_300_000_000_000_001n + BigInt(h(i, 34)))),
    donotphone: (i) => h(i, 35) % 25 === 0,
    donotemail: (i) => h(i, 36) % 15 === 0,
    donotbulkemail: (i) => h(i, 37) % 6 === 0,
    creditonhold: () => false,
    preferredcontactmethodcode: (i) => 1 + (h(i, 38) % 5),
  }
}

export function contactBase(s: Seed, firstVersion: number): Base {
  const base = baseRows({ count: s.contacts, firstVersion, id: s.contactId })
  const country = countryOfContact(s)
  const who = person(s, country)
  const placed = (i: number) => s.accounts > 0 && hash(s.seed, i, 240) % 12 !== 0
  const underContact = (i: number) => i > 0 && hash(s.seed, i, 241) % 50 === 0
  const values: Record<string, Gen> = {
    ...systemValues(s, base, 2000),
    ...addressValues(s, country, (i) =>
      s.accounts > 0 && hash(s.seed, i, 242) % 2 === 0 ? s.accountOf(i) : s.accounts + i,
    ),
    ...phoneValues(s, country),
    ...emailValues(s, who),
    ...personalValues(s),
    firstname: (i) => (hash(s.seed, i, 205) % 40 === 0 ? null : who.first(i)),
    lastname: who.last,
    fullname: who.full,
    employeeid: (i) => `E-${String(i).padStart(7, '0')}`,
    exchangerate: (i) => s.currencies[currencyOf(country(i))]?.rate ?? null,
    _transactioncurrencyid_value: (i) => s.currencies[currencyOf(country(i))]?.id ?? null,
    _parentcustomerid_value: (i) =>
      !placed(i) ? null : underContact(i) ? s.contactId(i - 1) : s.accountId(s.accountOf(i)),
    '_parentcustomerid_value@type': (i) => (!placed(i) ? null : underContact(i) ? 'contact' : 'account'),
  }
  return { ...base, values }
}
