import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'

export type JsonObject = Record<string, unknown>

/** An option's file: JSON of one object. */
export function readJson(file: string): JsonObject {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new InvalidArgumentError(code ? `It cannot be read (${code}).` : 'It is not valid JSON.')
  }
  throw new InvalidArgumentError('It is no definition.')
}
