import { exactDigits } from '#core/exact-json.ts'
import type { RawRow } from '#model/reading.ts'
import type { DefinedField } from './definition.ts'
import { isObject } from './paths.ts'
import { valuesOf } from './row-values.ts'

/** A field as the first records show it. */
export interface SeenField extends DefinedField {
  /** What it is likely to be. */
  role: 'phone' | 'email' | 'name' | 'country' | 'modified' | 'id' | null
  /** One of its values, shortened. */
  sample: string | null
}

const deepest = 3
/** Of a list within a record, such as its telephone numbers. */
const mostItems = 3
const mostFields = 200
const longestSample = 80

/** Paths, types and likely uses of what the first records hold. */
export function suggestFields(rows: readonly RawRow[], entities: readonly string[]): SeenField[] {
  const values = new Map<string, unknown[]>()
  for (const raw of rows) collect(values, '', safeValues(raw), 0)
  return [...values].slice(0, mostFields).map(([path, seen]) => fieldOf(path, seen, entities))
}

function safeValues(raw: RawRow): unknown {
  try {
    return valuesOf(raw)
  } catch {
    return {}
  }
}

function collect(values: Map<string, unknown[]>, path: string, value: unknown, depth: number): void {
  if (exactDigits(value) === undefined && isObject(value) && depth < deepest) {
    for (const [name, member] of Object.entries(value)) {
      // A name with a dot or a bracket cannot be told from a path.
      if (/[.[\]\s]/.test(name) || name === '') continue
      collect(values, path === '' ? name : `${path}.${name}`, member, depth + 1)
    }
    return
  }
  if (Array.isArray(value) && depth < deepest) {
    for (const [i, item] of value.slice(0, mostItems).entries()) collect(values, `${path}[${i}]`, item, depth + 1)
    return
  }
  const seen = values.get(path)
  if (seen) seen.push(value)
  else values.set(path, [value])
}

function fieldOf(path: string, seen: readonly unknown[], entities: readonly string[]): SeenField {
  const present = seen.filter((value) => value !== null && value !== '')
  const target = targetOf(path, entities)
  const type = target ? 'lookup' : typeOf(present)
  return {
    path,
    type,
    ...(target ? { entities: [target] } : {}),
    role: roleOf(path, type, present),
    sample: sampleOf(present[0]),
  }
}

const isoTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/
const isoDate = /^\d{4}-\d{2}-\d{2}$/

function typeOf(present: readonly unknown[]): DefinedField['type'] {
  const all = (fits: (value: unknown) => boolean) => present.length > 0 && present.every(fits)
  const isNumber = (value: unknown) => typeof value === 'number' || exactDigits(value) !== undefined
  if (all((value) => typeof value === 'boolean')) return 'boolean'
  if (all((value) => isNumber(value) && /^-?\d+$/.test(exactDigits(value) ?? String(value)))) return 'integer'
  if (all(isNumber)) return 'decimal'
  if (all((value) => typeof value === 'string' && isoTime.test(value))) return 'datetime'
  if (all((value) => typeof value === 'string' && isoDate.test(value))) return 'date'
  if (present.some((value) => typeof value === 'object' && exactDigits(value) === undefined)) return 'other'
  return present.some((value) => String(value).length > 1_000) ? 'memo' : 'text'
}

const emailForm = /^[^@\s]+@[^@\s]+\.[^@\s]+$/

function roleOf(path: string, type: string, present: readonly unknown[]): SeenField['role'] {
  const last = lastName(path)
  if (/^(?:id|uuid|guid|_id|sys_id)$/.test(last) && !path.includes('.')) return 'id'
  if (type === 'datetime' && /(?:modified|updated|changed)/.test(last)) return 'modified'
  if (type !== 'text') return null
  const texts = present.filter((value) => typeof value === 'string')
  if (texts.length > 0 && texts.every((text) => emailForm.test(text))) return 'email'
  if (/phone|mobile|cell|(?:^|_)tel(?:$|_|\d)|msisdn/.test(last) && !/type|ext/.test(last)) return 'phone'
  if (/phone/.test(path.toLowerCase()) && /^(?:number|value)$/.test(last)) return 'phone'
  if (/country/.test(last)) return 'country'
  return /^(?:full_?name|display_?name|name|title|subject|first_?name|last_?name|surname|given_?name)$/.test(last)
    ? 'name'
    : null
}

/** In snake_case, so that one pattern fits all spellings. */
function lastName(path: string): string {
  const last = path
    .split('.')
    .at(-1)!
    .replace(/\[\d+\]$/, '')
  return last.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
}

const synonyms: Record<string, string> = {
  company: 'account',
  organization: 'account',
  organisation: 'account',
  customer: 'account',
  person: 'contact',
  owner: 'user',
}

function targetOf(path: string, entities: readonly string[]): string | null {
  const name = /^(.+?)_?id$/.exec(lastName(path))?.[1] ?? ''
  const entity = synonyms[name] ?? name
  return entities.includes(entity) ? entity : null
}

function sampleOf(value: unknown): string | null {
  if (value === undefined) return null
  return (exactDigits(value) ?? (typeof value === 'string' ? value : JSON.stringify(value))).slice(0, longestSample)
}
