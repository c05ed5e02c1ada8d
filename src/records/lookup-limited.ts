import type { Queryable } from '#database/pool.ts'
import { foldText } from './derive.ts'
import { type Asked, asked, type Question, question } from './lookup-act.ts'
import type { Ways } from './lookup-whole.ts'
import type { Found } from './rank.ts'
import type { SyncedTable } from './table.ts'
import { derivedFor, isMasked, ownerRole, type TableView, type View } from './view.ts'

/** A look-up's questions with what the one who asks may see, in the same order for each of its statements. */
interface Limits {
  tables: readonly SyncedTable[]
  view: View
}

/** Read at most before what is masked is sorted out, and kept at most. */
const most = { read: 1_001, kept: 201 }

const FOUND = `r.table_id as "tableId", r.id, r.name, r.active, r.source_id as "sourceId",
  date_part('epoch', r.modified_at) * 1000 as modified, date_part('epoch', r.stored_at) * 1000 as stored,
  case when r.table_id = any($4::int[]) then r.source end as source`
const LIVE = 'r.deleted_at is null and r.out_of_scope_at is null'

// $1 tables that are seen whole; $2 and $3 pairs of a table of which one's own is seen and a link that makes it so; $4
// tables of which something is made again without what is masked.
const SEEN = `(r.table_id = any($1::int[])
  or exists (select from unnest($2::int[], $3::text[]) as own(table_id, link)
    where own.table_id = r.table_id and r.links @> array[own.link]))`
// $5: fields that find nobody, each behind its table.
const UNMASKED = `p.table_id || ' ' || p.field <> all($5::text[])`
const RECORD = 'join jackfield.record r on r.table_id = p.table_id and r.id = p.record_id'

const BY_PHONE = question(
  'lookup-seen-phone',
  `select p.kind, p.field, ${FOUND}
    from (select * from jackfield.contact_point where kind = 'p' and value = any(string_to_array($6, ' '))
      union all select * from jackfield.contact_point where kind = 'n' and value = any(string_to_array($7, ' '))) p
    ${RECORD} where ${LIVE} and ${UNMASKED} and ${SEEN} limit ${most.kept}`,
  { by: 'phone', own: 7 },
)
const BY_SUFFIX = question(
  'lookup-seen-suffix',
  `select 's' as kind, p.field, ${FOUND} from jackfield.contact_point p ${RECORD}
    where p.kind in ('p', 'n') and p.value >= $6 and p.value < $7 and ${LIVE} and ${UNMASKED} and ${SEEN} limit ${most.kept}`,
  { by: 'phone', own: 7 },
)
const BY_EMAIL = question(
  'lookup-seen-email',
  `select p.kind, p.field, ${FOUND} from jackfield.contact_point p ${RECORD}
    where p.kind = 'e' and p.value = $6 and ${LIVE} and ${UNMASKED} and ${SEEN} limit ${most.kept}`,
  { by: 'email', own: 6 },
)
const BY_NAME = question(
  'lookup-seen-name',
  `select 't' as kind, '' as field, ${FOUND} from jackfield.record r
    where to_tsvector('simple', r.search_text) @@ to_tsquery('simple', $5) and ${LIVE} and ${SEEN} limit ${most.read}`,
  { by: 'name', own: 5 },
)

type FoundRow = Found & { source: string | null }

/** Whoever sees a part is asked for alone, by statements that know of that part only. */
export function limitedWays(db: Queryable, limits: Limits): Ways {
  const masked = maskedIn(limits)
  const ask = async (one: Question, values: unknown[], of: Asked) =>
    (await db.query<FoundRow>(asked(one, [...seenIn(limits), ...values], of))).rows
  const seen = async (rows: Promise<FoundRow[]>, words?: readonly string[]) =>
    (await rows).flatMap((row) => shown(row, limits, words) ?? [])
  return {
    byPhone: ({ numbers, partials }, of) => seen(ask(BY_PHONE, [masked, numbers, partials], of)),
    bySuffix: (local, of) => seen(ask(BY_SUFFIX, [masked, local, `${local}:`], of)),
    byEmail: (email, of) => seen(ask(BY_EMAIL, [masked, email], of)),
    // A masked field's words match nobody.
    byName: async ({ words, query }, of) => (await seen(ask(BY_NAME, [query], of), words)).slice(0, most.kept),
  }
}

function shown({ source, ...found }: FoundRow, { tables, view }: Limits, words?: readonly string[]): Found | null {
  const table = tables.find(({ id }) => id === found.tableId)
  const seen = table && view.of(table)
  if (!table || !seen) return null
  const { hides } = seen
  const made = source !== null && (hides.name || hides.search) ? derivedFor(source, table, seen) : null
  if (words && hides.search && !holds(made?.searchText ?? '', words)) return null
  return {
    ...found,
    ...(hides.name ? { name: made?.name ?? null } : {}),
    ...(hides.active ? { active: null } : {}),
    ...(hides.modifiedAt ? { modified: null } : {}),
  }
}

/** Each word begins one of the text's. */
function holds(text: string, words: readonly string[]): boolean {
  const held = foldText(text).match(/[\p{L}\p{N}]+/gu) ?? []
  return words.every((word) => held.some((one) => one.startsWith(word)))
}

/** The first four values of each statement. */
function seenIn({ tables, view }: Limits): unknown[] {
  const views = tables.flatMap((table) => {
    const seen = view.of(table)
    return seen ? [{ id: table.id, seen }] : []
  })
  const own = views.flatMap(({ id, seen }) =>
    seen.reads === 'own' ? [...seen.owners].map((owner) => ({ id, link: `${ownerRole}:${owner}` })) : [],
  )
  return [
    views.filter(({ seen }) => seen.reads === 'all').map(({ id }) => id),
    own.map(({ id }) => id),
    own.map(({ link }) => link),
    views.filter(({ seen: { hides } }) => hides.name || hides.search).map(({ id }) => id),
  ]
}

function maskedIn({ tables, view }: Limits): string[] {
  return tables.flatMap((table) => {
    const seen: TableView | null = view.of(table)
    if (!seen) return []
    const fields = [...table.mapping.phones, ...table.mapping.emails]
    return fields.filter((field) => isMasked(seen.masked, field)).map((field) => `${table.id} ${field}`)
  })
}
