import type { Reply } from '../exchange/http.ts'

export type { Reply }

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

const JSON_TYPE = 'application/json; odata.metadata=minimal'

export function json(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': JSON_TYPE, 'odata-version': '4.0', ...headers }, body }
}

export const empty = (headers: Record<string, string> = {}): Reply => ({
  status: 204,
  headers: { 'odata-version': '4.0', ...headers },
  body: '',
})

/** The `Prefer` header's parts, lower-case names; `respond-async` has an empty value. */
export function parsePrefer(header: string | undefined): Map<string, string> {
  const out = new Map<string, string>()
  for (const [, name, quoted, bare] of (header ?? '').matchAll(/([\w.-]+)(?:\s*=\s*(?:"([^"]*)"|([^,;\s]*)))?/g))
    out.set(name!.toLowerCase(), quoted ?? bare ?? '')
  return out
}
