import { jsonIn } from '#connectors/ask.ts'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { TableScope, Write, WriteOutcome } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import type { Mark } from '#model/mark.ts'
import { refusal, sendOnce, vendorError } from './client.ts'
import { entityOf } from './draft.ts'
import { canonicalId, longId } from './ids.ts'
import { passSecond } from './pass-second.ts'
import { saveResult } from './wire.ts'

/** One write of one record; exactly one attempt. */
export async function write(session: CrmSession, scope: TableScope, change: Write): Promise<WriteOutcome> {
  const { path, ...call } = requestOf(scope.table, change)
  await passSecond(session, [change.expectedMark])
  return outcomeOf(await sendOnce(session, path, call), scope.table, change)
}

export interface WriteRequest {
  /** Below the API's own. */
  path: string
  method: 'POST' | 'PATCH' | 'DELETE'
  headers: Record<string, string>
  body?: Record<string, unknown>
}

/** The request that makes this write, alone or as a part of a composite one. */
export function requestOf(table: SourceTable, change: Write): WriteRequest {
  if (change.operation === 'create') return creating(table, change)
  const path = `sobjects/${table.setName}/${canonicalId(change.sourceId)}`
  if (change.operation === 'delete') return { path, method: 'DELETE', headers: {} }
  return { path, method: 'PATCH', headers: precondition(change.expectedMark), body: bodyOf(table, change) }
}

/**
 * No upsert by the key, though Salesforce has one: a repeat would write over what somebody changed since the first. As a
 * create it is refused where the CRM keeps the key unique.
 */
function creating(table: SourceTable, change: Write): WriteRequest {
  const { key } = change
  const body = bodyOf(table, change)
  const whole = table.keyField && key !== undefined ? { ...body, [table.keyField.name]: key } : body
  return { path: `sobjects/${table.setName}`, method: 'POST', headers: {}, body: whole }
}

/** Whether the CRM itself keeps a repeat of this create from making a second record. */
export const isKeyed = ({ keyField }: SourceTable, { operation, key }: Write): boolean =>
  operation === 'create' && key !== undefined && keyField?.unique === true

/** What the answer to that request means; throws where it was refused. */
export function outcomeOf(reply: CrmReply, table: SourceTable, change: Write): WriteOutcome {
  const what = `to ${change.operation} ${table.name}`
  if (reply.status >= 200 && reply.status < 300) {
    if (change.operation === 'create') return created(reply, what)
    if (reply.text.trim() === '') return { outcome: 'written', mark: null }
    // A page of something between us and the service: what became of the record is for a reading to tell.
    throw foreign(reply, what)
  }
  if (change.operation !== 'create') return settled(reply) ?? refused(reply, what)
  // Two requests with one key at once: the other one made the record.
  const { code, text } = vendorError(reply)
  const place = change.key === undefined ? undefined : table.keyField
  if (code === 'DUPLICATE_VALUE' && place && text.includes(place.name)) return { outcome: 'exists' }
  return refused(reply, what)
}

function created(reply: CrmReply, what: string): WriteOutcome {
  const saved = saveResult.safeParse(jsonIn(reply))
  const sourceId = saved.success ? longId(saved.data.id) : null
  if (sourceId === null) throw foreign(reply, what)
  return { outcome: 'written', mark: null, sourceId }
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

export function foreign(reply: CrmReply, what: string): HubError {
  return new HubError('crm.body_invalid', `Salesforce was asked ${what}: the answer is not of its form`, {
    vendorStatus: reply.status,
  })
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

/** A task or a call; an event has no status. Organisations may name their statuses otherwise: then none is set. */
export function completed(table: SourceTable): Record<string, unknown> | null {
  const status = table.fields.find(({ name }) => name === 'Status')
  const canBe = status?.creatable && status.updatable && status.options?.some(({ value }) => value === completedStatus)
  return canBe && /^Task\b/.test(table.name) ? { Status: completedStatus } : null
}

const completedStatus = 'Completed'
