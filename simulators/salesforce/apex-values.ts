import { createHmac, randomBytes } from 'node:crypto'
import type { Operation, Organisation } from './organisation.ts'

export type ApexValue = string | number | boolean | null | Buffer | ApexValue[] | Map<ApexValue, ApexValue> | ApexObject
export type ApexObject = { type: string; fields: Map<string, ApexValue> }

/** What a piece of Apex is run in. */
export type Frame = {
  org: Organisation
  userId: string
  object: string
  operation: Operation
  rows: ApexObject[]
}

export const isObject = (v: ApexValue | undefined): v is ApexObject =>
  typeof v === 'object' && v !== null && 'type' in v

const EVENTS: Record<Operation, string> = {
  create: 'AFTER_INSERT',
  update: 'AFTER_UPDATE',
  delete: 'AFTER_DELETE',
  undelete: 'AFTER_UNDELETE',
}

/** Known names of the platform; undefined for what is not known. */
export function platformField(frame: Frame, path: string): ApexValue | undefined {
  const { rows, operation } = frame
  const known: Record<string, ApexValue> = {
    'trigger.new': operation === 'delete' ? null : rows,
    'trigger.old': operation === 'delete' ? rows : operation === 'update' ? rows : null,
    'trigger.newmap': mapOf(rows),
    'trigger.oldmap': mapOf(rows),
    'trigger.size': rows.length,
    'trigger.operationtype': EVENTS[operation],
    'trigger.isinsert': operation === 'create',
    'trigger.isupdate': operation === 'update',
    'trigger.isdelete': operation === 'delete',
    'trigger.isundelete': operation === 'undelete',
    'trigger.isafter': true,
    'trigger.isbefore': false,
    'trigger.isexecuting': true,
  }
  return known[path.toLowerCase()]
}

export const mapOf = (rows: ApexObject[]): Map<ApexValue, ApexValue> =>
  new Map(rows.map((row) => [row.fields.get('id') ?? null, row]))

function jsonOf(value: ApexValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(k), jsonOf(v)]))
  if (Array.isArray(value)) return value.map(jsonOf)
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (isObject(value)) return Object.fromEntries([...value.fields].map(([k, v]) => [k, jsonOf(v)]))
  return value
}

const text = (value: ApexValue | undefined) =>
  value === null || value === undefined ? '' : Buffer.isBuffer(value) ? value.toString('utf8') : String(value)
const blob = (value: ApexValue | undefined) => (Buffer.isBuffer(value) ? value : Buffer.from(text(value), 'utf8'))

/** Methods that answer the same each time. */
const CONSTANT: Record<string, ApexValue> = {
  'test.isrunningtest': false,
  'system.isbatch': false,
  'system.isfuture': false,
  'system.isqueueable': false,
  'limits.getqueueablejobs': 0,
  'limits.getcallouts': 0,
  'limits.getlimitqueueablejobs': 50,
  'limits.getlimitcallouts': 100,
}

/** Static methods of the platform; undefined for what is not known. */
export function platformCall(frame: Frame, path: string, args: ApexValue[]): ApexValue | undefined {
  const [a, b, c] = args
  const user = frame.org.tables.get('user')!.entries.get(frame.userId)
  const bare = path
    .toLowerCase()
    .replace(/^system\.(?=json|userinfo|crypto|encodingutil|blob|string|datetime|test|limits)/, '')
  switch (bare) {
    case 'userinfo.getuserid':
      return frame.userId
    case 'userinfo.getusername':
      return user?.fields.Username ?? null
    case 'userinfo.getorganizationid':
      return frame.org.id
    case 'string.valueof':
    case 'id.valueof':
      return text(a)
    case 'string.isblank':
      return text(a).trim() === ''
    case 'string.isnotblank':
      return text(a).trim() !== ''
    case 'string.join':
      return Array.isArray(a) ? a.map(text).join(text(b)) : text(a)
    case 'json.serialize':
    case 'json.serializepretty':
      return JSON.stringify(jsonOf(a ?? null))
    case 'blob.valueof':
      return blob(a)
    case 'crypto.generatemac':
      return createHmac(text(a).replace(/^hmac/i, '').toLowerCase(), blob(c)).update(blob(b)).digest()
    case 'crypto.generateaeskey':
      return randomBytes(Number(a) / 8)
    case 'encodingutil.converttohex':
      return blob(a).toString('hex')
    case 'encodingutil.base64encode':
      return blob(a).toString('base64')
    case 'encodingutil.base64decode':
      return Buffer.from(text(a), 'base64')
    case 'encodingutil.convertfromhex':
      return Buffer.from(text(a), 'hex')
    case 'datetime.now':
    case 'system.now':
    case 'system.currenttimemillis':
      return Date.now()
    default:
      return CONSTANT[bare]
  }
}

/** Methods of values. */
export function valueCall(value: ApexValue, method: string, args: ApexValue[]): ApexValue {
  const [a = null, b = null] = args
  const name = method.toLowerCase()
  if (isObject(value)) {
    if (/(^|\.)httprequest$/i.test(value.type) && name.startsWith('set')) {
      value.fields.set(name === 'setheader' ? `header ${text(a)}` : name.slice(3), name === 'setheader' ? text(b) : a)
      return null
    }
    if (name === 'get') return value.fields.get(text(a).toLowerCase()) ?? null
    if (name.startsWith('getstatus')) return name === 'getstatuscode' ? 200 : 'OK'
    return name === 'getbody' ? '' : null
  }
  if (value instanceof Map) return mapCall(value, name, a, b)
  if (Array.isArray(value)) return listCall(value, name, a)
  if (name === 'name' || name === 'tostring' || name === 'gettime' || name === 'format')
    return name === 'gettime' ? value : text(value)
  if (name === 'tolowercase') return text(value).toLowerCase()
  if (name === 'touppercase') return text(value).toUpperCase()
  if (name === 'startswith') return text(value).startsWith(text(a))
  if (name === 'length' || name === 'size') return text(value).length
  if (name === 'replace') return text(value).replaceAll(text(a), text(b))
  if (name === 'removestart') return text(value).startsWith(text(a)) ? text(value).slice(text(a).length) : value
  if (name === 'substringafter') return text(value).split(text(a)).slice(1).join(text(a))
  if (name === 'equalsignorecase' || name === 'equals') return text(value).toLowerCase() === text(a).toLowerCase()
  if (name === 'to15') return text(value).slice(0, 15)
  throw new Error(`the simulator does not know .${method}()`)
}

function mapCall(map: Map<ApexValue, ApexValue>, name: string, a: ApexValue, b: ApexValue): ApexValue {
  if (name === 'put') map.set(a, b)
  if (name === 'get') return map.get(a) ?? null
  if (name === 'keyset') return [...map.keys()]
  if (name === 'values') return [...map.values()]
  if (name === 'size') return map.size
  if (name === 'isempty') return map.size === 0
  return name === 'containskey' ? map.has(a) : null
}

function listCall(list: ApexValue[], name: string, a: ApexValue): ApexValue {
  if (name === 'add') list.push(a)
  if (name === 'addall' && Array.isArray(a)) list.push(...a)
  if (name === 'size') return list.length
  if (name === 'isempty') return list.length === 0
  if (name === 'contains') return list.includes(a)
  return name === 'get' ? (list[Number(a)] ?? null) : null
}
