import { createHash } from 'node:crypto'
import type { Reply } from '../exchange/http.ts'
import { recordWrite } from '../exchange/request-log.ts'
import { createRow, deleteRow, type Target, updateRow } from './change-rows.ts'
import { byExternalId, toFields } from './coerce.ts'
import { canonicalDateTime, dateTime, millis } from './dates.ts'
import { ApiError, json, notFound, nothing } from './errors.ts'
import { longId } from './ids.ts'
import { tableOf } from './organisation.ts'
import { hiddenFields } from './paths.ts'
import { allFields, recordWriter, sobjectUrl } from './record-json.ts'
import { type Call, originOf } from './simulator.ts'
import { type Entry, find, idOf, isDeleted, type Row, stampOf, type Table } from './table.ts'

export function tableFor(call: Call, name: string): Table {
  const { org } = call.sim
  const table = tableOf(org, name)
  if (!table || hiddenFields(org, table.definition.name) === true) throw notFound()
  return table
}

export const targetOf = (call: Call, table: Table): Target => ({
  org: call.sim.org,
  table,
  userId: call.userId,
  origin: originOf(call),
})

export function inputOf(call: Call): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(call.body.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (error) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', (error as Error).message)
  }
  throw new ApiError(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.')
}

/** `/sobjects/{object}/…` for rows. */
export function recordRequest(call: Call): Reply {
  const [, name = '', key, value] = call.segments
  const table = tableFor(call, name)
  if (key === undefined) {
    if (call.method === 'POST') return create(call, table)
    throw new ApiError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.method}' not allowed. Allowed are HEAD,GET,POST`)
  }
  if (value !== undefined) return byKey(call, table, key, value)
  const id = longId(key)
  if (id === null || !id.startsWith(table.definition.keyPrefix)) throw notFound()
  return oneRow(call, table, id)
}

function oneRow(call: Call, table: Table, id: string): Reply {
  const row = find(table, id)
  if (row === undefined) throw notFound()
  if (isDeleted(row)) throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted')
  switch (call.method) {
    case 'GET':
      return read(call, table, row)
    case 'PATCH':
      checkConditions(call, table, row)
      return logged(call, table, id, () => [
        nothing(),
        updateRow(targetOf(call, table), id, toFields(call.sim.org, table, inputOf(call))),
      ])
    case 'DELETE':
      return logged(call, table, id, () => [nothing(), deleteRow(targetOf(call, table), id)])
    default:
      throw new ApiError(
        405,
        'METHOD_NOT_ALLOWED',
        `HTTP Method '${call.method}' not allowed. Allowed are DELETE,GET,HEAD,PATCH`,
      )
  }
}

function read(call: Call, table: Table, row: Row): Reply {
  const { org } = call.sim
  const fields =
    call.query
      .get('fields')
      ?.split(',')
      .map((f) => f.trim()) ?? allFields(org, table)
  const headers: Record<string, string> = { 'last-modified': new Date(stampOf(table, row)).toUTCString() }
  if (table.definition.name === 'Account') headers.etag = etagOf(table, row)
  if (checkConditions(call, table, row) === 'same') return nothing(304, headers)
  return json(200, recordWriter(org, table, fields, call.version)(row), headers)
}

function create(call: Call, table: Table): Reply {
  if (!table.definition.createable)
    throw new ApiError(
      400,
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      `entity type cannot be inserted: ${table.definition.label}`,
    )
  const fields = toFields(call.sim.org, table, inputOf(call))
  return logged(call, table, null, () => {
    const made = createRow(targetOf(call, table), fields)
    const location = sobjectUrl(call.version, table.definition.name, made.id)
    return [json(201, { id: made.id, success: true, errors: [] }, { location }), made]
  })
}

/** Reading, upserting and deleting by an external id. */
function byKey(call: Call, table: Table, key: string, value: string): Reply {
  const field = table.fields.get(key.toLowerCase())
  if (!field || !(field.externalId || field.type === 'id'))
    throw new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${key}`)
  const ids = field.type === 'id' ? [longId(value) ?? ''] : byExternalId(table, field.name, value)
  if (ids.length > 1)
    return json(
      300,
      ids.map((id) => sobjectUrl(call.version, table.definition.name, id)),
    )
  const [id] = ids
  if (call.method !== 'PATCH' && call.method !== 'POST') {
    if (id === undefined) throw notFound()
    return oneRow(call, table, id)
  }
  const fields = toFields(call.sim.org, table, inputOf(call))
  if (id !== undefined) {
    const body =
      call.sim.org.settings.upsertUpdated === 200
        ? json(200, { id, success: true, errors: [], created: false })
        : nothing()
    return logged(call, table, id, () => [body, updateRow(targetOf(call, table), id, fields)])
  }
  if (call.query.get('updateOnly') === 'true') throw notFound()
  return logged(call, table, null, () => {
    const made = createRow(targetOf(call, table), { ...fields, [field.name]: value })
    return [json(201, { id: made.id, success: true, errors: [], created: true }), made]
  })
}

/** Only accounts have an ETag. */
const etagOf = (table: Table, row: Row) => {
  const text = `${idOf(table, row)} ${stampOf(table, row)} ${typeof row === 'number' ? 0 : row.version}`
  return `"${createHash('sha1').update(text).digest('base64url').slice(0, 20)}--gzip"`
}

const failed = () =>
  new ApiError(412, 'PRECONDITION_FAILED', 'One or more conditions in the request header were not met')

/** Throws where a condition is not met; `same` where a reader has the row already. */
function checkConditions(call: Call, table: Table, row: Row): 'same' | null {
  const { headers, method } = call
  const modified = stampOf(table, row)
  if (table.definition.name === 'Account') {
    const plain = (text: string) => text.replace(/^W\//, '').replace(/--gzip"$/, '"')
    const has = (list: string) =>
      list.split(',').some((tag) => tag.trim() === '*' || plain(tag.trim()) === plain(etagOf(table, row)))
    if (headers['if-match'] !== undefined && !has(headers['if-match'])) throw failed()
    if (headers['if-none-match'] !== undefined && has(headers['if-none-match'])) {
      if (method === 'GET') return 'same'
      throw failed()
    }
  }
  const since = moment(headers['if-modified-since'])
  if (since !== null && modified <= since) {
    if (method === 'GET') return 'same'
    throw failed()
  }
  const until = moment(headers['if-unmodified-since'])
  if (until !== null && modified > until) throw failed()
  return null
}

function moment(header: string | undefined): number | null {
  if (header === undefined) return null
  const ms = Date.parse(header)
  if (Number.isNaN(ms)) throw new ApiError(400, 'INVALID_HEADER', `Invalid date in header: ${header}`)
  return ms
}

/** Does a write and keeps it, with its outcome, for `GET {control}/requests`. */
export function logged(call: Call, table: Table, id: string | null, work: () => [Reply, Entry]): Reply {
  const { log } = call.sim
  const write = {
    at: new Date().toISOString(),
    operation: { POST: 'create', PATCH: 'update', DELETE: 'delete' }[call.method] ?? call.method,
    method: call.method,
    path: call.segments.join('/'),
    entity: table.definition.name,
    id,
    ifMatch: call.headers['if-match'] ?? call.headers['if-unmodified-since'] ?? null,
    ifNoneMatch: call.headers['if-none-match'] ?? null,
    status: 0,
    version: null as number | null,
    cut: false,
    rolledBack: false,
  }
  recordWrite(log, write)
  try {
    const [reply, entry] = work()
    Object.assign(write, { status: reply.status, id: entry.id, version: entry.version })
    return reply
  } catch (error) {
    write.status = error instanceof ApiError ? error.status : 500
    throw error
  }
}

const DAY = 86_400_000

/** `/sobjects/{object}/updated` and `/deleted`: ids between two moments. */
export function changedIds(call: Call): Reply {
  const [, name = '', verb = ''] = call.segments
  const table = tableFor(call, name)
  const bound = (key: string) => {
    const text = canonicalDateTime((call.query.get(key) ?? '').replace(' ', '+'))
    if (text === null) throw new ApiError(400, 'INVALID_VALUE', `${key}: invalid date`)
    return Math.floor(millis(text) / 60_000) * 60_000
  }
  const [start, end] = [bound('start'), bound('end')]
  if (end - start < 60_000)
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'The endDate must be at least one minute after the startDate')
  const oldest = Date.now() - (verb === 'updated' ? 30 : 15) * DAY
  if (start < oldest) throw new ApiError(400, 'INVALID_REPLICATION_DATE', `startDate before ${dateTime(oldest)}`)
  const latestDateCovered = dateTime(Math.min(end, Math.floor(Date.now() / 60_000) * 60_000))
  const entries = [...table.entries.values()]
  if (verb === 'updated') {
    const ids = entries.filter((e) => !e.deleted && e.stamp >= start && e.stamp < end).map((e) => e.id)
    return json(200, { ids, latestDateCovered })
  }
  const deleted = entries.filter((e) => e.deleted && e.deletedAt >= start && e.deletedAt < end)
  const deletedRecords = deleted.map((e) => ({ id: e.id, deletedDate: dateTime(e.deletedAt) }))
  return json(200, { deletedRecords, earliestDateAvailable: dateTime(oldest), latestDateCovered })
}
