/** JSON with every number kept to the digit: those that JavaScript cannot hold exactly become raw JSON text. */
export function parseExact(text: string): Record<string, unknown> {
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
