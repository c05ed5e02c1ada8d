// A number that JavaScript would write otherwise than it stands there; a false alarm, in a text, only costs time.
const INEXACT = String.raw`-?(?:[\d.]{16}|\d+\.\d*0(?=\s*[,}\]])|\d+(?:\.\d+)?[eE]|0\.0{6})|-0(?=\s*[,}\]])`
const everyInexact = new RegExp(String.raw`[:[,]\s*(?=[-\d])(?=${INEXACT})(-?[\d.eE+-]+)`, 'g')
const bare = /^\s*[-\d]/

/** JSON with every number kept to the digit: those that JavaScript cannot hold exactly become raw JSON text. */
export function parseExact(text: string): Record<string, unknown> {
  const found = findInexact(text)
  if (found.length === 0 && !bare.test(text)) return JSON.parse(text) as Record<string, unknown>
  return parseMembers(text, found) ?? parseEach(text)
}

/** `at`: of what stands before the number. */
interface Inexact {
  at: number
  digits: string
}

function findInexact(text: string): Inexact[] {
  const all: Inexact[] = []
  everyInexact.lastIndex = 0
  for (let found = everyInexact.exec(text); found !== null; found = everyInexact.exec(text))
    all.push({ at: found.index, digits: found[1]! })
  return all
}

/**
 * Where all such numbers are members of the outermost object whose names occur once: a quarter of the time that it takes
 * to look at every value. Null where they are not.
 */
function parseMembers(text: string, found: readonly Inexact[]): Record<string, unknown> | null {
  if (found.length === 0) return null
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const whole = value as Record<string, unknown>
  for (const { at, digits } of found) {
    const name = onlyNameBefore(text, at)
    if (name === null || !Object.hasOwn(whole, name) || whole[name] !== Number(digits)) return null
    if (!mayBeExact.test(digits) || String(whole[name]) !== digits) whole[name] = rawOf(digits)
  }
  return whole
}

// What JavaScript may write just so, though it was found: many digits, or an exponent. To have it write them is dear.
const mayBeExact = /e|.{16}/i

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

/** The name before a colon, where it stands in the text once. Within a text a quote has a backslash before it, which no such name holds. */
function onlyNameBefore(text: string, colon: number): string | null {
  if (!text.startsWith('":', colon - 1)) return null
  const open = text.lastIndexOf('"', colon - 2)
  const quoted = text.slice(open, colon)
  if (!plainName.test(quoted) || text.indexOf(quoted) !== open || text.includes(quoted, colon)) return null
  return quoted.slice(1, -1)
}
const plainName = /^"\w+"$/

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
