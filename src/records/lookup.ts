import type { Acts, Asker } from '#audit/append.ts'
import type { Pool, Queryable } from '#database/pool.ts'
import { askTogether } from './ask-together.ts'
import { foldText } from './derive.ts'
import type { Finder } from './find.ts'
import { type AskedNumber, actValues, manyValues, manyWrittenWith, sketchLookUp, writtenWith } from './lookup-act.ts'
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

// Two processors are kept busy by as many questions on their way; more ways make each way emptier, and dearer.
const waysAtOnce = 2

// Times as milliseconds: a date in words takes longer to read than all the rest of a row.
const FOUND = `r.table_id as "tableId", r.id, r.name, r.active, r.source_id as "sourceId",
  date_part('epoch', r.modified_at) * 1000 as modified, date_part('epoch', r.stored_at) * 1000 as stored`
const LIVE = 'r.deleted_at is null and r.out_of_scope_at is null'

// Many numbers at once, each as if it were asked alone: its readings, and what a number kept without its country may be.
const BY_PHONE = {
  name: 'lookup-phone',
  text: manyWrittenWith(
    `select p.kind, p.field, ${FOUND}
      from (select * from jackfield.contact_point where kind = 'p' and value = any(string_to_array(q.numbers, ' '))
        union all select * from jackfield.contact_point where kind = 'n' and value = any(string_to_array(q.partials, ' '))) p
      join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
      where ${LIVE} limit ${ranked + 1}`,
    ['numbers', 'partials'],
  ),
}
const BY_SUFFIX = {
  name: 'lookup-suffix',
  text: writtenWith(
    `select 's' as kind, p.field, ${FOUND}
      from (select * from jackfield.contact_point where kind in ('p', 'n') and value >= $1 and value < $2 limit ${ranked + 1}) p
      join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
      where ${LIVE} limit ${ranked + 1}`,
    'phone',
    3,
  ),
}
const BY_EMAIL = {
  name: 'lookup-email',
  text: writtenWith(
    `select p.kind, p.field, ${FOUND} from jackfield.contact_point p
      join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
      where p.kind = 'e' and p.value = $1 and ${LIVE} limit ${ranked + 1}`,
    'email',
    2,
  ),
}
const BY_NAME = {
  name: 'lookup-name',
  text: writtenWith(
    `select 't' as kind, '' as field, ${FOUND} from jackfield.record r
      where to_tsvector('simple', r.search_text) @@ to_tsquery('simple', $1) and ${LIVE} limit ${ranked + 1}`,
    'name',
    2,
  ),
}

/** Who is this? Answered from the hub alone, without a call to any CRM, and written to the audit log with the answer. */
export type LookUp = (query: LookupQuery, asker: Asker) => Promise<LookupAnswer>

/** `pool` is used by look-ups alone, so that none waits behind a page of a console. */
export function createLookUp(pool: Pool, finder: Finder, acts: Acts): LookUp {
  const ways = Math.min(waysAtOnce, pool.options.max)
  const findNumber = askTogether((asked: NumberReadings[]) => findNumbers(pool, asked), { ways, together: 64 })
  return (query, asker) => lookUp({ pool, findNumber, finder, acts, asker }, query)
}

interface Sources {
  pool: Pool
  findNumber: (readings: NumberReadings) => Promise<Found[]>
  finder: Finder
  acts: Acts
  asker: Asker
}

async function lookUp({ finder, ...sources }: Sources, query: LookupQuery): Promise<LookupAnswer> {
  const tables = await finder.tables.all()
  const { found, none } = await findMatches(sources, tables, query)
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

type Asked = Omit<Sources, 'finder'>

async function findMatches(asked: Asked, tables: SyncedTable[], query: LookupQuery): Promise<Answer> {
  if ('phone' in query) return byPhone(asked, tables, query.phone)
  if ('email' in query) return byEmail(asked, query.email)
  return byName(asked, query.name)
}

/** Reversed digits: of full numbers, and of what may stand for them where a record has no country. Each list joined by blanks. */
interface NumberReadings extends AskedNumber {
  numbers: string
  partials: string
}

async function findNumbers(db: Queryable, asked: NumberReadings[]): Promise<Found[][]> {
  const values = [asked.map(({ numbers }) => numbers), asked.map(({ partials }) => partials), ...manyValues(asked)]
  const { rows } = await db.query<Found & { n: number }>({ ...BY_PHONE, values })
  const answers: Found[][] = asked.map(() => [])
  for (const row of rows) answers[row.n - 1]!.push(row)
  return answers
}

async function byPhone({ pool, findNumber, acts, asker }: Asked, tables: SyncedTable[], text: string): Promise<Answer> {
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
  const act = sketchLookUp(acts, asker, 'phone', digits)
  const found = await findNumber({ numbers: e164.join(' '), partials: full.flatMap(prefixes).join(' '), act, goesOn })
  if (found.length > 0) return { found, none: [] }
  if (goesOn) {
    const values = [local, `${local}:`, ...actValues(act, 'phone')]
    const similar = (await pool.query<Found>({ ...BY_SUFFIX, values })).rows
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

async function byEmail({ pool, acts, asker }: Asked, email: string): Promise<Answer> {
  const wanted = email.trim().toLowerCase()
  const act = actValues(sketchLookUp(acts, asker, 'email'), 'email')
  const { rows } = await pool.query<Found>({ ...BY_EMAIL, values: [wanted, ...act] })
  return { found: rows, none: [{ code: 'email_unknown', value: wanted.slice(0, 254) }] }
}

async function byName({ pool, acts, asker }: Asked, name: string): Promise<Answer> {
  const words = foldText(name).match(/[\p{L}\p{N}]+/gu) ?? []
  if (!isEnough(words)) return { found: [], none: [{ code: 'name_too_short' }] }
  const query = words.slice(0, 8).map((word) => `${word}:*`)
  const act = actValues(sketchLookUp(acts, asker, 'name'), 'name')
  const { rows } = await pool.query<Found>({ ...BY_NAME, values: [query.join(' & '), ...act] })
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
