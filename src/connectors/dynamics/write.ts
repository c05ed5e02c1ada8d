import type { CrmReply } from '#connectors/call.ts'
import type { Write, WriteOutcome } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { LookupBind, Party, SourceField, SourceTable } from '#model/field.ts'
import type { Mark } from '#model/mark.ts'
import { apiPath, protocolHeaders, refusal, vendorError } from './client.ts'
import { tableOf } from './draft.ts'
import { partyRows } from './parties.ts'
import { guidForm, markOf } from './read-row.ts'

interface WriteRequest {
  path: string
  method: 'PATCH' | 'DELETE'
  headers: Record<string, string>
  body?: string
}

/** The request that makes this write, alone or as a part of a batch. */
export function requestOf(table: SourceTable, change: Write): WriteRequest {
  const id = change.sourceId.toLowerCase()
  if (!guidForm.test(id)) throw new HubError('input.invalid', 'an id of a Dynamics record is a GUID')
  const path = `${apiPath}/${table.setName}(${id})`
  const headers = { ...protocolHeaders, ...precondition(change) }
  if (change.operation === 'delete') return { path, method: 'DELETE', headers }
  return {
    // The answer tells the new version, so that the record read back can be told from an older one.
    path: `${path}?$select=${table.idField},versionnumber`,
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'return=representation' },
    body: JSON.stringify(bodyOf(table, change)),
  }
}

/** What the answer to that request means; throws where it was refused. */
export function outcomeOf(reply: CrmReply, table: SourceTable, change: Write): WriteOutcome {
  if (reply.status >= 200 && reply.status < 300) {
    if (change.operation !== 'delete') return { outcome: 'written', mark: writtenMark(reply) }
    if (reply.text === '') return { outcome: 'written', mark: null }
    // A page of something between us and the service: what became of the record is for a reading to tell.
    throw new HubError(
      'crm.body_invalid',
      `Dynamics was asked to delete ${table.name}: the answer is not of its form`,
      {
        vendorStatus: reply.status,
      },
    )
  }
  return settled(reply, change) ?? refused(reply, table, change)
}

/** Without a condition a PATCH creates what is not there ("Update and delete table rows using the Web API"). */
function precondition({ operation, expectedMark }: Write): Record<string, string> {
  if (operation === 'create') return { 'if-none-match': '*' }
  return { 'if-match': expectedMark ? `W/"${expectedMark[0]}"` : '*' }
}

function writtenMark(reply: CrmReply): Mark | null {
  const header = /^W\/"(\d{1,19})"$/.exec(reply.headers.etag ?? '')?.[1]
  if (header) return [BigInt(header)]
  try {
    const row: unknown = JSON.parse(reply.text)
    if (typeof row !== 'object' || row === null) return null
    const version = markOf(row as Record<string, unknown>, reply.text)
    const tag = /^W\/"(\d{1,19})"$/.exec(String((row as Record<string, unknown>)['@odata.etag']))?.[1]
    return version ?? (tag ? [BigInt(tag)] : null)
  } catch {
    return null
  }
}

// Other rows stand in the way of these, not the record's own version or id.
const duplicateElsewhere = new Set(['0x80060892', '0x80040333'])
const duplicateId = '0x80040237'
const notFound = '0x80040217'
// The table keeps no versions to be asked for, or wants one: with another version it says the same again.
const withoutVersions = new Set(['0x80060883', '0x8006088d'])

function settled(reply: CrmReply, { operation, sourceId }: Write): WriteOutcome | null {
  const vendor = vendorError(reply)
  const code = vendor.code.toLowerCase()
  if (operation === 'create' && code === duplicateId) return { outcome: 'exists' }
  if (reply.status === 412 && !duplicateElsewhere.has(code) && !withoutVersions.has(code)) {
    return { outcome: operation === 'create' ? 'exists' : 'conflict' }
  }
  // A record that the write points at may be missing too: its text names that one, and it is refused below.
  const missing = reply.status === 404 && (code === notFound || code === '') && !namesAnother(vendor.text, sourceId)
  return missing && operation !== 'create' ? { outcome: 'missing' } : null
}

function namesAnother(text: string, id: string): boolean {
  const named: readonly string[] = text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []
  return named.length > 0 && !named.includes(id.toLowerCase())
}

function refused(reply: CrmReply, table: SourceTable, { operation }: Write): never {
  const error = refusal(reply, `to ${operation} ${table.name}`)
  const code = error.detail.vendorCode?.toLowerCase() ?? ''
  if (error.code !== 'crm.refused' && !duplicateElsewhere.has(code)) throw error
  const mend = withoutVersions.has(code)
    ? `Have optimistic concurrency enabled for ${table.name}: without it a write could go over someone's work.`
    : 'Change what is written so that the CRM accepts it, or give it up.'
  throw new HubError('write.refused', error.message, { ...error.detail, mend: error.detail.mend ?? mend })
}

function bodyOf(table: SourceTable, { operation, fields }: Write): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    const field = fieldOf(table, name)
    const writable = operation === 'create' ? field.creatable : field.updatable
    if (!writable) {
      throw new HubError('write.refused', `${name} of ${table.name} cannot be written`, { field: name })
    }
    if (name === table.idField) continue
    if (field.type === 'lookup') bind(body, table, field, value)
    else if (field.type === 'parties') {
      body[name] = partyRows((value ?? []) as Party[], (entity) => bindOf(table, field, entity))
    } else body[name] = field.type === 'choices' ? choicesText(value) : value
  }
  return body
}

/** "Set choices column values": a text of numbers; a list is refused. */
function choicesText(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.length === 0 ? null : value.join(',')
}

function fieldOf(table: SourceTable, name: string): SourceField {
  const field = table.fields.find((one) => one.name === name || one.name === `_${name}_value`)
  if (field) return field
  throw new HubError('field.unknown', `${table.name} has no column ${name}`, { field: name })
}

function bind(body: Record<string, unknown>, table: SourceTable, field: SourceField, value: unknown): void {
  const targets = field.targets ?? []
  if (value === null) {
    // Whichever target is named, the lookup is emptied.
    body[`${bindOf(table, field, targets[0] ?? '').property}@odata.bind`] = null
    return
  }
  const { entity, id } = (typeof value === 'object' ? value : {}) as { entity?: unknown; id?: unknown }
  if (typeof entity !== 'string' || typeof id !== 'string' || !guidForm.test(id.toLowerCase())) {
    throw new HubError('input.invalid', `${field.name} takes an entity and an id`, { field: field.name })
  }
  const target = tableOf(entity)
  if (targets.length > 0 && !targets.includes(target)) {
    throw new HubError('input.invalid', `${field.name} cannot point at ${entity}`, { field: field.name })
  }
  const { property, setName } = bindOf(table, field, target)
  body[`${property}@odata.bind`] = `/${setName}(${id.toLowerCase()})`
}

function bindOf(table: SourceTable, field: SourceField, target: string): LookupBind {
  const known = field.binds?.[target]
  if (known) return known
  throw new HubError('field.unknown', `How ${table.name} points at ${target || 'its target'} is not known`, {
    field: field.name,
    mend: 'Refresh the description of the table.',
  })
}
