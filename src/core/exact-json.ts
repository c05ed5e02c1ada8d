// A number that JavaScript would write otherwise than it stands there; a false alarm, in a text, only costs time.
const INEXACT = String.raw`-?(?:[\d.]{16}|\d+\.\d*0(?=\s*[,}\]])|\d+(?:\.\d+)?[eE]|0\.0{6})|-0(?=\s*[,}\]])`
const anyInexact = new RegExp(String.raw`[:[,]\s*(?:${INEXACT})|^\s*-?[\d]`)
const everyInexact = new RegExp(String.raw`[:[,]\s*(?:${INEXACT})`, 'g')
// Within a text each quote stands behind a backslash, which no such name holds: what matches is a member.
const inexactMember = new RegExp(String.raw`"(\w+)":\s*((?=${INEXACT})-?[\d.eE+-]+)`, 'g')

/** JSON with every number kept to the digit: those that JavaScript cannot hold exactly become raw JSON text. */
export function parseExact(text: string): Record<string, unknown> {
  if (!anyInexact.test(text)) return JSON.parse(text) as Record<string, unknown>
  return parseMembers(text) ?? parseEach(text)
}

/**
 * Where all such numbers are members of the outermost object whose names occur once: a tenth of the time that it takes
 * to look at every value. Null where they are not.
 */
function parseMembers(text: string): Record<string, unknown> | null {
  const members = [...text.matchAll(inexactMember)]
  if (members.length === 0 || members.length !== (text.match(everyInexact)?.length ?? 0)) return null
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const whole = value as Record<string, unknown>
  for (const [, name, digits] of members as unknown as [string, string, string][]) {
    const quoted = `"${name}"`
    if (text.indexOf(quoted) !== text.lastIndexOf(quoted) || !Object.hasOwn(whole, name)) return null
    if (whole[name] !== Number(digits)) return null
    if (String(whole[name]) !== digits) whole[name] = rawJson(digits)
  }
  return whole
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
  return isRawJson(value) ? value.rawJSON : undefined
}
