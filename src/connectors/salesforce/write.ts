import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { TableScope, Write, WriteOutcome } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import type { Mark } from '#model/mark.ts'
import { refusal, sendOnce, vendorError } from './client.ts'
import { entityOf } from './draft.ts'
import { canonicalId, longId } from './ids.ts'
import { saveResult } from './wire.ts'

/**
 * One write of one record; exactly one attempt. A create is an upsert by its key where the table has a field that the
 * CRM keeps unique: made twice it is one record.
 */
export async function write(session: CrmSession, { table }: TableScope, change: Write): Promise<WriteOutcome> {
  const what = `to ${change.operation} ${table.name}`
  if (change.operation === 'create') return create(session, table, change)
  const path = `sobjects/${table.setName}/${canonicalId(change.sourceId)}`
  const reply = await sendOnce(session, path, {
    ...(change.operation === 'delete' ? { method: 'DELETE' } : { method: 'PATCH', body: bodyOf(table, change) }),
    headers: change.operation === 'delete' ? {} : precondition(change.expectedMark),
  })
  if (reply.status >= 200 && reply.status < 300) {
    if (reply.text.trim() === '') return { outcome: 'written', mark: null }
    // A page of something between us and the service: what became of the record is for a reading to tell.
    throw foreign(reply, what)
  }
  return settled(reply) ?? refused(reply, what)
}

async function create(session: CrmSession, table: SourceTable, change: Write): Promise<WriteOutcome> {
  const { key } = change
  const place = key === undefined ? undefined : table.keyField
  const body = bodyOf(table, change)
  const reply = place?.unique
    ? await sendOnce(session, `sobjects/${table.setName}/${place.name}/${encodeURIComponent(key!)}`, {
        method: 'PATCH',
        body,
      })
    : await sendOnce(session, `sobjects/${table.setName}`, {
        method: 'POST',
        body: place ? { ...body, [place.name]: key } : body,
      })
  const what = `to create ${table.name}`
  if (reply.status >= 200 && reply.status < 300) {
    const saved = saveResult.safeParse(parsed(reply))
    const sourceId = saved.success ? longId(saved.data.id) : null
    if (sourceId === null) throw foreign(reply, what)
    return { outcome: 'written', mark: null, sourceId }
  }
  // Two requests with one key at once: the other one made the record.
  const { code, text } = vendorError(reply)
  if (code === 'DUPLICATE_VALUE' && place && text.includes(place.name)) return { outcome: 'exists' }
  return refused(reply, what)
}

/** Rows of most objects carry no ETag, but all know when they were last changed, to the second. */
function precondition(mark: Mark | undefined): Record<string, string> {
  return mark ? { 'if-unmodified-since': new Date(Number(mark[0])).toUTCString() } : {}
}

function settled(reply: CrmReply): WriteOutcome | null {
  if (reply.status === 412) return { outcome: 'conflict' }
  const { code } = vendorError(reply)
  return code === 'ENTITY_IS_DELETED' || (reply.status === 404 && (code === 'NOT_FOUND' || code === ''))
    ? { outcome: 'missing' }
    : null
}

function refused(reply: CrmReply, what: string): never {
  const error = refusal(reply, what)
  if (error.code !== 'crm.refused') throw error
  const mend = 'Change what is written so that the CRM accepts it, or give it up.'
  throw new HubError('write.refused', error.message, { ...error.detail, mend: error.detail.mend ?? mend })
}

function foreign(reply: CrmReply, what: string): HubError {
  return new HubError('crm.body_invalid', `Salesforce was asked ${what}: the answer is not of its form`, {
    vendorStatus: reply.status,
  })
}

function parsed(reply: CrmReply): unknown {
  try {
    return JSON.parse(reply.text)
  } catch {
    return null
  }
}

function bodyOf(table: SourceTable, { operation, fields }: Write): Record<string, unknown> {
  // A phone call is a task of its own kind, and is one from the beginning.
  const body: Record<string, unknown> =
    operation === 'create' && table.name === 'Task.Call' ? { TaskSubtype: 'Call' } : {}
  for (const [name, value] of Object.entries(fields)) {
    const field = table.fields.find((one) => one.name === name)
    if (!field) throw new HubError('field.unknown', `${table.name} has no field ${name}`, { field: name })
    if (!(operation === 'create' ? field.creatable : field.updatable)) {
      throw new HubError('write.refused', `${name} of ${table.name} cannot be written`, { field: name })
    }
    body[name] = field.type === 'lookup' ? idOf(field, value) : value
  }
  return body
}

function idOf(field: SourceField, value: unknown): string | null {
  if (value === null) return null
  const { entity, id } = (typeof value === 'object' ? value : {}) as { entity?: unknown; id?: unknown }
  const long = typeof id === 'string' ? longId(id) : null
  if (typeof entity !== 'string' || long === null) {
    throw new HubError('input.invalid', `${field.name} takes an entity and an id`, { field: field.name })
  }
  const targets = field.targets ?? []
  if (targets.length === 0 || targets.some((target) => target === entity || entityOf(target) === entity)) return long
  throw new HubError('input.invalid', `${field.name} cannot point at ${entity}`, { field: field.name })
}
