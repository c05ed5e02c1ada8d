import { type CountryCode, getCountries, getCountryCallingCode, Metadata } from 'libphonenumber-js'

/**
 * The parts of libphonenumber's metadata that plain numbers need. They are in its published metadata and on this class,
 * though not all in its types; plain-number.test.ts holds what follows to libphonenumber's own answers.
 */
interface Plan {
  possibleLengths(): number[]
  IDDPrefix(): string
  nationalNumberPattern(): string
  /** 0 where there is none. */
  nationalPrefixForParsing(): string | 0 | undefined
}

interface CountryPlan {
  callingCode: string
  /** National lengths that every country of this calling code has. */
  lengths: ReadonlySet<number>
  /** National length beyond which no country of this calling code has any. */
  longest: number
  /** What is dialled before a number within the country. A group that it captures changes the number in ways that are not plain. */
  prefix: RegExp | null
  /** What is dialled to leave the country. */
  exit: RegExp
  whole: RegExp
}

interface CodePlan {
  lengths: ReadonlySet<number>
  longest: number
  /** What any of its countries dials before a number; null where none does. */
  prefix: RegExp | null
}

let byCountry: Map<string, CountryPlan> | undefined
let byCode: Map<string, CodePlan> | undefined

const plainInternational = /^\+[\d ().\-/]+$/
const plainNational = /^[\d ().\-/]+$/
const separators = /[^\d]+/g
const longestCallingCode = 3

/**
 * A number of digits and usual separators only, in E.164 exactly as libphonenumber reads it, at a tenth of its cost; null
 * for one that is too long to be possible; undefined wherever more than a look into the numbering plan is needed: that is
 * left to libphonenumber.
 */
export function readPlainNumber(text: string, country: string | undefined): string | null | undefined {
  if (country === undefined)
    return plainInternational.test(text) ? international(text.replace(separators, '')) : undefined
  return plainNational.test(text) ? national(text.replace(separators, ''), country) : undefined
}

function international(digits: string): string | null | undefined {
  byCode ??= codePlans()
  for (let length = 1; length <= longestCallingCode; length += 1) {
    const plan = byCode.get(digits.slice(0, length))
    if (!plan) continue
    const rest = digits.slice(length)
    // A prefix that may have to be taken away, or a length that not every country of this code has: not plain.
    if (plan.prefix?.test(rest)) return undefined
    if (rest.length > plan.longest) return null
    return plan.lengths.has(rest.length) ? `+${digits}` : undefined
  }
  return undefined
}

function national(digits: string, country: string): string | null | undefined {
  byCountry ??= countryPlans()
  const plan = byCountry.get(country)
  // Digits that begin with the calling code may be an international number without its plus.
  if (!plan || digits.startsWith(plan.callingCode) || plan.exit.test(digits)) return undefined
  const [prefix = '', ...captured] = plan.prefix?.exec(digits) ?? []
  if (captured.some((group) => group !== undefined)) return undefined
  const rest = digits.slice(prefix.length)
  if (rest.length > plan.longest) return null
  if (!plan.lengths.has(rest.length)) return undefined
  // What looks like a prefix may be the beginning of the number itself.
  if (prefix !== '' && plan.whole.test(digits) && !plan.whole.test(rest)) return undefined
  return `+${plan.callingCode}${rest}`
}

function countryPlans(): Map<string, CountryPlan> {
  const plans = new Map<string, CountryPlan>()
  for (const [callingCode, countries] of Map.groupBy(getCountries(), (country) => getCountryCallingCode(country))) {
    const shared = countries.map((country) => new Set(planOf(country).possibleLengths()))
    const lengths = shared.reduce((all, one) => all.intersection(one))
    const longest = Math.max(...shared.flatMap((one) => [...one]))
    for (const country of countries) plans.set(country, countryPlan(planOf(country), { callingCode, lengths, longest }))
  }
  return plans
}

type Shared = Pick<CountryPlan, 'callingCode' | 'lengths' | 'longest'>

function countryPlan(plan: Plan, shared: Shared): CountryPlan {
  const prefix = plan.nationalPrefixForParsing() || null
  return {
    ...shared,
    prefix: prefix ? new RegExp(`^(?:${prefix})`) : null,
    exit: new RegExp(`^(?:${plan.IDDPrefix()})`),
    whole: new RegExp(`^(?:${plan.nationalNumberPattern()})$`),
  }
}

function codePlans(): Map<string, CodePlan> {
  byCountry ??= countryPlans()
  const plans = new Map<string, CodePlan>()
  for (const { callingCode, lengths, longest, prefix } of byCountry.values()) {
    const known = plans.get(callingCode)
    plans.set(callingCode, { lengths, longest, prefix: either(known?.prefix ?? null, prefix) })
  }
  return plans
}

function either(one: RegExp | null, other: RegExp | null): RegExp | null {
  return one && other ? new RegExp(`${one.source}|${other.source}`) : (one ?? other)
}

function planOf(country: CountryCode): Plan {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  return metadata.numberingPlan as unknown as Plan
}
