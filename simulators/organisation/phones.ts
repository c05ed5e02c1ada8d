import type { Country } from './countries.ts'
import { hash, pick } from './random.ts'

const JUNK = 'unknown|n/a|-|see notes|call reception|0|+|geen|000000|12|ask for Peter|tel. volgt|(none)|?'.split('|')
const EXTENSIONS = [' ext. ', ' x', ' poste ', ' Durchwahl ', ';ext=', ' #']

/** The digits of a number, country code apart. */
function digitsOf(pattern: string, h: number): string {
  let state = h
  let out = ''
  for (const c of pattern) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    if (c === '#') out += (state >>> 16) % 10
    else if (c === 'N') out += 2 + ((state >>> 16) % 8)
    else out += c
  }
  return out
}

function grouped(digits: string, separator: string, head: number): string {
  const rest = digits.slice(head)
  const pairs = rest.match(rest.length % 2 === 0 ? /../g : /^...|../g) ?? []
  return [digits.slice(0, head), ...pairs].filter(Boolean).join(separator)
}

function national(country: Country, digits: string, style: number): string {
  const head = country.cc === '1' ? 3 : digits.length > 9 ? 3 : 2
  const area = country.trunk + digits.slice(0, head)
  if (style === 0) return `(${area}) ${grouped(digits.slice(head), ' ', 3)}`
  if (style === 1) return `${area}/${grouped(digits.slice(head), '.', 3)}`
  if (style === 2) return `${area}-${digits.slice(head, head + 3)}-${digits.slice(head + 3)}`
  return country.trunk + grouped(digits, ' ', head)
}

/** A number as somebody typed it: most international, many national, some with an extension, a few no number. */
export function phone(country: Country, kind: 'mobile' | 'fixed', seed: number, index: number): string {
  const h = hash(seed, index, kind === 'mobile' ? 501 : 502)
  const digits = digitsOf(pick(country[kind], h), h)
  const style = hash(seed, index, 503) % 100
  if (style < 28) return `+${country.cc} ${grouped(digits, ' ', digits.length % 2 ? 3 : 2)}`
  if (style < 45) return `+${country.cc}${digits}`
  if (style < 55) return `00${country.cc} ${grouped(digits, ' ', 2)}`
  if (style < 75) return national(country, digits, 3)
  if (style < 82) return national(country, digits, 0)
  if (style < 87) return `+${country.cc} (0)${grouped(digits, ' ', 2)}`
  if (style < 90) return national(country, digits, 1)
  if (style < 93) return national(country, digits, 2)
  if (style < 97) return `+${country.cc}${digits}${pick(EXTENSIONS, h >>> 8)}${100 + (h % 900)}`
  if (style < 98) return `+${country.cc} ${digits} / ${country.trunk}${digits.slice(0, -1)}${(h >>> 4) % 10}`
  return pick(JUNK, h >>> 3)
}
