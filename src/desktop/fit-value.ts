import type { FieldFormat, FieldType, Option, SourceField } from '#model/field.ts'
import { checkValue } from '#outbox/check-value.ts'
import { isCalendarDate } from '#records/check-row.ts'

/** What the CRM's field takes of a value; `cut`: only the beginning of a text fitted. `wrong` is read after the field's name. */
export type Fitted = { value: unknown; cut: boolean } | { wrong: string }

/** Whatever the field would hold: a write as a whole holds a million characters, and one of a text may take two in JSON. */
export const longestText = 400_000
// A word longer than this is cut within: what has no blanks is no prose.
const longestWord = 60
const mark = '…'

/**
 * A value of an interaction as the CRM's field takes it: texts are shortened, numbers, times and choices are read from
 * texts, a choice by any of its labels. Nothing, and a text of blanks, is null, which clears the field.
 */
export function fitValue(field: SourceField, value: unknown): Fitted {
  if (isNothing(value)) return { value: null, cut: false }
  const { value: read, cut = false } = readers[field.type]?.(value, field) ?? { value }
  const checked = checkValue(read, field)
  if ('wrong' in checked) return checked
  const unfit = field.format && whyUnfit[field.format]?.(String(checked.value), cut)
  return unfit ? { wrong: unfit } : { value: checked.value, cut }
}

/** Half an address leads nowhere. */
const whyUnfit: Partial<Record<FieldFormat, (text: string, cut: boolean) => string | null>> = {
  email: (text, cut) => (!cut && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : 'takes an e-mail address'),
  url: (text, cut) =>
    !cut && /^https?:\/\//i.test(text) && URL.canParse(text) ? null : 'takes a link that fits whole',
}

interface Read {
  value: unknown
  cut?: boolean
}

type Reader = (value: unknown, field: SourceField) => Read

const isNothing = (value: unknown) =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)

const readText: Reader = (value, field) => {
  const text = cleaned(textOf(value), field.type)
  const limit = Math.min(field.maxLength ?? longestText, longestText)
  return text.length <= limit ? { value: text } : { value: cutText(text, limit), cut: true }
}

/** Within so many UTF-16 units, as CRMs count them; ended on a word, with a mark. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  if (limit <= mark.length) return mark.slice(0, limit)
  const head = text.slice(0, limit - mark.length)
  const blank = /\s/.test(text.charAt(head.length)) ? head.length : head.search(/\s\S*$/)
  const onWord = blank > 0 && head.length - blank <= longestWord ? head.slice(0, blank) : head
  // Half of a character of two units is none.
  return onWord.replace(/[\uD800-\uDBFF]$/, '').trimEnd() + mark
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Without what no CRM keeps; a field of one line has no line breaks. */
function cleaned(text: string, type: FieldType): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, '')
    .trim()
  return type === 'memo' ? plain : plain.replaceAll(/\s*\n\s*/g, ' ')
}

/** `12,5` is a number in many languages; where a comma may part thousands nobody can tell, and it is left as it is. */
function digitsOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.trim().replaceAll(/[\u00A0\u202F]/g, '')
  return text.replace(/^\+?(-?\d+)(?:[.,](\d{1,2}|\d{4,})|\.(\d{3}))?$/, (_, whole, some, three) => {
    const fraction = some ?? three
    return fraction === undefined ? whole : `${whole}.${fraction}`
  })
}

const readDecimal: Reader = (value) => ({ value: digitsOf(value) })

const readWhole: Reader = (value) => {
  const digits = digitsOf(value)
  if (typeof digits === 'string' && /^-?\d{16,}$/.test(digits)) return { value: digits }
  const number = typeof digits === 'string' && digits !== '' ? Number(digits) : digits
  return { value: typeof number === 'number' && Number.isFinite(number) ? Math.round(number) : value }
}

const yes: ReadonlySet<string> = new Set(['true', '1', 'yes', 'oui', 'ja'])
const no: ReadonlySet<string> = new Set(['false', '0', 'no', 'non', 'nee'])

const readBoolean: Reader = (value, { options = [] }) => {
  const word = textOf(value).trim().toLowerCase()
  const option = findOption(options, word)
  if (option) return { value: Boolean(Number(option.value)) }
  if (yes.has(word)) return { value: true }
  return { value: no.has(word) ? false : value }
}

/** A time that tells no zone is in UTC. */
function timeOf(value: unknown): Date | null {
  if (value instanceof Date) return value
  if (typeof value !== 'string') return null
  const found = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    value.trim(),
  )
  // JavaScript takes 30 February for 2 March.
  if (!found || !isCalendarDate(found[1]!)) return null
  const [, day, clock = '00:00', zone = 'Z'] = found
  const time = new Date(`${day}T${clock}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`)
  return Number.isNaN(time.getTime()) ? null : time
}

const readTime: Reader = (value) => {
  const time = timeOf(value)
  // Whole seconds, as CRMs keep them.
  return { value: time ? `${time.toISOString().slice(0, 19)}Z` : value }
}

/** The day as it is written, in the zone of whoever wrote it. */
const readDate: Reader = (value) => {
  const time = timeOf(value)
  if (!time) return { value }
  return { value: typeof value === 'string' ? value.trim().slice(0, 10) : time.toISOString().slice(0, 10) }
}

const plainWord = (text: string) => text.trim().toLowerCase()

function findOption(options: readonly Option[], word: string): Option | undefined {
  const wanted = plainWord(word)
  return (
    options.find(({ value }) => plainWord(String(value)) === wanted) ??
    options.find(({ labels }) => Object.values(labels).some((label) => plainWord(label) === wanted))
  )
}

const readChoice: Reader = (value, { options = [] }) => {
  const found = findOption(options, textOf(value))
  return { value: found ? found.value : numberWhere(value) }
}

/** A number of an option that the description does not have (yet). */
const numberWhere = (value: unknown) =>
  typeof value === 'string' && /^-?\d{1,10}$/.test(value.trim()) ? Number(value) : value

const readChoices: Reader = (value, field) => {
  const parts = Array.isArray(value) ? value : textOf(value).split(/[,;]/)
  const wanted = parts.filter((part) => !isNothing(part))
  return { value: wanted.map((part) => readChoice(part, field).value) }
}

const readers: Partial<Record<FieldType, Reader>> = {
  text: readText,
  memo: readText,
  integer: readWhole,
  bigint: readWhole,
  decimal: readDecimal,
  money: readDecimal,
  boolean: readBoolean,
  date: readDate,
  datetime: readTime,
  choice: readChoice,
  choices: readChoices,
}
