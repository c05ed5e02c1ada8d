import { payload } from './errors.ts'

/** A number as it was written: `JSON.parse` would lose digits of money and of big integers. */
type Digits = { digits: string }
export type Json = string | boolean | null | Digits | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export const isDigits = (value: Json | undefined): value is Digits =>
  typeof value === 'object' && value !== null && 'digits' in value && Object.keys(value).length === 1

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown

const keepDigits: Reviver = (_key, value, context) =>
  typeof value === 'number' ? { digits: context.source ?? String(value) } : value

export function parseBody(set: string, text: string): JsonObject {
  let body: unknown
  try {
    body = JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
  } catch (error) {
    throw payload(set, `Microsoft.OData.ODataException: ${(error as Error).message}`)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw payload(
      set,
      'Microsoft.OData.ODataException: An unexpected node was found when reading from the JSON reader.',
    )
  return body as JsonObject
}
