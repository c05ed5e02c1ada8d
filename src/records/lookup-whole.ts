import type { Pool } from '#database/pool.ts'
import { askTogether } from './ask-together.ts'
import {
  type Asked,
  asked,
  type LookupAct,
  manyAsked,
  manyQuestion,
  question,
  type WrittenAsked,
} from './lookup-act.ts'
import type { Found } from './rank.ts'

/** How each kind of question is asked of the database; each writes its act where it has one. */
export interface Ways {
  byPhone(readings: NumberReadings, asked: Asked): Promise<Found[]>
  bySuffix(local: string, asked: Asked): Promise<Found[]>
  byEmail(email: string, asked: Asked): Promise<Found[]>
  byName(name: { words: readonly string[]; query: string }, asked: Asked): Promise<Found[]>
}

/** Reversed digits: of full numbers, and of what may stand for them where a record has no country. Each list joined by blanks. */
export interface NumberReadings {
  numbers: string
  partials: string
}

/** Read at most before ranking, so that a switchboard number shared by thousands stays quick. */
export const ranked = 200

// Two processors are kept busy by as many questions on their way; more ways make each way emptier, and dearer.
const waysAtOnce = 2

// Times as milliseconds: a date in words takes longer to read than all the rest of a row.
const FOUND = `r.table_id as "tableId", r.id, r.name, r.active, r.source_id as "sourceId",
  date_part('epoch', r.modified_at) * 1000 as modified, date_part('epoch', r.stored_at) * 1000 as stored`
const LIVE = 'r.deleted_at is null and r.out_of_scope_at is null'

// Many numbers at once, each as if it were asked alone: its readings, and what a number kept without its country may be.
const BY_PHONE = manyQuestion(
  'lookup-phone',
  `select p.kind, p.field, ${FOUND}
    from (select * from jackfield.contact_point where kind = 'p' and value = any(string_to_array(q.numbers, ' '))
      union all select * from jackfield.contact_point where kind = 'n' and value = any(string_to_array(q.partials, ' '))) p
    join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
    where ${LIVE} limit ${ranked + 1}`,
  ['numbers', 'partials'],
)
const BY_SUFFIX = question(
  'lookup-suffix',
  `select 's' as kind, p.field, ${FOUND}
    from (select * from jackfield.contact_point where kind in ('p', 'n') and value >= $1 and value < $2 limit ${ranked + 1}) p
    join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
    where ${LIVE} limit ${ranked + 1}`,
  { by: 'phone', own: 2 },
)
const BY_EMAIL = question(
  'lookup-email',
  `select p.kind, p.field, ${FOUND} from jackfield.contact_point p
    join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id
    where p.kind = 'e' and p.value = $1 and ${LIVE} limit ${ranked + 1}`,
  { by: 'email', own: 1 },
)
const BY_NAME = question(
  'lookup-name',
  `select 't' as kind, '' as field, ${FOUND} from jackfield.record r
    where to_tsvector('simple', r.search_text) @@ to_tsquery('simple', $1) and ${LIVE} limit ${ranked + 1}`,
  { by: 'name', own: 1 },
)

interface AskedNumber extends NumberReadings {
  goesOn: boolean
  act: LookupAct | null
}

/** For whoever sees all. */
export function wholeWays(pool: Pool): Ways {
  const ways = Math.min(waysAtOnce, pool.options.max)
  const limits = { ways, together: 64 }
  const find = askTogether((numbers: (AskedNumber & WrittenAsked)[]) => {
    return findNumbers(pool, numbers, manyAsked(BY_PHONE, valuesOf(numbers), numbers))
  }, limits)
  const findUnwritten = askTogether((numbers: AskedNumber[]) => {
    return findNumbers(pool, numbers, { ...BY_PHONE.plain, values: valuesOf(numbers) })
  }, limits)
  return {
    byPhone: (readings, { act, goesOn = false }) =>
      act ? find({ ...readings, act, goesOn }) : findUnwritten({ ...readings, act, goesOn }),
    bySuffix: async (local, one) => (await pool.query<Found>(asked(BY_SUFFIX, [local, `${local}:`], one))).rows,
    byEmail: async (email, one) => (await pool.query<Found>(asked(BY_EMAIL, [email], one))).rows,
    byName: async ({ query }, one) => (await pool.query<Found>(asked(BY_NAME, [query], one))).rows,
  }
}

const valuesOf = (numbers: readonly NumberReadings[]) => [
  numbers.map((one) => one.numbers),
  numbers.map(({ partials }) => partials),
]

async function findNumbers(
  pool: Pool,
  numbers: readonly NumberReadings[],
  statement: { name: string; text: string; values: unknown[] },
): Promise<Found[][]> {
  const { rows } = await pool.query<Found & { n: number }>(statement)
  const answers: Found[][] = numbers.map(() => [])
  for (const row of rows) answers[row.n - 1]!.push(row)
  return answers
}
