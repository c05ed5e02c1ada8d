import { HubError } from '#core/errors.ts'

/** A row's members; throws `record.invalid` where it has none. */
export function parseRow(text: string, parse: (text: string) => unknown = JSON.parse): Record<string, unknown> {
  let value: unknown
  try {
    value = parse(text)
  } catch {
    // Rows are checked when they are cut out of their page, so this text came another way.
    throw new HubError('record.invalid', 'the row is not valid JSON')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new HubError('record.invalid', 'the row is no object')
}

// NUL and the surrogates as JSON writes them; a blunt first look, since they are rare.
const suspectEscape = /\\u(?:0000|[dD][89a-fA-F])/

/** Throws `record.invalid` naming the member of a row, written as `text`, that holds what cannot be stored. */
export function refuseUnstorable(text: string, values: Record<string, unknown>, row: string): void {
  if (!text.includes('\\u') || !suspectEscape.test(text)) return
  for (const [field, value] of Object.entries(values)) {
    const reason = unstorable(field) ?? unstorable(value)
    if (reason === undefined) continue
    const name = field.toWellFormed().replaceAll('\0', '\ufffd')
    throw new HubError('record.invalid', `${row}: ${name} holds ${reason}`, { field: name })
  }
}

/** Postgres keeps neither NUL nor half a surrogate pair, and putting something in their place would be a silent change. */
function unstorable(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'a NUL character'
    return value.isWellFormed() ? undefined : 'half of a surrogate pair'
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const reason = unstorable(key) ?? unstorable(member)
    if (reason !== undefined) return reason
  }
  return undefined
}
