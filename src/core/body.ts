import { isUtf8 } from 'node:buffer'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { HubError } from './errors.ts'

export interface BodyOptions {
  /** Limit for the bytes on the wire and again for the bytes after decompression. */
  maxBytes: number
  encoding: string | undefined
  contentLength: string | undefined
  /** For messages: method, host and path. */
  what: string
}

/** What is asked for in `Accept-Encoding`; both are undone here. */
export const acceptedEncodings = 'gzip, br'

// A longer chain has no use and multiplies the work that a small answer can cause.
const mostEncodings = 2

/** Reads a whole answer, decompressed, and gives up as soon as it is larger than allowed. */
export async function readBody(stream: Readable, options: BodyOptions): Promise<Buffer> {
  const decoders = decodersFor(options)
  const size = Number(options.contentLength)
  if (size > options.maxBytes) throw tooLarge(options)
  const sized = decoders.length === 0 && Number.isInteger(size) && size > 0
  const target = sized ? fixedTarget(size) : growingTarget()
  const steps = decoders.length === 0 ? [] : [counted(options), ...decoders]
  await pipeline([stream, ...steps, collect(target.add, options)] as unknown as [Readable, Writable])
  return target.bytes()
}

function decodersFor(options: BodyOptions) {
  const names = (options.encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length > mostEncodings) throw unknownEncoding(options)
  return names.reverse().map((name) => {
    if (name === 'gzip' || name === 'x-gzip') return createGunzip()
    if (name === 'br') return createBrotliDecompress()
    if (name === 'deflate') return createInflate()
    throw unknownEncoding(options)
  })
}

/** Bytes on the wire are limited too: empty gzip members make an endless answer of no content. */
function counted(options: BodyOptions) {
  return async function* (source: AsyncIterable<Buffer>) {
    let total = 0
    for await (const chunk of source) {
      total += chunk.length
      if (total > options.maxBytes) throw tooLarge(options)
      yield chunk
    }
  }
}

function collect(add: (chunk: Buffer) => void, options: BodyOptions) {
  return async (source: AsyncIterable<Buffer>) => {
    let total = 0
    for await (const chunk of source) {
      total += chunk.length
      if (total > options.maxBytes) throw tooLarge(options)
      add(chunk)
    }
  }
}

/** One buffer of the announced size: a page of several megabytes is never held twice. */
function fixedTarget(size: number) {
  const whole = Buffer.allocUnsafeSlow(size)
  let used = 0
  return {
    add: (chunk: Buffer) => {
      used += chunk.copy(whole, used)
    },
    bytes: () => whole.subarray(0, used),
  }
}

function growingTarget() {
  const chunks: Buffer[] = []
  return { add: (chunk: Buffer) => void chunks.push(chunk), bytes: () => Buffer.concat(chunks) }
}

function tooLarge(options: BodyOptions): HubError {
  const limit = `${Math.round(options.maxBytes / 1024)} KB`
  return new HubError('crm.body_too_large', `${options.what}: the answer is larger than ${limit}`)
}

function unknownEncoding(options: BodyOptions): HubError {
  return new HubError('crm.body_invalid', `${options.what}: the answer is compressed in a way that was not asked for`)
}

/** Strict where the content counts: a replaced byte would be stored as if the CRM had sent it. */
export function decodeText(bytes: Buffer, strict: boolean, what: string): string {
  if (strict && !isUtf8(bytes)) throw new HubError('crm.body_invalid', `${what}: the answer is not valid UTF-8`)
  const text = bytes.toString('utf8')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}
