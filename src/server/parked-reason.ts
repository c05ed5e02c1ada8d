import type { ParkedReason } from './contract/attention.ts'

/** A parked row keeps the sentence that it was refused with; those of older versions are read as well. */
const sentences: [RegExp, ParkedReason['code']][] = [
  [/^The row is (\d+) characters long; (\d+) is the most$/, 'row_too_long'],
  [/ is (\d+) characters long; (\d+) is the most$/, 'too_long'],
  [/ is no text$/, 'not_text'],
  [/ is no date$/, 'not_date'],
  [/ is no whole number$/, 'not_whole_number'],
  [/ is no number$/, 'not_number'],
  [/ is no id$/, 'not_id'],
  [/ is neither true nor false$/, 'not_boolean'],
  [/ holds a NUL character$/, 'nul_character'],
  [/ holds half of a surrogate pair$/, 'half_character'],
  [/ has no valid id$/, 'no_id'],
  [/ has no version$/, 'no_version'],
  [/^the row is (?:not valid JSON|no object)$/, 'not_readable'],
  [/^The database refuses a value of this row: /, 'refused_by_database'],
]

/** What kind of break a parked record's sentence tells of; null for a sentence of no known kind. */
export function parkedReason(message: string): ParkedReason | null {
  for (const [pattern, code] of sentences) {
    const match = pattern.exec(message)
    if (match) return match[1] ? { code, length: Number(match[1]), most: Number(match[2]) } : { code }
  }
  return null
}
