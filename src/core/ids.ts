import { hash, randomFillSync } from 'node:crypto'

/** What makes a record the same record, whatever connection read it. */
export interface RecordKey {
  /** The kind of CRM, such as `dynamics`. */
  crm: string
  /** The CRM's own id of the organisation. */
  organisation: string
  entity: string
  /** The CRM's own id of the row. */
  sourceId: string
}

/** Namespace of record ids. Published (docs/record-ids.md) and never changed: ids already stored hang on it. */
export const recordNamespace = '2c7b9d0e-5a41-4f6c-9b83-e1f04d7a6c52'

const guidLength = 36
const plainGuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const hyphenatedGuid =
  /^(?:\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/i

/**
 * One spelling per id: a GUID with hyphens in lower case and without braces, as vendors write it in either way; any
 * other id as it stands, since some are case-sensitive (Salesforce's 15 characters).
 */
export function canonicalSourceId(id: string): string {
  // Asked several times for each row, most of which are spelt so already.
  if ((id.length !== guidLength && id.length !== guidLength + 2) || plainGuid.test(id)) return id
  const guid = hyphenatedGuid.exec(id)
  return guid ? (guid[1] ?? guid[2] ?? id).toLowerCase() : id
}

// On the hot path of every sync: one scratch buffer, one one-shot hash. It grows to the longest name seen.
const namespaceBytes = Buffer.from(recordNamespace.replaceAll('-', ''), 'hex')
let scratch = Buffer.concat([namespaceBytes, Buffer.alloc(1024)])

/** UUIDv5 (RFC 9562 §5.5) of the JSON array of the four parts, which no characters inside a part can confuse. */
export function recordId({ sourceId, ...table }: RecordKey): string {
  return recordIds(table)(sourceId)
}

/** The same for many rows of one table. */
export function recordIds({ crm, organisation, entity }: Omit<RecordKey, 'sourceId'>): (sourceId: string) => string {
  const parts = JSON.stringify([crm.toLowerCase(), canonicalSourceId(organisation), entity.toLowerCase()])
  const before = `${parts.slice(0, -1)},`
  return (sourceId) => nameId(`${before}${JSON.stringify(canonicalSourceId(sourceId))}]`)
}

function nameId(name: string): string {
  const most = namespaceBytes.length + name.length * 3
  if (most > scratch.length) scratch = Buffer.concat([namespaceBytes, Buffer.alloc(most)])
  const end = namespaceBytes.length + scratch.write(name, namespaceBytes.length)
  const hex = hash('sha1', scratch.subarray(0, end), 'hex')
  return withVersion(hex, '5')
}

/** A UUIDv8 of an event's own identity, so that what tells events apart is short however long their keys are. */
export function eventId(eventKey: string): string {
  return withVersion(hash('sha256', eventKey, 'hex'), '8')
}

/** 32 or more hex digits as a UUID with this version and the variant of RFC 9562. */
function withVersion(hex: string, version: string): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  const third = version + hex.slice(13, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${third}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const counterLimit = 0x1000
const random = Buffer.alloc(10)
let lastMs = 0
let counter = 0

/**
 * UUIDv7 for our own rows. Within a process each is greater than the one before, also when the clock is set back:
 * the 12 bits after the time count on from a random start (RFC 9562 §6.2, method 1).
 */
export function uuidv7(now: number = Date.now()): string {
  randomFillSync(random)
  if (now > lastMs) {
    lastMs = now
    counter = random.readUInt16BE(0) & 0x7ff
  } else if (++counter >= counterLimit) {
    lastMs++
    counter = 0
  }
  const head = lastMs.toString(16).padStart(12, '0') + counter.toString(16).padStart(4, '0')
  return withVersion(head + random.toString('hex', 2), '7')
}
