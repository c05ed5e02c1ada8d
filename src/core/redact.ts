/** Keeps secrets out of whatever leaves as text: by shape, and by value once registered. */
export interface Redactor {
  /** From now on this value is blanked wherever it stands; the returned function forgets it. */
  register(value: string): () => void
  clean(text: string): string
  /** A copy of any value fit for a log: strings cleaned, members with telling names blanked, depth bounded. */
  cleanValue(value: unknown): unknown
}

const blank = '[redacted]'

// Shorter values would blank innocent words; no vendor issues a secret below eight characters.
const shortestSecret = 8

// Access tokens change hourly, and old ones also match by shape, so the oldest may be forgotten.
const mostSecrets = 2000
const deepest = 8
const mostItems = 100

const secretName =
  '(?:client_?secret|client_?assertion|secret|password|passwd|pwd|code_?verifier|sig|signature|token|access_?token|refresh_?token|id_?token|api_?key|assertion|sas)'
// Members named `code` stay readable in objects and JSON: vendors put their error codes there.
const secretKey =
  /^(?:.*(?:secret|password|passwd|token|assertion|authorization|api[-_]?key|private[-_]?key|credential).*|cookie|set-cookie|sig|signature|authvalue)$/i

const shapes: [RegExp, string][] = [
  [/\b(authorization|proxy-authorization|cookie|set-cookie)(["']?\s*[:=]\s*["']?)[^\r\n"']+/gi, `$1$2${blank}`],
  // A digit, capital or sign after the first letter tells a credential from “basic settings”.
  [
    /\b([Bb]earer|BEARER|[Bb]asic|BASIC|[Nn]egotiate|SharedAccessSignature)\s+(?=\S+[A-Z0-9=_+/])[\w\-.~+/=%&]{8,}/g,
    `$1 ${blank}`,
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3}/g, blank],
  [/(^|[?&#])(code)=[^&\s"'#]+/gi, `$1$2=${blank}`],
  [new RegExp(String.raw`(^|[?&#;\s,{"'])(${secretName})=([^&\s"'#;,}]+)`, 'gi'), `$1$2=${blank}`],
  [
    new RegExp(String.raw`(\\?["'])(${secretName})(\\?["']\s*:\s*\\?["'])((?:[^"'\\]|\\.)*?)(\\?["'])`, 'gi'),
    `$1$2$3${blank}$5`,
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@]*:[^/\s@]+@/gi, `$1${blank}@`],
]

/** A secret may stand in a URL, a form, a JSON text or a Basic header; each writes it in its own way. */
function spellings(value: string): string[] {
  const form = new URLSearchParams([['', value]]).toString().slice(1)
  const json = JSON.stringify(value).slice(1, -1)
  const bytes = Buffer.from(value, 'utf8')
  const all = [value, encodeURIComponent(value), form, json, bytes.toString('base64'), bytes.toString('base64url')]
  return [...new Set(all)]
}

export function createRedactor(): Redactor {
  const known = new Map<string, string[]>()

  function register(value: string): () => void {
    if (value.length < shortestSecret) return () => {}
    known.delete(value)
    known.set(value, spellings(value))
    const oldest = known.size > mostSecrets ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
    return () => {
      known.delete(value)
    }
  }

  function clean(text: string): string {
    let cleaned = text
    for (const forms of known.values()) {
      for (const form of forms) if (cleaned.includes(form)) cleaned = cleaned.replaceAll(form, blank)
    }
    for (const [shape, replacement] of shapes) cleaned = cleaned.replace(shape, replacement)
    return cleaned
  }

  return { register, clean, cleanValue: (value) => cleanedValue(value, clean, 0) }
}

function cleanedValue(value: unknown, clean: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (value === null || typeof value !== 'object') return value
  if (depth >= deepest) return '[…]'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof URL) return clean(value.href)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => cleanedValue(item, clean, depth + 1))
  if (value instanceof Map) return cleanedValue(Object.fromEntries(value), clean, depth)
  if (value instanceof Set) return cleanedValue([...value], clean, depth)
  if (value instanceof Error) return cleanedError(value, clean, depth)
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value).slice(0, mostItems)) {
    const secret =
      secretKey.test(key) && (typeof member === 'string' || (typeof member === 'object' && member !== null))
    copy[clean(key)] = secret ? blank : cleanedValue(member, clean, depth + 1)
  }
  return copy
}

function cleanedError(error: Error, clean: (text: string) => string, depth: number): unknown {
  const own: Record<string, unknown> = { name: error.name, message: clean(error.message) }
  // `code` of an error is a name such as ECONNREFUSED or crm.dns, not an OAuth code.
  if ('code' in error && typeof error.code === 'string') own.code = clean(error.code)
  if ('detail' in error) own.detail = cleanedValue(error.detail, clean, depth + 1)
  if (error.stack) own.stack = clean(error.stack)
  if (error.cause !== undefined) own.cause = cleanedValue(error.cause, clean, depth + 1)
  if (error instanceof AggregateError) own.errors = cleanedValue(error.errors, clean, depth + 1)
  return own
}

/** The process' own redactor: what one part learns to be secret, every other part keeps. */
export const redactor = createRedactor()
