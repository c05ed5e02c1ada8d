import { exactDigits } from '#core/exact-json.ts'
import type { SourceField, SourceTable } from '#model/field.ts'
import { guidOf, plainDigits } from './check-value.ts'
import type { Difference } from './write.ts'

export interface Comparison {
  differences: Difference[]
  /** Fields that were asked and cannot be read. */
  unseen: string[]
}

/** What was asked against what the CRM holds, as far as a CRM may spell the same thing otherwise. */
export function compareWritten(
  source: SourceTable,
  asked: Record<string, unknown>,
  held: Record<string, unknown>,
): Comparison {
  const byName = new Map(source.fields.map((field) => [field.name, field]))
  const comparison: Comparison = { differences: [], unseen: [] }
  for (const [name, value] of Object.entries(asked)) {
    const field = byName.get(name)
    const found = held[name]
    if (!field?.readable || found === undefined) comparison.unseen.push(name)
    else if (!isWrittenValue(value, found, field.type)) {
      comparison.differences.push({ field: name, asked: value, found: exactDigits(found) ?? found })
    }
  }
  return comparison
}

/** Whether a value that was asked is the one that the CRM holds. */
export function isWrittenValue(asked: unknown, found: unknown, type: SourceField['type']): boolean {
  if (asked === null || found === null) return isEmpty(asked) && isEmpty(found)
  const same = comparers[type] ?? ((a, b) => String(a) === String(b))
  return same(asked, found)
}

// Dataverse keeps an empty text, and choices of which none is taken, as null.
const isEmpty = (value: unknown) =>
  value === null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0)

type Compare = (asked: unknown, found: unknown) => boolean

// A text that is exactly an ISO time loses the zeros of its fraction on the way through the Web API.
const isoTime = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

function textOf(value: unknown): string {
  const text = String(value).replaceAll('\r\n', '\n').trim().normalize('NFC')
  const time = isoTime.exec(text)
  return time ? `${time[1]}${(time[2] ?? '').replace(/\.?0+$/, '')}${time[3]}` : text
}

const sameText: Compare = (asked, found) => textOf(asked) === textOf(found)

/** A CRM rounds to the precision of its column, so what it holds is compared at its own number of decimals. */
const sameNumber: Compare = (asked, found) => {
  const [wanted, held] = [digitsOf(asked), digitsOf(found)]
  if (wanted === null || held === null) return false
  return wanted === held || roundedTo(wanted, held.split('.')[1]?.length ?? 0) === held
}

const digitsOf = (value: unknown) => plainDigits(exactDigits(value) ?? value)

/** Half away from zero; digits as text. */
function roundedTo(digits: string, decimals: number): string | null {
  const [whole = '0', fraction = ''] = digits.replace('-', '').split('.')
  if (fraction.length <= decimals) return digits
  const kept = BigInt(whole + fraction.slice(0, decimals)) + (fraction.charAt(decimals) >= '5' ? 1n : 0n)
  const text = kept.toString().padStart(decimals + 1, '0')
  const point = text.length - decimals
  return plainDigits(`${digits.startsWith('-') ? '-' : ''}${text.slice(0, point)}.${text.slice(point) || '0'}`)
}

// Dataverse keeps whole seconds.
const sameTime: Compare = (asked, found) =>
  Math.floor(Date.parse(String(asked)) / 1000) === Math.floor(Date.parse(String(found)) / 1000)

// Salesforce answers 18 characters to an id of 15.
const sameId: Compare = (asked, found) => {
  const [given, held] = [idOf(asked), idOf(found)]
  return given === held || (given.length === 15 && held.length === 18 && held.startsWith(given))
}

function idOf(value: unknown): string {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : value
  return guidOf(id) ?? String(id)
}

// Choices are read as `1,2,3`.
const sameChoices: Compare = (asked, found) => choicesOf(asked) === choicesOf(found)

const choicesOf = (value: unknown) =>
  (Array.isArray(value) ? value.map(String) : String(value).split(',').filter(Boolean))
    .sort((a, b) => Number(a) - Number(b))
    .join()

const sameParties: Compare = (asked, found) => partiesOf(asked) === partiesOf(found)

const partiesOf = (value: unknown) =>
  (Array.isArray(value) ? value : [])
    .map(({ party, id }) => `${party} ${idOf(id)}`)
    .sort()
    .join()

const comparers: Partial<Record<SourceField['type'], Compare>> = {
  text: sameText,
  memo: sameText,
  decimal: sameNumber,
  money: sameNumber,
  bigint: sameNumber,
  integer: sameNumber,
  date: (asked, found) => String(asked).slice(0, 10) === String(found).slice(0, 10),
  datetime: sameTime,
  lookup: sameId,
  guid: sameId,
  choices: sameChoices,
  parties: sameParties,
}
