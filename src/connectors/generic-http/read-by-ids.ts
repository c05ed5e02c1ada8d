import { emptyPage, idsOnce } from '#connectors/by-ids.ts'
import type { CrmReply, CrmSession, Lane } from '#connectors/call.ts'
import type { Page, TableScope } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'
import { askAndRead, refusal } from './client.ts'
import { cutRecord } from './cut-record.ts'
import { definitionOf, type TableRequest } from './definition.ts'
import { firstLink, readListPage } from './pages.ts'
import { fill } from './paths.ts'
import { readByParameter } from './read-by-parameter.ts'
import { requestOf } from './read-row.ts'
import { below, headersOf } from './request.ts'
import { isDeleted, isId, rowId } from './row-values.ts'
import { type Asked, shownBeside } from './shown-beside.ts'

export const idsPerRead = 100
const itemsAtOnce = 4

/** Rows by id; ids that are not answered are surely absent: each way of asking has its own proof of that. */
export async function readByIds(
  session: CrmSession,
  scope: TableScope,
  ids: readonly string[],
  lane: Lane,
): Promise<Page> {
  const table = requestOf(scope)
  const asked: Asked = { session, definition: definitionOf(session), table, scope, lane }
  const wanted = idsOnce(ids, idsPerRead).filter(isId)
  const rows = await rowsOf(asked, wanted)
  return { ...emptyPage(), rows: rows.filter((raw) => !isDeleted(table, raw)) }
}

async function rowsOf(asked: Asked, wanted: readonly string[]): Promise<RawRow[]> {
  if (wanted.length === 0) return []
  const { item } = asked.table
  if (!item) return await fromWholeList(asked, wanted)
  return 'path' in item ? await oneByOne(asked, item, wanted) : await readByParameter(asked, item, wanted)
}

type ItemAddress = Extract<NonNullable<TableRequest['item']>, { path: string }>

async function oneByOne(asked: Asked, item: ItemAddress, wanted: readonly string[]): Promise<RawRow[]> {
  const waiting = [...wanted]
  const rows: RawRow[] = []
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const row = await readItem(asked, item, id)
      if (row) rows.push(row)
    }
  }
  await Promise.all(Array.from({ length: Math.min(itemsAtOnce, wanted.length) }, work))
  if (rows.length === 0) await proveItemAddress(asked, item, wanted)
  return rows
}

/** Null where the API answers that there is none. */
async function readItem(asked: Asked, item: ItemAddress, id: string): Promise<RawRow | null> {
  const { session, definition, table, lane } = asked
  const url = below(definition, fill(item.path, { id }))
  const read = async (reply: CrmReply) => {
    const row = cutRecord(reply.body, item.record)
    if (rowId(table, row) === id) return row
    throw new HubError('crm.body_invalid', `it was asked for one ${table.entity} and answered another, or none`, {
      mend: 'Check the item’s address in the definition, and the path of the record in its answer.',
    })
  }
  const call = { path: url.pathname + url.search, headers: headersOf(definition, table), lane }
  const what = `for one ${table.entity}`
  const reply = await session.call(call.path, { ...call, retry: 'safe' })
  if (reply.status === 404 || reply.status === 410) return null
  if (reply.status < 200 || reply.status >= 300) throw refusal(session, reply, what)
  // What is garbled is asked for once more, as pages are.
  return await read(reply).catch(() => askAndRead(session, { ...call, what }, read))
}

/** An address that answers 404 to everything proves nothing: a record that the list shows must be found there. */
async function proveItemAddress(asked: Asked, item: ItemAddress, wanted: readonly string[]): Promise<void> {
  const some = await shownBeside(asked, wanted)
  // One or two may have been deleted since the list was read.
  for (const id of some) if (await readItem(asked, item, id)) return
  if (some.length === 0) return
  throw new HubError(
    'crm.refused',
    `The address of one ${asked.table.entity} answers 404 even for records that the list shows`,
    {
      mend: 'Check the item’s address in the definition: nothing is taken for deleted until it answers.',
    },
  )
}

/**
 * Where no record can be asked for by itself, the whole list tells; a walk that broke off never counts. A list that moves
 * while it is walked can hide a record once, so that only two walks in a row prove that one is absent.
 */
async function fromWholeList(asked: Asked, wanted: readonly string[]): Promise<RawRow[]> {
  const found = new Map<string, RawRow>()
  for (let walks = 0; walks < 2 && found.size < wanted.length; walks += 1) await walkList(asked, wanted, found)
  return [...found.values()]
}

async function walkList(asked: Asked, wanted: readonly string[], found: Map<string, RawRow>): Promise<void> {
  const { session, scope, lane } = asked
  const left = new Set(wanted.filter((id) => !found.has(id)))
  for (let link: string | null = firstLink(scope, { kind: 'query' }); link !== null && left.size > 0; ) {
    const page = await readListPage(session, link, { lane, pageSize: Number.MAX_SAFE_INTEGER })
    for (const raw of page.rows) {
      const id = rowId(page.table, raw)
      if (id !== null && left.delete(id)) found.set(id, raw)
    }
    link = page.next
  }
}
