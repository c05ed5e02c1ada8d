import { HubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'
import { askAndRead } from './client.ts'
import type { TableRequest } from './definition.ts'
import { beginning, guardPage, nothingMet } from './guard.ts'
import { cut } from './pages.ts'
import { firstPlace, nextPlace, type Place, pageParameters } from './paging.ts'
import { listRequest, put } from './request.ts'
import { rowId } from './row-values.ts'
import { type Asked, shownBeside } from './shown-beside.ts'

export type IdsParameter = Extract<NonNullable<TableRequest['item']>, { parameter: string }>

/** One reading of many ids, and what it has learned of how the API answers. */
interface Reading extends Asked {
  item: IdsParameter
  wanted: readonly string[]
  /** Of a list of so many ids the API was seen to heed the last one. */
  heeded: number
  /** Ids that the list shows; null: it was not asked. */
  shown: string[] | null
}

/** Rows by a parameter that takes several ids; what is missing was asked for until its absence was proved. */
export async function readByParameter(asked: Asked, item: IdsParameter, wanted: readonly string[]): Promise<RawRow[]> {
  const reading: Reading = { ...asked, item, wanted, heeded: 0, shown: null }
  const rows: RawRow[] = []
  for (let from = 0; from < wanted.length; from += item.most) {
    rows.push(...(await readSet(reading, wanted.slice(from, from + item.most))))
  }
  return rows
}

/**
 * An API may show fewer rows than it has, and say nothing of it: those missing are asked for again, until they are
 * answered by nothing at all. A page that was cut shows a row at least.
 */
async function readSet(reading: Reading, ids: readonly string[]): Promise<RawRow[]> {
  const rows = await answerTo(reading, ids)
  const found = new Set(rows.map((raw) => rowId(reading.table, raw)))
  reading.heeded = Math.max(reading.heeded, ids.findLastIndex((id) => found.has(id)) + 1)
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length === 0) return rows
  if (rows.length > 0) return [...rows, ...(await readSet(reading, missing))]
  if (await isHeeded(reading, ids)) return []
  const half = Math.ceil(ids.length / 2)
  return [...(await readSet(reading, ids.slice(0, half))), ...(await readSet(reading, ids.slice(half)))]
}

/**
 * Whether the API looks at every id of such a list: it may stop after some, or want them separated otherwise. It does
 * where a record that is there is shown when its id stands last.
 */
async function isHeeded(reading: Reading, ids: readonly string[]): Promise<boolean> {
  if (ids.length <= reading.heeded) return true
  reading.shown ??= await shownBeside(reading, reading.wanted)
  const isOne = ids.length === 1
  // Nothing else is there that could be asked for: no list of several proves anything.
  if (reading.shown.length === 0) return isOne
  // One or two may have been deleted since the list was read.
  for (const id of isOne ? reading.shown : reading.shown.slice(0, 1)) {
    const rows = await answerTo(reading, [...ids.slice(1), id])
    if (!rows.some((raw) => rowId(reading.table, raw) === id)) continue
    reading.heeded = ids.length
    return true
  }
  if (!isOne) return false
  throw new HubError(
    'crm.refused',
    `Asked for ${reading.table.entity} by ids, the API answers nothing even for records that the list shows`,
    { mend: `${mend} Nothing is taken for deleted until it answers.` },
  )
}

/** The first page that shows a row; none where no page does. */
async function answerTo(reading: Reading, ids: readonly string[]): Promise<RawRow[]> {
  const { session, definition, table, item, lane } = reading
  let place: Place = firstPlace(table)
  for (let [number, walked] = [1, beginning]; ; number += 1) {
    const parameters = [
      ...pageParameters(table, place, Number.MAX_SAFE_INTEGER),
      put(item.in, item.parameter, ids.join(item.separator)),
    ]
    const request = listRequest(definition, table, { parameters, link: place.link })
    const call = { ...request, what: `for ${table.entity} by id`, lane }
    const { rows, next } = await askAndRead(session, call, async (reply) => {
      const { rows, envelope } = await cut(table, reply)
      const shown = { reply, envelope, rows: rows.length, met: rows.length, total: null, path: request.path }
      return { rows: onlyWanted(table, rows, ids), next: nextPlace(session, table, place, shown) }
    })
    if (rows.length > 0 || next === null) return rows
    const empty = { table, number, rows, total: null, next: JSON.stringify(next) }
    walked = guardPage({ ...empty, walked, met: nothingMet() })
    place = next
  }
}

const mend =
  'Check the name of the ids’ parameter in the definition, or take the item out: then the list is read instead.'

/** An API that does not know the parameter answers with the list: then what is missing there is not absent. */
function onlyWanted(table: TableRequest, rows: RawRow[], wanted: readonly string[]): RawRow[] {
  const ids = rows.map((raw) => rowId(table, raw))
  if (ids.every((id) => id !== null && wanted.includes(id))) return rows
  throw new HubError(
    'crm.refused',
    `Asked for ${table.entity} by id, the API answered others: it does not heed the ids`,
    { mend },
  )
}
