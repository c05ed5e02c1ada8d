import type { Reply } from '../exchange/http.ts'
import { createRow, deleteRow, updateRow } from './change-rows.ts'
import { byExternalId, toFields } from './coerce.ts'
import { ApiError, json, notFound } from './errors.ts'
import { longId } from './ids.ts'
import { atomically } from './organisation.ts'
import { allFields, recordWriter } from './record-json.ts'
import { inputOf, logged, tableFor, targetOf } from './records.ts'
import type { Call } from './simulator.ts'
import { type Entry, find, isDeleted, type Table } from './table.ts'

type Result = {
  id?: string
  success: boolean
  errors: { statusCode: string; message: string; fields: string[] }[]
  created?: boolean
}
type Given = Record<string, unknown> & { attributes?: { type?: string } }

const MOST = 200

class Undone extends Error {}

/** `/composite/sobjects`: up to 200 rows of several objects in one request. */
export function collections(call: Call): Reply {
  const [, , object, key] = call.segments
  if (call.method === 'DELETE') return removeMany(call)
  if (call.method === 'GET') return readMany(call, object ?? '')
  const input = inputOf(call) as { allOrNone?: boolean; records?: Given[]; ids?: string[]; fields?: string[] }
  if (call.method === 'POST' && object !== undefined && input.ids)
    return readRows(call, object, input.ids, input.fields ?? [])
  const records = input.records ?? []
  limitCount(records.length)
  return each(call, input.allOrNone === true, records, (given) => {
    const table = tableFor(call, given.attributes?.type ?? object ?? '')
    if (key !== undefined) return upsertOne(call, table, given, key)
    const id = longId(given.Id ?? given.id)
    const { Id: _, id: __, ...rest } = given
    if (call.method === 'POST')
      return saved(call, table, null, () => createRow(targetOf(call, table), toFields(call.sim.org, table, rest)))
    if (id === null) throw new ApiError(400, 'MISSING_ARGUMENT', 'Id not specified in an update call')
    return saved(call, table, id, () => updateRow(targetOf(call, table), id, toFields(call.sim.org, table, rest)))
  })
}

function limitCount(count: number): void {
  if (count > MOST)
    throw new ApiError(
      400,
      'LIMIT_EXCEEDED',
      `record limit reached. cannot submit more than ${MOST} records into this call`,
    )
}

/** One result per row, in their order; with `allOrNone` one failure undoes the others. */
function each<T>(call: Call, allOrNone: boolean, items: T[], work: (item: T) => Result): Reply {
  const { org, log } = call.sim
  const results: Result[] = []
  const before = log.writes.length
  try {
    atomically(org, () => {
      for (const item of items) results.push(attempt(() => atomicallyInside(call, () => work(item))))
      if (allOrNone && results.some((r) => !r.success)) throw new Undone()
    })
  } catch (error) {
    if (!(error instanceof Undone)) throw error
    for (const write of log.writes.slice(before)) write.rolledBack = true
    const message = 'Record rolled back because not all records were valid and the request was using AllOrNone header'
    return json(
      200,
      results.map((r) =>
        r.success
          ? { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message, fields: [] }] }
          : r,
      ),
    )
  }
  return json(200, results)
}

/** A row's own failure leaves nothing of it behind, and the others alone. */
function atomicallyInside<T>({ sim }: Call, work: () => T): T {
  const outer = sim.org.transaction!
  const [changes, undo] = [outer.changes.length, outer.undo.length]
  try {
    return work()
  } catch (error) {
    for (const back of outer.undo.splice(undo).reverse()) back()
    outer.changes.splice(changes)
    throw error
  }
}

function attempt(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return {
      success: false,
      errors: [{ statusCode: error.errorCode, message: error.message, fields: error.fields ?? [] }],
    }
  }
}

function saved(call: Call, table: Table, id: string | null, work: () => Entry): Result {
  const reply = logged(call, table, id, () => {
    const entry = work()
    return [json(200, { id: entry.id, success: true, errors: [] }), entry]
  })
  return JSON.parse(String(reply.body)) as Result
}

function upsertOne(call: Call, table: Table, given: Given, key: string): Result {
  const { [key]: value, ...rest } = given
  const field = table.fields.get(key.toLowerCase())
  if (!field || !(field.externalId || field.type === 'id')) throw notFound()
  const ids =
    field.type === 'id' ? [longId(value) ?? ''].filter(Boolean) : byExternalId(table, field.name, String(value))
  if (ids.length > 1)
    throw new ApiError(
      400,
      'DUPLICATE_EXTERNAL_ID',
      `${field.name}: more than one record found for external id field: [${ids.join(', ')}]`,
    )
  const fields = toFields(call.sim.org, table, rest)
  const [id] = ids
  if (id !== undefined)
    return { ...saved(call, table, id, () => updateRow(targetOf(call, table), id, fields)), created: false }
  const all = field.type === 'id' ? fields : { ...fields, [field.name]: String(value) }
  return { ...saved(call, table, null, () => createRow(targetOf(call, table), all)), created: true }
}

function removeMany(call: Call): Reply {
  const ids = (call.query.get('ids') ?? '').split(',').filter(Boolean)
  limitCount(ids.length)
  return each(call, call.query.get('allOrNone') === 'true', ids, (given) => {
    const id = longId(given)
    const table = id === null ? undefined : call.sim.org.prefixes.get(id.slice(0, 3))
    if (id === null || !table) throw new ApiError(400, 'MALFORMED_ID', `malformed id ${given}`)
    return saved(call, table, id, () => deleteRow(targetOf(call, table), id))
  })
}

function readMany(call: Call, object: string): Reply {
  const list = (name: string) => (call.query.get(name) ?? '').split(',').filter(Boolean)
  return readRows(call, object, list('ids'), list('fields'))
}

function readRows(call: Call, object: string, ids: string[], fields: string[]): Reply {
  const { org } = call.sim
  const table = tableFor(call, object)
  const write = recordWriter(org, table, fields.length > 0 ? fields : allFields(org, table), call.version)
  const rows = ids.map((given) => {
    const row = find(table, longId(given) ?? '')
    return row === undefined || isDeleted(row) ? 'null' : write(row)
  })
  return json(200, `[${rows.join(',')}]`)
}
