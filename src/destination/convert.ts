import { plainNumber } from '#core/digits.ts'
import { digitsOf, exactNumber } from '#core/exact-json.ts'
import type { FieldType, SourceField } from '#model/field.ts'

/** A value as the destination's column takes it, or why it cannot be one. */
export type Converted = { value: unknown } | { problem: string }

const words: readonly FieldType[] = ['text', 'memo']
const anyText: readonly FieldType[] = [
  ...words,
  ...(['integer', 'bigint', 'decimal', 'money', 'boolean', 'date', 'datetime', 'choice', 'guid'] as const),
]
const numbers: readonly FieldType[] = ['integer', 'bigint', 'decimal', 'money', ...words]
const times: readonly FieldType[] = ['date', 'datetime', ...words]

/**
 * Which types of fields each type of column takes: the vendor's table of compatible types, and texts where they may hold
 * what the column wants; a value that does not is told of its row.
 */
export const columnTakes: Readonly<Partial<Record<FieldType, readonly FieldType[]>>> = {
  text: anyText,
  memo: anyText,
  integer: ['integer', 'bigint', ...words],
  bigint: ['integer', 'bigint', ...words],
  decimal: numbers,
  money: numbers,
  boolean: ['boolean', ...words],
  date: times,
  datetime: times,
  choice: ['choice', ...words],
  guid: ['guid', ...words],
  lookup: ['lookup', 'guid', ...words],
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * By the vendor's table of compatible types: text takes whatever has a text, numbers take numbers, dates dates. `from` is
 * the field as its own CRM describes it, where choices have labels.
 */
export function convert(value: unknown, to: SourceField, from: SourceField | undefined): Converted {
  const plain = plainOf(value)
  if (plain === null || plain === undefined || plain === '') return { value: null }
  const converted = converters[to.type]?.(plain, to, from)
  return converted ?? { problem: `a ${to.type} column takes no such value` }
}

/** Some CRMs answer `{ value, … }` or `{ value, display_value }` for a reference or a choice. */
function plainOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return 'value' in value ? value.value : value
}

type Converter = (value: unknown, to: SourceField, from: SourceField | undefined) => Converted | undefined

const toText: Converter = (value, to, from) => {
  const text = textOf(value, from)
  if (text === null) return undefined
  if (to.maxLength !== undefined && text.length > to.maxLength) {
    return { problem: `its ${text.length} characters are more than the ${to.maxLength} that the column takes` }
  }
  return { value: text }
}

/** A number as its CRM wrote it: `0.50` stays so. */
function textOf(value: unknown, from: SourceField | undefined): string | null {
  const digits = digitsOf(value)
  const option = from?.type === 'choice' ? from.options?.find((one) => isOption(one.value, value, digits)) : undefined
  if (option) return option.labels.en ?? Object.values(option.labels)[0] ?? String(option.value)
  if (typeof value === 'string') return value
  return digits ?? (typeof value === 'boolean' ? String(value) : null)
}

const isOption = (option: number | string, value: unknown, digits: string | undefined): boolean =>
  option === value || (typeof option === 'number' && digits !== undefined && plainNumber(digits) === String(option))

const most: Partial<Record<FieldType, bigint>> = { integer: 2n ** 31n - 1n, bigint: 2n ** 63n - 1n }

/** Exactly, and the same number always alike: a row is written anew when what is written of it is another text. */
const toNumber: Converter = (value, to) => {
  const digits = plainNumber(typeof value === 'string' ? value.trim() : (digitsOf(value) ?? ''))
  if (digits === null) return undefined
  const limit = most[to.type]
  if (limit === undefined) return { value: exactNumber(digits) }
  if (digits.includes('.')) return undefined
  const whole = BigInt(digits)
  if (whole > limit || whole < -limit - 1n) return { problem: 'the number is too large' }
  return { value: exactNumber(digits) }
}

const toBoolean: Converter = (value) => {
  if (typeof value === 'boolean') return { value }
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  return text === 'true' || text === 'false' ? { value: text === 'true' } : undefined
}

/** A time without a zone, as ServiceNow writes it, is in UTC. */
function timeOf(value: unknown): Date | null {
  if (typeof value !== 'string') return null
  const text = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(value) ? `${value.replace(' ', 'T')}Z` : value
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : new Date(ms)
}

const toDate: Converter = (value) => (timeOf(value) === null ? undefined : { value: String(value).slice(0, 10) })

const toTime: Converter = (value) => {
  const time = timeOf(value)
  return time === null ? undefined : { value: `${time.toISOString().slice(0, 19)}Z` }
}

/** Numbers of choices differ from organisation to organisation: the label decides. */
const toChoice: Converter = (value, to, from) => {
  const label = textOf(value, from)
  const found = optionOf(to, label ?? '')
  if (found !== null) return { value: found }
  return { problem: `the column has no choice “${label}”` }
}

export function optionOf(field: SourceField, label: string): number | null {
  const wanted = label.trim().toLowerCase()
  const found = field.options?.find(({ labels }) =>
    Object.values(labels).some((text) => text.trim().toLowerCase() === wanted),
  )
  return typeof found?.value === 'number' ? found.value : null
}

const converters: Partial<Record<SourceField['type'], Converter>> = {
  text: toText,
  memo: toText,
  integer: toNumber,
  bigint: toNumber,
  decimal: toNumber,
  money: toNumber,
  boolean: toBoolean,
  date: toDate,
  datetime: toTime,
  choice: toChoice,
  guid: (value) => (typeof value === 'string' && guid.test(value) ? { value: value.toLowerCase() } : undefined),
}
