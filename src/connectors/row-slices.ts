import { isUtf8 } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { HubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'

/** A page cut in two: its rows as the CRM wrote them, and all that stands around them. */
interface SlicedReply {
  rows: RawRow[]
  /** The reply parsed with an empty list of rows. */
  envelope: unknown
}

// A row of plain values, or with objects and lists of such: nearly every row there is. Written so that each character
// can be taken in one way only: what does not match fails in linear time.
const STRING = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"`
const SCALAR = String.raw`(?:${STRING}|null|true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)`
const objectOf = (value: string) => String.raw`\{${STRING}:${value}(?:,${STRING}:${value})*\}`
const INNER = `(?:${SCALAR}|${objectOf(SCALAR)})`
const VALUE = String.raw`(?:${INNER}|\[(?:${INNER}(?:,${INNER})*)?\])`
const flatRow = new RegExp(objectOf(VALUE), 'y')

const QUOTE = 34
const COMMA = 44
const COLON = 58
const BACKSLASH = 92
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** Where the list of rows stands: names of members, and places in arrays. */
export type ListPath = readonly (string | number)[]

const odata: ListPath = ['value']

/**
 * Cuts each element of an array out of the reply without parsing it, so that no digit is lost and a page costs little.
 * All of the text is checked to be JSON; anything else throws `crm.body_invalid`. Works in turns with what else the
 * process does. A reply without the array has no rows: its envelope tells.
 */
export async function sliceRows(body: Buffer, path: ListPath = odata): Promise<SlicedReply> {
  if (!isUtf8(body)) throw invalid('the answer is not valid UTF-8')
  try {
    return await slice(body, path)
  } catch (error) {
    if (error instanceof HubError) throw error
    // The parser's own message quotes the body, which may hold people's data.
    throw invalid('the answer is not valid JSON')
  }
}

/** One row a line (NDJSON); blank lines are passed over, anything else that is no JSON fails the whole reply. */
export async function sliceLines(body: Buffer): Promise<RawRow[]> {
  if (!isUtf8(body)) throw invalid('the answer is not valid UTF-8')
  const rows: RawRow[] = []
  for (let at = body.length - startOf(body).length; at < body.length; ) {
    if (rows.length % rowsPerTurn === 0) await nextTurn()
    const newline = body.indexOf(10, at)
    const end = newline < 0 ? body.length : newline
    const line = body.subarray(at, end)
    const text = line.toString().trim()
    at = end + 1
    if (text === '') continue
    try {
      JSON.parse(text)
    } catch {
      throw invalid('a line of the answer is not valid JSON')
    }
    rows.push(Buffer.from(text))
  }
  return rows
}

/** A page as it is looked through: each byte as one character, so that places in `text` are places in `body`. */
interface Bytes {
  body: Buffer
  text: string
}

async function slice(whole: Buffer, path: ListPath): Promise<SlicedReply> {
  const body = startOf(whole)
  // One byte a character, also where names are Unicode: half the memory and time of the decoded page.
  const text = body.toString('latin1')
  const array = findArray(text, path)
  if (array < 0) return { rows: [], envelope: JSON.parse(body.toString()) }
  const { rows, end } = await sliceArray({ body, text }, array)
  const envelope: unknown = JSON.parse(`${body.toString('utf8', 0, array)}[]${body.toString('utf8', end)}`)
  // A second list of the same name, or one spelt with escapes, would stand in the place of the rows that were cut out.
  const list = path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], envelope)
  if (!Array.isArray(list) || list.length > 0) throw invalid(`the answer has more than one ${path.at(-1) ?? 'list'}`)
  return { rows, envelope }
}

/** Behind a byte order mark. */
const startOf = (body: Buffer) => (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body)

/** Where the array at the path opens, or -1. What is passed over on the way is parsed later. */
function findArray(text: string, path: ListPath): number {
  let at = skipSpace(text, 0)
  for (const step of path) {
    at = typeof step === 'number' ? findItem(text, at, step) : findMember(text, at, step)
    if (at < 0) return -1
  }
  return text.charCodeAt(at) === OPEN_ARRAY ? at : -1
}

/** Where the value of a member of the object at `from` begins, or -1. */
function findMember(text: string, from: number, name: string): number {
  let at = from
  if (text.charCodeAt(at) !== OPEN_OBJECT) return -1
  do {
    const key = skipSpace(text, at + 1)
    if (text.charCodeAt(key) !== QUOTE) return -1
    const keyEnd = skipString(text, key)
    const colon = skipSpace(text, keyEnd)
    if (text.charCodeAt(colon) !== COLON) return -1
    const value = skipSpace(text, colon + 1)
    if (isNamed(text.slice(key, keyEnd), name)) return value
    at = skipSpace(text, skipValue(text, value))
  } while (text.charCodeAt(at) === COMMA)
  return -1
}

/** Names of plain letters are compared as they stand; others need their bytes read as UTF-8. */
function isNamed(written: string, name: string): boolean {
  if (written.length === name.length + 2 && written.slice(1, -1) === name) return true
  return !isPlain.test(name) && JSON.parse(Buffer.from(written, 'latin1').toString()) === name
}
const isPlain = /^[\w@.$ -]*$/

function findItem(text: string, from: number, index: number): number {
  if (text.charCodeAt(from) !== OPEN_ARRAY) return -1
  let at = skipSpace(text, from + 1)
  if (text.charCodeAt(at) === CLOSE_ARRAY) return -1
  for (let i = 0; i < index; i += 1) {
    at = skipSpace(text, skipValue(text, at))
    if (text.charCodeAt(at) !== COMMA) return -1
    at = skipSpace(text, at + 1)
  }
  return at
}

// Three milliseconds: what waits meanwhile are look-ups, and the request for the next page.
const rowsPerTurn = 1_000

async function sliceArray({ body, text }: Bytes, open: number): Promise<{ rows: RawRow[]; end: number }> {
  const rows: RawRow[] = []
  let at = skipSpace(text, open + 1)
  if (text.charCodeAt(at) === CLOSE_ARRAY) return { rows, end: at + 1 }
  for (;;) {
    if (rows.length % rowsPerTurn === 0) await nextTurn()
    let end = flatRowEnd(text, at)
    if (end < 0) {
      end = skipValue(text, at)
      JSON.parse(body.toString('utf8', at, end))
    }
    rows.push(body.subarray(at, skipSpaceBack(text, end)))
    at = skipSpace(text, end)
    const separator = text.charCodeAt(at)
    if (separator === CLOSE_ARRAY) return { rows, end: at + 1 }
    if (separator !== COMMA) throw invalid('the answer is not valid JSON')
    at = skipSpace(text, at + 1)
  }
}

function flatRowEnd(text: string, at: number): number {
  flatRow.lastIndex = at
  try {
    return flatRow.test(text) ? flatRow.lastIndex : -1
  } catch {
    // A string of millions of escapes overflows the stack of the expression.
    return -1
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at += 1
  return at
}

const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9

function skipSpaceBack(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at - 1))) at -= 1
  return at
}

/** From the opening quote to behind the closing one. */
function skipString(text: string, open: number): number {
  let at = open
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at < 0) throw invalid('the answer ends within a text')
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes += 1
    if (escapes % 2 === 0) return at + 1
  }
}

/** To behind a value of any kind; brackets are counted, not matched, since the parser sees the value afterwards. */
function skipValue(text: string, from: number): number {
  let at = from
  let depth = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = skipString(text, at)
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1
      at += 1
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (depth === 0) return at
      depth -= 1
      at += 1
    } else if (depth === 0 && code === COMMA) return at
    else {
      at += 1
      continue
    }
    if (depth === 0) return at
  }
  throw invalid('the answer is cut off')
}

function invalid(reason: string): HubError {
  return new HubError('crm.body_invalid', reason)
}
