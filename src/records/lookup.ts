import type { Acts, Asker } from '#audit/append.ts'
import type { Pool } from '#database/pool.ts'
import { foldText } from './derive.ts'
import type { Finder } from './find.ts'
import { type LookupAct, sketchLookUp } from './lookup-act.ts'
import { limitedWays } from './lookup-limited.ts'
import type { UnwrittenLookUps } from './lookup-unwritten.ts'
import { ranked, type Ways, wholeWays } from './lookup-whole.ts'
import { isInternational, isPhoneCountry, readPhone, reversed, shortestSuffix } from './phone.ts'
import { type Found, type Match, rank } from './rank.ts'
import type { SyncedTable } from './table.ts'
import { isWhole, type View, wholeView } from './view.ts'
import { type ReasonNone, sentenceOf } from './why-none.ts'

export type LookupQuery = { phone: string } | { email: string } | { name: string }

export interface LookupAnswer {
  asOf: Date
  matches: Match[]
  /** More records match than are shown. */
  more: boolean
  /** Why there is none. */
  whyNone: string[]
  /** The same for programs. */
  reasonsNone: ReasonNone[]
}

/** Shown at most. */
const shown = 20

/**
 * Who is this? Answered from the hub alone, without a call to any CRM, and written to the audit log with the answer; to
 * whoever may see all, unless a view is given.
 */
export type LookUp = (query: LookupQuery, asker: Asker, view?: View) => Promise<LookupAnswer>

interface LookUpParts {
  /** Used by look-ups alone, so that none waits behind a page of a console. */
  pool: Pool
  finder: Finder
  acts: Acts
  unwritten: UnwrittenLookUps
}

export function createLookUp({ pool, finder, acts, unwritten }: LookUpParts): LookUp {
  const whole = wholeWays(pool)
  return (query, asker, view = wholeView) => {
    const sources = { pool, whole, finder, view }
    return unwritten.write(
      () => lookUp({ ...sources, sketch: (by, digits) => sketchLookUp(acts, asker, by, digits) }, query),
      () => lookUp({ ...sources, sketch: () => null }, query),
    )
  }
}

/** The act that a look-up is; null where none can be written. */
type Sketch = (by: LookupAct['by'], digits?: string) => LookupAct | null

interface Sources {
  pool: Pool
  whole: Ways
  finder: Finder
  view: View
  sketch: Sketch
}

async function lookUp({ pool, whole, finder, view, sketch }: Sources, query: LookupQuery): Promise<LookupAnswer> {
  const all = await finder.tables.all()
  const tables = isWhole(view) ? all : all.filter((table) => view.of(table)?.reads !== 'none')
  const ways = isWhole(view) ? whole : limitedWays(pool, { tables, view })
  const { found, none } = await findMatches({ ways, sketch }, all, query)
  const matches = rank(found, tables, finder.recordUrl)
  const reasonsNone = matches.length === 0 ? [...none, ...gaps(tables)] : []
  return {
    asOf: freshness(tables),
    matches: matches.slice(0, shown),
    more: matches.length > shown || found.length > ranked,
    whyNone: reasonsNone.map(sentenceOf),
    reasonsNone,
  }
}

interface Answer {
  found: Found[]
  none: ReasonNone[]
}

interface Asking {
  ways: Ways
  sketch: Sketch
}

async function findMatches(asking: Asking, tables: SyncedTable[], query: LookupQuery): Promise<Answer> {
  if ('phone' in query) return byPhone(asking, tables, query.phone)
  if ('email' in query) return byEmail(asking, query.email)
  return byName(asking, query.name)
}

async function byPhone({ ways, sketch }: Asking, tables: SyncedTable[], text: string): Promise<Answer> {
  const numbers = readings(text, tables)
  const digits = text.replace(/\D/g, '')
  if (numbers.length === 0 && digits.length < shortestSuffix) {
    return { found: [], none: [{ code: 'not_a_number' }] }
  }
  const e164 = numbers.filter(({ kind }) => kind === 'p').map(({ value }) => value)
  const full = numbers.map(({ value }) => value)
  // A number in full international notation is nobody else's: only a local one is completed by what is held.
  const local = isInternational(text) ? '' : reversed(digits.replace(/^0+/, ''))
  const goesOn = local.length >= shortestSuffix
  const act = sketch('phone', digits)
  const read = { numbers: e164.join(' '), partials: full.flatMap(prefixes).join(' ') }
  const found = await ways.byPhone(read, { act, goesOn })
  if (found.length > 0) return { found, none: [] }
  const similar = goesOn ? await ways.bySuffix(local, { act }) : []
  if (similar.length > 0) return { found: similar, none: [] }
  return { found: [], none: [{ code: 'number_unknown', value: shownNumber(e164[0], text) }] }
}

const shownNumber = (value: string | undefined, text: string) => (value ? `+${reversed(value)}` : text.slice(0, 32))

/** Each way to read the number: as it stands, or completed by the country of a connection. */
function readings(text: string, tables: SyncedTable[]) {
  const countries = new Set(
    tables.map((table) => table.defaultCountry).filter((code) => code !== null && isPhoneCountry(code)),
  )
  const read =
    countries.size === 0 ? [readPhone(text, [])] : [...countries].map((country) => readPhone(text, [country!]))
  const numbers = read.filter((number) => number !== null)
  return numbers.filter((number, i) => numbers.findIndex(({ value }) => value === number.value) === i)
}

/** A stored number without its country is the end of a full one: reversed, its beginning. */
function prefixes(value: string): string[] {
  const list: string[] = []
  for (let length = shortestSuffix; length <= value.length; length += 1) list.push(value.slice(0, length))
  return list
}

async function byEmail({ ways, sketch }: Asking, email: string): Promise<Answer> {
  const wanted = email.trim().toLowerCase()
  const found = await ways.byEmail(wanted, { act: sketch('email') })
  return { found, none: [{ code: 'email_unknown', value: wanted.slice(0, 254) }] }
}

async function byName({ ways, sketch }: Asking, name: string): Promise<Answer> {
  const words = foldText(name).match(/[\p{L}\p{N}]+/gu) ?? []
  if (!isEnough(words)) return { found: [], none: [{ code: 'name_too_short' }] }
  const asked = words.slice(0, 8)
  const query = asked.map((word) => `${word}:*`).join(' & ')
  const found = await ways.byName({ words: asked, query }, { act: sketch('name') })
  return { found, none: [{ code: 'name_unknown', value: name.slice(0, 100) }] }
}

/** Two letters, or one sign of a script that writes words with few. */
const isEnough = (words: readonly string[]) =>
  words.join('').length >= 2 ||
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(words.join(''))

/** The oldest of what was looked at: an answer is no fresher than that. */
function freshness(tables: SyncedTable[]): Date {
  const passes = tables.filter((table) => table.enabled).map((table) => table.lastPassAt?.getTime() ?? 0)
  return new Date(passes.length === 0 ? 0 : Math.min(...passes))
}

function gaps(tables: SyncedTable[]): ReasonNone[] {
  const unfinished = tables.filter((table) => table.enabled && table.firstPassAt === null).map((table) => table.entity)
  if (tables.length === 0) return [{ code: 'nothing_connected' }]
  return unfinished.length === 0 ? [] : [{ code: 'first_copy_unfinished', entities: unfinished }]
}
