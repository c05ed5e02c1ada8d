import type { Queryable } from '#database/pool.ts'
import { foldText } from './derive.ts'
import type { Finder } from './find.ts'
import { isInternational, isPhoneCountry, readPhone, reversed, shortestSuffix } from './phone.ts'
import { type Found, type Match, rank } from './rank.ts'
import type { SyncedTable } from './table.ts'
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

/** Shown at most; and read at most before ranking, so that a switchboard number shared by thousands stays quick. */
const shown = 20
const ranked = 200

const FOUND = `r.table_id as "tableId", r.id, r.name, r.active, r.source_id as "sourceId", r.modified_at as "modifiedAt",
  r.stored_at as "storedAt"`
const LIVE = 'r.deleted_at is null and r.out_of_scope_at is null'

const BY_PHONE = {
  name: 'lookup-phone',
  text: `select p.kind, p.field, ${FOUND}
    from (select * from jackfield.contact_point where kind = 'p' and value = any($1::text[])
      union all select * from jackfield.contact_point where kind = 'n' and value = any($2::text[])) p
    join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
    where ${LIVE} limit ${ranked + 1}`,
}
const BY_SUFFIX = {
  name: 'lookup-suffix',
  text: `select 's' as kind, p.field, ${FOUND}
    from (select * from jackfield.contact_point where kind in ('p', 'n') and value >= $1 and value < $2 limit ${ranked + 1}) p
    join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
    where ${LIVE} limit ${ranked + 1}`,
}
const BY_EMAIL = {
  name: 'lookup-email',
  text: `select p.kind, p.field, ${FOUND} from jackfield.contact_point p
    join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
    where p.kind = 'e' and p.value = $1 and ${LIVE} limit ${ranked + 1}`,
}
const BY_NAME = {
  name: 'lookup-name',
  text: `select 't' as kind, '' as field, ${FOUND} from jackfield.record r
    where to_tsvector('simple', r.search_text) @@ to_tsquery('simple', $1) and ${LIVE} limit ${ranked + 1}`,
}

/** Who is this? Answered from the hub alone, without a call to any CRM. */
export async function lookUp(db: Queryable, finder: Finder, query: LookupQuery): Promise<LookupAnswer> {
  const tables = await finder.tables.all()
  const { found, none } = await findMatches(db, tables, query)
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

async function findMatches(db: Queryable, tables: SyncedTable[], query: LookupQuery): Promise<Answer> {
  if ('phone' in query) return byPhone(db, tables, query.phone)
  if ('email' in query) return byEmail(db, query.email)
  return byName(db, query.name)
}

async function byPhone(db: Queryable, tables: SyncedTable[], text: string): Promise<Answer> {
  const numbers = readings(text, tables)
  const digits = text.replace(/\D/g, '')
  if (numbers.length === 0 && digits.length < shortestSuffix) {
    return { found: [], none: [{ code: 'not_a_number' }] }
  }
  const e164 = numbers.filter(({ kind }) => kind === 'p').map(({ value }) => value)
  const full = numbers.map(({ value }) => value)
  const { rows } = await db.query<Found>({ ...BY_PHONE, values: [e164, full.flatMap(prefixes)] })
  if (rows.length > 0) return { found: rows, none: [] }
  // A number in full international notation is nobody else's: only a local one is completed by what is held.
  if (!isInternational(text)) {
    const local = reversed(digits.replace(/^0+/, ''))
    const similar =
      local.length < shortestSuffix ? [] : (await db.query<Found>({ ...BY_SUFFIX, values: [local, `${local}:`] })).rows
    if (similar.length > 0) return { found: similar, none: [] }
  }
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

async function byEmail(db: Queryable, email: string): Promise<Answer> {
  const wanted = email.trim().toLowerCase()
  const { rows } = await db.query<Found>({ ...BY_EMAIL, values: [wanted] })
  return { found: rows, none: [{ code: 'email_unknown', value: wanted.slice(0, 254) }] }
}

async function byName(db: Queryable, name: string): Promise<Answer> {
  const words = foldText(name).match(/[\p{L}\p{N}]+/gu) ?? []
  if (!isEnough(words)) return { found: [], none: [{ code: 'name_too_short' }] }
  const query = words.slice(0, 8).map((word) => `${word}:*`)
  const { rows } = await db.query<Found>({ ...BY_NAME, values: [query.join(' & ')] })
  return { found: rows, none: [{ code: 'name_unknown', value: name.slice(0, 100) }] }
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
