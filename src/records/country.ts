import { isPhoneCountry } from './phone.ts'

const languages = [
  'en',
  'fr',
  'nl',
  'de',
  'es',
  'it',
  'pt',
  'pl',
  'sv',
  'da',
  'nb',
  'fi',
  'ja',
  'zh',
  'ar',
  'el',
  'tr',
  'cs',
  'ru',
]
// Names people write that are in no list of region names.
const alsoWritten: Record<string, string> = {
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'great britain': 'GB',
  usa: 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  america: 'US',
  holland: 'NL',
  'the netherlands': 'NL',
  'czech republic': 'CZ',
  korea: 'KR',
}

let names: Map<string, string> | undefined

function regionNames(): Map<string, string> {
  if (names) return names
  names = new Map(Object.entries(alsoWritten))
  for (let a = 65; a <= 90; a += 1) {
    for (let b = 65; b <= 90; b += 1) {
      const code = String.fromCharCode(a, b)
      if (isPhoneCountry(code)) addNames(names, code)
    }
  }
  return names
}

const displays = languages.map((language) => new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }))

function addNames(into: Map<string, string>, code: string): void {
  into.set(code.toLowerCase(), code)
  for (const display of displays) {
    const name = display.of(code)
    if (name) into.set(name.toLowerCase(), code)
  }
}

/** The ISO 3166 code of a country written as a code or a name in the languages we know; null when unknown. */
export function countryCode(text: string): string | null {
  return regionNames().get(text.trim().toLowerCase()) ?? null
}
