// A number that JavaScript would write otherwise than it stands there; a false alarm, in a text, only costs time.
const INEXACT = String.raw`-?(?:[\d.]{16}|\d+\.\d*0(?=\s*[,}\]])|\d+(?:\.\d+)?[eE]|0\.0{6})|-0(?=\s*[,}\]])`
const everyInexact = new RegExp(String.raw`([:[,]\s*)(?=[-\d])(?=${INEXACT})(-?[\d.eE+-]+)`, 'g')
const bare = /^\s*[-\d]/

/** A character that JSON's texts may hold as it is, and hardly ever do. */
const mark = '\x7f'
const asMarkedText = `$1"${mark}$2"`
const addedByMark = 3

/** JSON with every number kept to the digit: those that JavaScript cannot hold exactly become raw JSON text. */
export function parseExact(text: string): Record<string, unknown> {
  const marked = text.replace(everyInexact, asMarkedText)
  if (marked.length === text.length && !bare.test(text)) return JSON.parse(text) as Record<string, unknown>
  return parseMembers(text, marked) ?? parseEach(text)
}

/**
 * Where all such numbers are members of the outermost object: a fraction of the time that it takes to look at every
 * value. They are parsed as texts; within a text that would be no JSON any more. Null where they are not, or it is not.
 */
function parseMembers(text: string, marked: string): Record<string, unknown> | null {
  let left = (marked.length - text.length) / addedByMark
  if (left === 0 || text.includes(mark)) return null
  try {
    const whole = JSON.parse(marked) as Record<string, unknown>
    for (const name in whole) {
      const value = whole[name]
      if (typeof value !== 'string' || !value.startsWith(mark)) continue
      whole[name] = numberOf(value.slice(mark.length))
      left -= 1
    }
    return left === 0 ? whole : null
  } catch {
    return null
  }
}

// What JavaScript may write just so, though it was found: many digits, or an exponent. To have it write them is dear,
// and it never writes more than 17 that are not zeros at the end.
const mayBeExact = /^(?!-?\d{17,}[1-9]$).*(?:e|.{16})/i

function numberOf(digits: string): number | RawJson {
  return mayBeExact.test(digits) ? exactNumber(digits) : rawOf(digits)
}

// As long as amounts with a zero at their end usually are; they come again and again.
const longestKept = 8
const mostKept = 10_000
const kept = new Map<string, RawJson>()

function rawOf(digits: string): RawJson {
  if (digits.length > longestKept) return rawJson(digits)
  const found = kept.get(digits)
  if (found) return found
  const made = rawJson(digits)
  if (kept.size < mostKept) kept.set(digits, made)
  return made
}

function parseEach(text: string): Record<string, unknown> {
  return JSON.parse(text, function keepDigits(_key, value: unknown, context?: { source?: string }) {
    if (typeof value !== 'number' || context?.source === undefined || String(value) === context.source) return value
    return rawJson(context.source)
  } as (key: string, value: unknown) => unknown) as Record<string, unknown>
}

interface RawJson {
  rawJSON: string
}

// JSON.rawJSON is in Node 24 and not yet in TypeScript's library.
const rawJson = (JSON as unknown as { rawJSON: (text: string) => RawJson }).rawJSON
const isRawJson = (JSON as unknown as { isRawJSON: (value: unknown) => value is RawJson }).isRawJSON

/** The digits of a number that parseExact kept as text; undefined for anything else. */
export function exactDigits(value: unknown): string | undefined {
  // Most values are none, and asking V8 costs more than looking.
  return typeof value === 'object' && value !== null && isRawJson(value) ? value.rawJSON : undefined
}

/** A number of these digits, which are JSON's: one of JavaScript's where that loses none of them. */
export function exactNumber(digits: string): number | RawJson {
  return String(Number(digits)) === digits ? Number(digits) : rawJson(digits)
}

/** The digits of any number that parseExact answers; undefined for what is none. */
export const digitsOf = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : exactDigits(value)
