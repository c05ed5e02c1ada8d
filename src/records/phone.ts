import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import { readPlainNumber } from './plain-number.ts'

/** A telephone number as it is looked up. */
export interface PhoneKey {
  /** 'p': E.164, its digits reversed. 'n': the digits reversed of a number that no country hint completed. */
  kind: 'p' | 'n'
  value: string
  /** As dialled; null for kind 'n'. */
  e164: string | null
  extension: string | null
}

/** Fewer digits than this do not tell callers apart: not indexed, not matched by suffix. */
export const shortestSuffix = 7
// E.164 allows 15 digits; some room for what people add in front.
const longestNumber = 20
// Nobody writes a number this long; a field that holds a story is no number.
const longestText = 64

export function reversed(digits: string): string {
  let text = ''
  for (let i = digits.length - 1; i >= 0; i -= 1) text += digits[i]
  return text
}

const twoDigits = /\p{Nd}\P{Nd}*\p{Nd}/u

/** Whether the number is written with its country: `+32…`, `0032…`, `tel:+32…`, `(+32) …`. */
export function isInternational(text: string): boolean {
  return /^[\s(]*(?:tel:)?[\s(]*(?:\+|00)/i.test(text)
}

// What people of other languages than English write before an extension, which libphonenumber takes for no number at all.
const namedExtension =
  /^(.*\d\)?)[\s,;]*(?:poste|toestel|tst\.?|durchwahl|dw\.?|klappe|interno|anexo|ramal|wewn\.?|anknytning)[\s:.]*(\d{1,7})$/i
// As libphonenumber takes each of them; other forms are left to it.
const plainExtension = /^([^;x#e]*\d)(?:;ext=| (?:ext\. |x|#))(\d{1,5})$/

/** Reads a number in any notation; `countries` are hints for national notation, best first. Null when it is no number. */
export function readPhone(text: string, countries: readonly string[]): PhoneKey | null {
  if (text.length > longestText || !twoDigits.test(text)) return null
  const [, number, extension] = namedExtension.exec(text) ?? []
  if (number === undefined || extension === undefined) return readNumber(text, countries)
  const phone = readNumber(number, countries)
  return phone && { ...phone, extension }
}

function readNumber(text: string, countries: readonly string[]): PhoneKey | null {
  const international = isInternational(text)
  const written = international && text[0] !== '+' ? text.replace(/^[^+0]*(?:00|\+)/i, '+') : text
  // "+32 (0)470": the zero is dialled only inside the country.
  const plain = written.includes('(0)') ? written.replace('(0)', '') : written
  const [, main = plain, extension = null] = plainExtension.exec(plain) ?? []
  for (const country of international ? [undefined] : countries) {
    const e164 = readPlainNumber(main, country)
    if (e164 === null) continue
    if (e164 !== undefined) return { kind: 'p', value: reversed(e164.slice(1)), e164, extension }
    const number = parsePhoneNumberFromString(plain, country as CountryCode | undefined)
    if (!number?.isPossible()) continue
    return { kind: 'p', value: reversed(number.number.slice(1)), e164: number.number, extension: number.ext ?? null }
  }
  const digits = text.replace(/(?:ext\.?|x|#).*$/i, '').replace(/\D/g, '')
  if (digits.length < shortestSuffix || digits.length > longestNumber) return null
  return { kind: 'n', value: reversed(digits.replace(/^0+/, '')), e164: null, extension: null }
}

/** True for an ISO 3166 code that national numbers can be completed with. */
export function isPhoneCountry(code: string): boolean {
  return isSupportedCountry(code)
}

/** How people write a number, for CRMs that find what is written to the letter: not all ways, but the usual ones. */
export function notations(text: string): string[] {
  const number = parsePhoneNumberFromString(text)
  if (!number) return [text]
  const { number: e164, nationalNumber } = number
  const national = number.formatNational()
  return [
    ...new Set([
      ...[e164, `00${e164.slice(1)}`, number.formatInternational(), national],
      ...[national.replace(/\D/g, ''), nationalNumber],
    ]),
  ]
}
