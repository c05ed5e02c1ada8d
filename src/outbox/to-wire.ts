import type { SourceTable } from '#model/field.ts'

// JSON.rawJSON is in Node 24 and not yet in TypeScript's library.
const rawJson = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON

const numbers = new Set(['bigint', 'decimal', 'money'])

/** Values as JSON.stringify is to write them: digits that a JavaScript number would lose go out as they were given. */
export function toWire(source: SourceTable, fields: Record<string, unknown>): Record<string, unknown> {
  const types = new Map(source.fields.map(({ name, type }) => [name, type]))
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const isDigits = typeof value === 'string' && numbers.has(types.get(name) ?? '')
      return [name, isDigits ? rawJson(value) : value]
    }),
  )
}
