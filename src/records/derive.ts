import type { Mapping } from '#model/mapping.ts'
import { countryCode } from './country.ts'
import { readPhone } from './phone.ts'

/** A key that finds the record: `kind:value:field`, as record.points keeps it and contact_point indexes it. */
export interface Point {
  kind: 'p' | 'n' | 'e'
  value: string
  field: string
}

export interface Link {
  role: string
  target: string
}

/** What search and relations need of a row; made again by `reindex` when the rule changes. */
export interface Derived {
  name: string | null
  searchText: string | null
  active: boolean
  /** Seconds since the epoch. */
  modifiedAt: number | null
  points: Point[]
  links: Link[]
}

export interface Rule {
  mapping: Mapping
  defaultCountry: string | null
}

// RFC 5321: 254 characters for a path; more is no address. Also keeps index rows small.
const longestEmail = 254
const longestName = 400
const longestSearchText = 2_000
const longestTarget = 200

export function derive(values: Record<string, unknown>, rule: Rule): Derived {
  const { mapping } = rule
  const name = shownName(values, mapping)
  const searched = [name, ...mapping.alsoSearched.map((field) => textOf(values[field]))].filter((part) => part !== null)
  return {
    name,
    searchText: searched.length > 0 ? foldText(searched.join(' ')).slice(0, longestSearchText) : null,
    active: mapping.active === null || mapping.active.values.includes(values[mapping.active.field] as never),
    modifiedAt: mapping.modifiedAt === null ? null : secondsOf(values[mapping.modifiedAt]),
    points: [...phonePoints(values, rule), ...emailPoints(values, mapping)],
    links: linksOf(values, mapping),
  }
}

/** The same for "Müller", "MÜLLER" and "muller", so that people find what they type. */
export function foldText(text: string): string {
  const lower = text.toLowerCase()
  return beyondAscii.test(lower) ? lower.normalize('NFKD').replace(/\p{M}/gu, '') : lower
}
const beyondAscii = /[\u0080-\uffff]/

// Control characters would break the lists that rows travel in, and no name needs them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const controls = /[\u0000-\u001f\u007f]+/g

function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.replace(controls, ' ').trim()
  return text === '' ? null : text
}

function shownName(values: Record<string, unknown>, mapping: Mapping): string | null {
  for (const fields of mapping.name) {
    const parts = fields.map((field) => textOf(values[field])).filter((part) => part !== null)
    if (parts.length > 0) return parts.join(' ').slice(0, longestName)
  }
  return null
}

function secondsOf(value: unknown): number | null {
  if (typeof value !== 'string') return null
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? null : ms / 1000
}

function phonePoints(values: Record<string, unknown>, { mapping, defaultCountry }: Rule): Point[] {
  const points: Point[] = []
  let countries: string[] | undefined
  for (const field of mapping.phones) {
    const text = values[field]
    if (typeof text !== 'string' || text === '') continue
    countries ??= countryHints(values, mapping, defaultCountry)
    const phone = readPhone(text, countries)
    if (phone) points.push({ kind: phone.kind, value: phone.value, field })
  }
  return points
}

/** Where national numbers of this record are read from: the country of its address, then the connection's default. */
function countryHints(values: Record<string, unknown>, mapping: Mapping, defaultCountry: string | null): string[] {
  const hints: string[] = []
  for (const field of mapping.country) {
    const text = values[field]
    const code = typeof text === 'string' ? countryCode(text) : null
    if (code) hints.push(code)
  }
  if (defaultCountry && !hints.includes(defaultCountry)) hints.push(defaultCountry)
  return hints
}

function emailPoints(values: Record<string, unknown>, mapping: Mapping): Point[] {
  const points: Point[] = []
  for (const field of mapping.emails) {
    const email = textOf(values[field])?.toLowerCase()
    if (email?.includes('@') && email.length <= longestEmail) points.push({ kind: 'e', value: email, field })
  }
  return points
}

function linksOf(values: Record<string, unknown>, mapping: Mapping): Link[] {
  const links: Link[] = []
  for (const { role, from } of mapping.relations) {
    const target = textOf(values[from])
    if (target !== null && target.length <= longestTarget) links.push({ role, target: target.toLowerCase() })
  }
  return links
}
