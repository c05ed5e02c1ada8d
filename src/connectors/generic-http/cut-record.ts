import { isUtf8 } from 'node:buffer'
import { HubError } from '#core/errors.ts'
import { parseExact } from '#core/exact-json.ts'
import type { RawRow } from '#model/reading.ts'
import { isObject, valueAt } from './paths.ts'

/** The one record of a reply, its digits as they were written. */
export function cutRecord(body: Buffer, path: string): RawRow {
  const record = valueAt(parse(body), path)
  if (!isObject(record)) {
    throw new HubError('crm.body_invalid', path === '' ? 'the answer is no record' : `there is no record at ${path}`)
  }
  return path === '' ? body : Buffer.from(JSON.stringify(record))
}

function parse(body: Buffer): unknown {
  if (!isUtf8(body)) throw new HubError('crm.body_invalid', 'the answer is not valid UTF-8')
  try {
    return parseExact(body.toString())
  } catch {
    throw new HubError('crm.body_invalid', 'the answer is not valid JSON')
  }
}
