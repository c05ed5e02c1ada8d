import { randomBytes } from 'node:crypto'
import type { Reply } from '../exchange/http.ts'
import type { Cursor } from './cursor.ts'
import { ApiError, json } from './errors.ts'
import { recordWriter } from './record-json.ts'
import type { Call } from './simulator.ts'
import { parseSoql, type Query } from './soql.ts'
import { aggregates, queriedTable, type Selection, select, selectedFields } from './soql-run.ts'
import { find, idOf, isArchived, isDeleted, type Row, type Table } from './table.ts'

/** `/query?q=` and `/queryAll?q=`, and their further pages. */
export function queryPage(call: Call): Reply {
  const [verb = '', locator] = call.segments
  return locator === undefined ? firstPage(call, verb) : nextPage(call, locator)
}

function firstPage(call: Call, verb: string): Reply {
  const soql = call.query.get('q')
  const { org, cursors } = call.sim
  if (soql === null) throw new ApiError(400, 'MALFORMED_QUERY', 'a query is required')
  const query = parseSoql(soql)
  const all = verb === 'queryAll' || query.allRows
  const counted = countReply(call, query, all)
  if (counted) return counted
  const fields = selectedFields(org, queriedTable(org, query), query)
  const { table, rows } = select(org, query, all)
  const cursor: Cursor = { table, rows, fields, verb, all, userId: call.userId, at: Date.now(), done: false }
  const id = `01g${org.instance}0${randomBytes(6).toString('hex').slice(0, 9)}AAA`
  if (rows.length > batchSize(call, cursor)) {
    cursors.set(id, cursor)
    closeOldest(call)
  }
  return page(call, { id, cursor, from: 0 })
}

function countReply(call: Call, query: Query, all: boolean): Reply | null {
  const { org } = call.sim
  if (query.select.every((item) => item.aggregate === null || item.aggregate === 'FIELDS')) return null
  const selection: Selection = select(org, query, all)
  const [only] = query.select
  if (query.select.length === 1 && only!.aggregate === 'COUNT' && only!.field === '')
    return json(200, { totalSize: selection.rows.length, done: true, records: [] })
  const record = { attributes: { type: 'AggregateResult' }, ...aggregates(org, query, selection) }
  return json(200, { totalSize: 1, done: true, records: [record] })
}

/** `Sforce-Query-Options: batchSize=200`, 200 to 2,000; with two long texts of the organisation's own never more than 200. */
function batchSize({ headers, sim }: Call, { table, fields }: Cursor): number {
  const asked = Number(/batchSize=(\d+)/i.exec(headers['sforce-query-options'] ?? '')?.[1] ?? 2000)
  const most = fields.filter((name) => isLongText(table, name)).length >= 2 ? 200 : 2000
  return Math.min(Math.max(asked, 200), most, sim.org.settings.maxPageSize)
}

function isLongText(table: Table, name: string): boolean {
  const field = table.fields.get(name.toLowerCase())
  return field?.type === 'textarea' && field.length > 255 && field.name.endsWith('__c')
}

function nextPage(call: Call, locator: string): Reply {
  const { cursors, org } = call.sim
  const [, id = '', from = ''] = /^(.+)-(\d+)$/.exec(locator) ?? []
  const cursor = cursors.get(id)
  const old = cursor && Date.now() - cursor.at > org.settings.cursorMinutes * 60_000
  if (!cursor || old || cursor.userId !== call.userId || Number(from) > cursor.rows.length)
    throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
  return page(call, { id, cursor, from: Number(from) })
}

/** Cursors read to their end do not count; of either kind so many are kept. */
function closeOldest({ sim, userId }: Call): void {
  for (const done of [true, false]) {
    const own = [...sim.cursors].filter(([, c]) => c.userId === userId && c.done === done)
    for (const [id] of own.slice(0, Math.max(0, own.length - sim.org.settings.maxCursors))) sim.cursors.delete(id)
  }
}

function page(call: Call, { id, cursor, from }: { id: string; cursor: Cursor; from: number }): Reply {
  const { org } = call.sim
  const to = Math.min(from + batchSize(call, cursor), cursor.rows.length)
  const write = recordWriter(org, cursor.table, cursor.fields, call.version)
  let records = ''
  for (let i = from; i < to; i++) {
    const row = org.settings.cursor === 'live' ? asNow(cursor, cursor.rows[i]!) : cursor.rows[i]
    if (row !== undefined) records += (records === '' ? '' : ',') + write(row)
  }
  const done = to >= cursor.rows.length
  cursor.done ||= done
  const next = done ? '' : `"nextRecordsUrl":"/services/data/${call.version}/${cursor.verb}/${id}-${to}",`
  return json(200, `{"totalSize":${cursor.rows.length},"done":${done},${next}"records":[${records}]}`)
}

function asNow(cursor: Cursor, row: Row): Row | undefined {
  const found = find(cursor.table, idOf(cursor.table, row))
  const isLeftOut = found === undefined || ((isDeleted(found) || isArchived(found)) && !cursor.all)
  return isLeftOut ? undefined : found
}

/** `FIND {0471} IN PHONE FIELDS RETURNING Contact(Id, Name), Account`: the plainest of searches. */
export function searchPage(call: Call): Reply {
  const { org } = call.sim
  const found = /^\s*FIND\s*\{([^}]*)\}\s*(?:IN\s+(\w+)\s+FIELDS\s*)?(?:RETURNING\s+(.+))?$/is.exec(
    call.query.get('q') ?? '',
  )
  if (!found)
    throw new ApiError(400, 'MALFORMED_SEARCH', 'No search term found. The search term must be enclosed in braces.')
  const [, term = '', group = 'ALL', returning = 'Account(Id), Contact(Id), Lead(Id)'] = found
  const phone = group.toUpperCase() === 'PHONE'
  const norm = (text: string) => (phone ? text.replace(/\D/g, '') : text.toLowerCase())
  const records: string[] = []
  for (const [, name = '', fields = 'Id'] of returning.matchAll(/(\w+)\s*(?:\(([^)]*)\))?/g)) {
    const table = queriedTable(org, { ...parseSoql('SELECT Id FROM X'), object: name })
    const names = fields.split(',').map((f) => f.trim())
    const searched = table.definition.fields.filter(
      (f) => f.type === 'phone' || (!phone && ['string', 'email'].includes(f.type)),
    )
    const write = recordWriter(org, table, names, call.version)
    for (const row of select(org, parseSoql(`SELECT Id FROM ${name}`), false).rows) {
      if (records.length >= 2000) break
      const values = recordWriter(
        org,
        table,
        searched.map((f) => f.name),
        call.version,
      )(row)
      const texts = Object.values(JSON.parse(values) as Record<string, unknown>).filter((v) => typeof v === 'string')
      if (texts.some((v) => norm(v as string).includes(norm(term)))) records.push(write(row))
    }
  }
  return json(200, `{"searchRecords":[${records.join(',')}]}`)
}
