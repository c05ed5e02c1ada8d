import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { HubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'
import type { Paging, TableRequest } from './definition.ts'
import { createMetRows, type MetRows } from './met-rows.ts'
import { idInFront } from './row-values.ts'

/** What a walk carries from page to page, in its link, so that a walk taken up elsewhere is guarded as well. */
export interface Walked {
  /** Rows met so far, those met twice counted once. */
  rows: number
  /** Of the first page. */
  size: number
  /** The page before was shorter than the first. */
  short: boolean
  /** Pages without rows in a row. */
  empty: number
  /** As the page before told it. */
  total: number | null
  /** A page of the past and its number, moved on ever more seldom (Brent): whatever repeats meets it again. */
  past: { page: number; hash: number } | null
}

export const beginning: Walked = { rows: 0, size: 0, short: false, empty: 0, total: null, past: null }

/** What is remembered while one process walks: where each row was met. */
export interface Met {
  /** By the id's hash: page and content, packed. */
  rows: MetRows
  /** The page before, in order. */
  before: { page: number; ids: number[] } | null
}

export const nothingMet = (): Met => ({ rows: createMetRows(), before: null })

export interface GuardedPage {
  table: TableRequest
  number: number
  rows: readonly RawRow[]
  total: number | null
  /** Stands for where the next page is; null on the last. */
  next: string | null
  walked: Walked
  met: Met
}

/** Beyond so many the walk is guarded by what its link carries. */
const mostMet = 1_000_000
const mostPages = 500_000
const mostEmpty = 10

/**
 * Stops a walk whose pages cannot be trusted to show each record: then nothing of it counts as complete. Rows that come
 * again at the edge of two pages are no fault: something was put in before them meanwhile.
 */
export function guardPage(page: GuardedPage): Walked {
  const { table, number, rows, walked, met } = page
  const ids = rows.map((raw) => hash53(idInFront(table, raw) ?? raw.toString('latin1')))
  const shown = hashOf(page, ids)
  refuseShrinking(page)
  const again = refuseRepeats(page, ids)
  refuseLoop(page, shown)
  for (const [i, id] of ids.entries()) if (met.rows.size < mostMet) met.rows.set(id, packed(number, rows[i]!))
  met.before = { page: number, ids }
  const next: Walked = {
    rows: walked.rows + rows.length - again,
    size: walked.size || rows.length,
    short: rows.length < walked.size,
    empty: rows.length === 0 ? walked.empty + 1 : 0,
    total: page.total ?? walked.total,
    past: pastOf(page, shown),
  }
  refuseEndless(page, next)
  if (page.next === null && next.total !== null && next.rows < next.total) {
    throw unsound(page, `the API says that there are ${next.total} records, and its pages showed ${next.rows}`)
  }
  return next
}

const counting = new Set<Paging['kind']>(['page', 'offset'])

function refuseShrinking({ table, number, rows, total, walked }: GuardedPage): void {
  const counts = counting.has(table.paging.kind)
  if (counts && total !== null && walked.total !== null && total < walked.total) {
    throw unsound({ table, number }, `the list shrank from ${walked.total} to ${total} records while it was read`)
  }
  // Which rows stood behind the short one's end nobody can tell.
  if (table.paging.kind === 'page' && walked.short && rows.length > 0) {
    throw unsound({ table, number }, 'the page before was shorter than the first, and yet not the last')
  }
}

function refuseLoop(page: GuardedPage, hash: number): void {
  const { past } = page.walked
  if (past && past.hash === hash && past.page < page.number && page.next !== null) {
    throw unsound(page, `it shows what page ${past.page} showed, and leads to the same next page: a circle`)
  }
}

function pastOf(page: GuardedPage, hash: number): Walked['past'] {
  const { past } = page.walked
  const moves = past === null || page.number >= 2 * past.page
  return moves ? { page: page.number, hash } : past
}

/** The next page's place counts where the API gives it; a number that only counts on says nothing. */
function hashOf({ table, next }: GuardedPage, ids: readonly number[]): number {
  return hash53(`${counting.has(table.paging.kind) ? '' : next}/${hash('sha1', Float64Array.from(ids))}`)
}

/** How many rows were met before, rightly. */
function refuseRepeats(page: GuardedPage, ids: readonly number[]): number {
  const { number, rows, met, walked } = page
  if (new Set(ids).size < ids.length) throw unsound(page, 'it shows a record twice')
  const overlap = overlapOf(page, ids)
  if (overlap > 0 && overlap === ids.length && ids.length >= walked.size) {
    throw unsound(page, 'it shows the same records as the page before')
  }
  let again = overlap
  for (const [i, id] of ids.entries()) {
    if (i < overlap) continue
    const known = met.rows.get(id)
    if (known === undefined || pageOf(known) >= number) continue
    // Changed since it was met: in a list ordered by change it rightly comes again.
    if (contentOf(known) !== contentOf(packed(number, rows[i]!))) again += 1
    else throw unsound(page, `it shows a record again that page ${pageOf(known)} showed`)
  }
  return again
}

/** How many rows at the page's beginning are those at the end of the page before. */
function overlapOf({ number, met }: GuardedPage, ids: readonly number[]): number {
  if (met.before?.page !== number - 1 || ids.length === 0) return 0
  const before = met.before.ids
  const from = before.lastIndexOf(ids[0]!)
  if (from < 0) return 0
  const length = before.length - from
  return length <= ids.length && before.slice(from).every((id, i) => id === ids[i]) ? length : 0
}

function refuseEndless(page: GuardedPage, next: Walked): void {
  if (page.next === null) return
  if (next.empty > mostEmpty)
    throw unsound(page, `${next.empty} pages in a row were empty, and it leads to another one`)
  if (page.number >= mostPages) throw unsound(page, 'the pages do not end')
}

function unsound({ table, number }: Pick<GuardedPage, 'table' | 'number'>, reason: string): HubError {
  return new HubError('crm.pages_unsound', `Reading ${table.entity} stopped at page ${number}: ${reason}`, {
    field: 'paging',
    mend: mends[table.paging.kind],
  })
}

const inOrder =
  'If the API can order the list by something that never changes, such as the id, ask for that in its query.'
const mends: Record<Paging['kind'], string> = {
  none: 'Check that the list’s records have an id of their own, and that the id’s path is right.',
  page: `Check the names of the page parameters in the definition. ${inOrder}`,
  offset: `Check the names of the offset parameters in the definition. ${inOrder}`,
  cursor: 'Check the cursor’s path and parameter in the definition; try the table there page by page.',
  next_link: 'Check the path of the next link in the definition; try the table there page by page.',
  link_header: 'Try the table in the definition page by page, and show its Link headers to who runs the API.',
}

// 21 bits of page, 32 bits of content: together what a number holds exactly.
const pageSpan = 2 ** 21
const packed = (page: number, raw: RawRow) => crc32(raw) * pageSpan + page
const pageOf = (value: number) => value % pageSpan
const contentOf = (value: number) => Math.floor(value / pageSpan)

/** 53 bits of two interleaved multiplicative hashes (cyrb53): enough to tell a table's ids apart. */
function hash53(text: string): number {
  let one = 0xdeadbeef
  let two = 0x41c6ce57
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    one = Math.imul(one ^ code, 2654435761)
    two = Math.imul(two ^ code, 1597334677)
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909)
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909)
  return 4294967296 * (2097151 & two) + (one >>> 0)
}
