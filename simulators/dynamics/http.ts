import type { IncomingMessage } from 'node:http'

/** One request, alone or a part of a `$batch`. */
export type Request = {
  method: string
  /** Path and query as sent. */
  url: string
  path: string
  headers: Record<string, string>
  body: string
  /** Who asks: the systemuser's id. */
  userId: string
  inBatch: boolean
}

export type Reply = { status: number; headers: Record<string, string>; body: string | Buffer }

const JSON_TYPE = 'application/json; odata.metadata=minimal'

export function json(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': JSON_TYPE, 'odata-version': '4.0', ...headers }, body }
}

export const empty = (headers: Record<string, string> = {}): Reply => ({
  status: 204,
  headers: { 'odata-version': '4.0', ...headers },
  body: '',
})

/** Bodies of more than this are refused: 413. */
const MAX_BODY = 128 * 1024 * 1024

export function readBody(message: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY) chunks.push(chunk)
    })
    message.on('end', () => resolve(size > MAX_BODY ? null : Buffer.concat(chunks).toString('utf8')))
    message.on('error', reject)
    message.on('close', () => (message.complete ? undefined : reject(new Error('request cut'))))
  })
}

/** The `Prefer` header's parts, lower-case names; `respond-async` has an empty value. */
export function parsePrefer(header: string | undefined): Map<string, string> {
  const out = new Map<string, string>()
  for (const [, name, quoted, bare] of (header ?? '').matchAll(/([\w.-]+)(?:\s*=\s*(?:"([^"]*)"|([^,;\s]*)))?/g))
    out.set(name!.toLowerCase(), quoted ?? bare ?? '')
  return out
}
