import { HubError } from '#core/errors.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/**
 * An id in its form of 18 characters, or null. That of 15 is case-sensitive; the three more say which letters are
 * capital, so that 18 in any case lead to the one spelling.
 */
export function longId(id: string): string | null {
  if (/^[0-9A-Za-z]{15}$/.test(id)) return id + suffixOf(id)
  if (!/^[0-9A-Za-z]{18}$/.test(id)) return null
  // As the CRM itself spells each of its rows.
  if (suffixOf(id) === id.slice(15)) return id
  const suffix = id.slice(15).toUpperCase()
  const capitals = [...suffix].map((letter) => alphabet.indexOf(letter))
  if (capitals.includes(-1)) return null
  const short = [...id.slice(0, 15)].map((letter, at) =>
    (capitals[Math.floor(at / 5)]! >> (at % 5)) & 1 ? letter.toUpperCase() : letter.toLowerCase(),
  )
  const spelt = short.join('')
  return suffixOf(spelt) === suffix ? spelt + suffix : null
}

const isCapital = (code: number) => code >= 65 && code <= 90

function suffixOf(short: string): string {
  let suffix = ''
  for (let from = 0; from < 15; from += 5) {
    let bits = 0
    for (let at = 0; at < 5; at += 1) if (isCapital(short.charCodeAt(from + at))) bits |= 1 << at
    suffix += alphabet[bits]
  }
  return suffix
}

export function canonicalId(id: string): string {
  const long = longId(id)
  if (long) return long
  throw new HubError('input.invalid', 'an id of a Salesforce record has 15 or 18 letters and digits', {
    field: 'sourceId',
  })
}
