import type { SourceField } from '#model/field.ts'
import { isCalendarDate } from '#records/check-row.ts'

/** A canonical value, or what is wrong with the given one (to be read after the field's name). */
export type Checked = { value: unknown } | { wrong: string }

type Check = (value: unknown, field: SourceField) => Checked

const guidPattern = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i
const zonedPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})$/
const decimalPattern = /^-?\d{1,28}(\.\d{1,10})?$/
const longestInt32 = 2_147_483_647
const longestInt64 = 2n ** 63n - 1n

const wrong = (text: string): Checked => ({ wrong: text })

/** A GUID in lower case without braces, or null. */
export function guidOf(value: unknown): string | null {
  const found = typeof value === 'string' ? guidPattern.exec(value) : null
  return found?.[1]?.toLowerCase() ?? null
}

const text: Check = (value, field) => {
  if (typeof value !== 'string') return wrong('takes a text')
  if (value.includes('\0') || !value.isWellFormed()) return wrong('holds a character that no CRM can keep')
  const limit = field.maxLength
  if (limit !== undefined && value.length > limit) {
    return wrong(`takes at most ${limit} characters; ${value.length} were given`)
  }
  return { value }
}

const integer: Check = (value) =>
  Number.isInteger(value) && Math.abs(value as number) <= longestInt32 ? { value } : wrong('takes a whole number')

const bigint: Check = (value) => {
  const digits = Number.isSafeInteger(value) ? String(value) : typeof value === 'bigint' ? value.toString() : value
  if (typeof digits !== 'string' || !/^-?\d{1,19}$/.test(digits)) return wrong('takes a whole number')
  const exact = BigInt(digits)
  if (exact > longestInt64 || exact < -longestInt64 - 1n) return wrong('takes a whole number of 64 bits')
  return { value: Number.isSafeInteger(Number(exact)) ? Number(exact) : exact.toString() }
}

/** Digits without an exponent, leading plus or trailing zeros: the same number is the same text. Null for no number. */
export function plainDigits(value: unknown): string | null {
  const given = typeof value === 'number' || typeof value === 'bigint' ? expanded(String(value)) : value
  if (typeof given !== 'string' || !/^-?\d+(\.\d+)?$/.test(given)) return null
  const [whole = '0', fraction = ''] = given.replace('-', '').split('.')
  const digits = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`.replace(/\.$/, '')
  return given.startsWith('-') && digits !== '0' ? `-${digits}` : digits
}

/** `1e21` and `1e-7` as JavaScript writes them, written out. */
function expanded(text: string): string {
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!found) return text
  const [, sign = '', head = '', tail = '', power = '0'] = found
  const digits = head + tail
  const point = 1 + Number(power)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0').slice(0, point)}.${digits.slice(point) || '0'}`
}

// A text of digits is kept as it is only where a JavaScript number would lose some of them.
const decimal: Check = (value) => {
  const digits = plainDigits(value)
  if (digits === null || !decimalPattern.test(digits)) return wrong('takes a number')
  return { value: plainDigits(Number(digits)) === digits ? Number(digits) : digits }
}

const choice: Check = (value, field) => {
  const known = field.options ?? []
  const byText = known.some((option) => typeof option.value === 'string')
  if (byText ? typeof value !== 'string' : !Number.isInteger(value)) {
    return wrong(byText ? 'takes the name of an option' : 'takes the number of an option')
  }
  if (known.length === 0 || known.some((option) => option.value === value)) return { value }
  return wrong(`has no option ${value}; it has ${known.map((option) => option.value).join(', ')}`)
}

const choices: Check = (given, field) => {
  // As it is shown, so may it be handed back.
  const value = typeof given === 'string' && /^-?\d+(,\s*-?\d+)*$/.test(given) ? given.split(',').map(Number) : given
  if (!Array.isArray(value)) return wrong('takes a list of the numbers of options')
  const bad = value.map((one) => choice(one, field)).find((checked) => 'wrong' in checked)
  return bad ?? { value: [...new Set(value)].sort((a, b) => a - b) }
}

const date: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && isCalendarDate(value)
    ? { value }
    : wrong('takes a date such as 2026-02-28')

const datetime: Check = (value) => {
  if (typeof value !== 'string' || !zonedPattern.test(value) || !isCalendarDate(value)) {
    return wrong('takes a time with its zone, such as 2026-02-28T09:30:00Z')
  }
  return { value: new Date(value).toISOString().replace('.000Z', 'Z') }
}

const guid: Check = (value) => {
  const id = guidOf(value)
  return id ? { value: id } : wrong('takes an id such as 49b0be2e-d01c-ed11-b83e-000d3a572421')
}

// Salesforce's ids, of 15 characters or 18; where a record is pointed at by its address there are GUIDs alone.
const shortId = /^[a-z0-9]{15}(?:[a-z0-9]{3})?$/i

/** For an id of another form the CRM would refuse all that is written with it. */
const isId = (id: string, { binds }: SourceField) => guidOf(id) !== null || (!binds && shortId.test(id))

// `entity` names the CRM's table here: the hub's names were translated before.
const lookup: Check = (value, field) => {
  const targets = field.targets ?? []
  const given = typeof value === 'string' ? { entity: targets.length === 1 ? targets[0] : undefined, id: value } : value
  if (typeof given !== 'object' || given === null) return wrong('takes {"entity": …, "id": …}')
  const { entity, id } = given as { entity?: unknown; id?: unknown }
  if (typeof entity !== 'string') return wrong(`takes {"entity": …, "id": …} of ${targets.join(' or ')}`)
  if (targets.length > 0 && !targets.includes(entity))
    return wrong(`points at ${targets.join(' or ')}, not at ${entity}`)
  if (typeof id !== 'string' || !isId(id, field)) return wrong('takes the id of a record')
  return { value: { entity, id: guidOf(id) ?? id } }
}

/** More than any conversation has; the CRM takes them with their activity. */
const mostParties = 100

const parties: Check = (value, field) => {
  if (!Array.isArray(value) || value.length > mostParties) return wrong('takes a list of parties')
  const checked = value.map((one) => {
    const { party } = (typeof one === 'object' && one !== null ? one : {}) as { party?: unknown }
    if (party !== 'from' && party !== 'to') return wrong('takes {"party": "from" or "to", "entity": …, "id": …}')
    const target = lookup(one, field)
    return 'wrong' in target ? target : { value: { party, ...(target.value as object) } }
  })
  return checked.find((one) => 'wrong' in one) ?? { value: checked.map((one) => (one as { value: unknown }).value) }
}

const checks: Record<SourceField['type'], Check> = {
  text,
  memo: text,
  integer,
  bigint,
  decimal,
  money: decimal,
  boolean: (value) => (typeof value === 'boolean' ? { value } : wrong('takes true or false')),
  date,
  datetime,
  choice,
  choices,
  lookup,
  guid,
  parties,
  other: () => wrong('is of a type that cannot be written'),
}

/** Checks one value against the CRM's own description of its field; null clears a field. */
export function checkValue(value: unknown, field: SourceField): Checked {
  return value === null && field.type !== 'other' ? { value: null } : checks[field.type](value, field)
}
