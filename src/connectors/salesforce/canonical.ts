import { plainNumber } from '#core/digits.ts'
import { HubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'

/**
 * One text for one row, whichever way it was read: REST and files spell numbers, times and escapes differently, and the
 * hub would take each spelling for a change.
 */

const attributes = /^\{"attributes":\{[^{}]*\},"/
// What another writer may spell otherwise: an escaped slash or letter, an exponent, a zero at a fraction's end.
const doubtful = /\\[/u]|[:]-?(?:\d+\.\d*0|\d+(?:\.\d+)?[eE][-+]?\d+|\d+\.)(?=[,}])/

/** The row without what Salesforce puts before it. Works in place: the bytes are the reply's, read once. */
export function canonicalRow(row: RawRow): RawRow {
  const text = row.toString('latin1')
  const head = attributes.exec(text)?.[0]
  if (head === undefined) return rewritten(row)
  if (doubtful.test(text)) return rewritten(row)
  const own = row.subarray(head.length - 2)
  own[0] = 123
  return own
}

const tail = /,"IsDeleted":(true|false)(?:,"MasterRecordId":(null|"\w{15,18}"))?\}$/

/** Cuts off the fields that tell of deletion; null where the row was not asked for them. */
export function cutDeletion(row: RawRow): { row: RawRow; deleted: boolean; master: string | null } | null {
  const text = row.toString('latin1', Math.max(0, row.length - 200))
  const found = tail.exec(text)
  if (!found) return null
  const own = row.subarray(0, row.length - found[0].length + 1)
  own[own.length - 1] = 125
  const master = found[2] === undefined || found[2] === 'null' ? null : found[2].slice(1, -1)
  return { row: own, deleted: found[1] === 'true', master }
}

/** Parsed and written again, numbers by their digits. */
function rewritten(row: RawRow): RawRow {
  const members: string[] = []
  const values = JSON.parse(row.toString(), keepDigits as (key: string, value: unknown) => unknown) as object
  for (const [name, value] of Object.entries(values)) {
    if (name !== 'attributes') members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`)
  }
  return Buffer.from(`{${members.join(',')}}`)
}

// JSON.rawJSON is in Node 24 and not yet in TypeScript's library.
const rawJson = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value
  return rawJson(canonicalNumber(context.source))
}

/** Digits without an exponent or zeros at the end: the same number is the same text. */
export function canonicalNumber(text: string): string {
  const plain = plainNumber(text)
  if (plain !== null) return plain
  throw new HubError('crm.body_invalid', 'a number of a row is none, or is beyond all measure')
}

/** A time as REST writes it; files write Z. */
export function canonicalTime(text: string): string {
  const found = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,3})?(?:Z|\+0000|\+00:00)$/.exec(text)
  return found ? `${found[1]}${(found[2] ?? '.').padEnd(4, '0')}+0000` : text
}
