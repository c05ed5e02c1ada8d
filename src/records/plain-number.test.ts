import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js'
import { readPlainNumber } from './plain-number.ts'

/** The same numbers at every run: a failure can be looked into. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const separators = ['', '', '', ' ', '-', '.', '/', ' (', ') ']

function digits(random: (below: number) => number, length: number): string {
  let text = ''
  for (let i = 0; i < length; i += 1) text += `${random(10)}${separators[random(separators.length * 4)] ?? ''}`
  return text
}

const possible = (text: string, country?: (typeof countries)[number]) => {
  const number = parsePhoneNumberFromString(text, country)
  return number?.isPossible() ? number.number : null
}
const countries = getCountries()

test('plain numbers of every country are read as libphonenumber reads them', () => {
  const random = generator(7)
  const wrong: string[] = []
  let plain = 0
  let tooLong = 0
  const compare = (text: string, country?: (typeof countries)[number]) => {
    const read = readPlainNumber(text, country)
    if (read === undefined) return
    if (read === null) tooLong += 1
    else plain += 1
    const right = possible(text, country)
    if (read !== right) wrong.push(`${text} ${country ?? ''}: ${read}, not ${right}`)
  }
  for (const country of countries) {
    for (let i = 0; i < 250; i += 1) {
      const rest = digits(random, 4 + random(18))
      compare(`+${getCountryCallingCode(country)}${separators[random(9)]}${rest}`)
      compare(`${['0', '', '1', '8', '00', '(0', getCountryCallingCode(country)][random(7)]}${rest}`, country)
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(plain > 10_000, `only ${plain} were read`)
  assert.ok(tooLong > 10_000, `only ${tooLong} were found too long`)
})

test('usual numbers of large countries are plain', () => {
  const numbers = [
    ['+32 470 12 34 56', undefined],
    ['+44 20 7946 0958', undefined],
    ['+1 (213) 373-4253', undefined],
    ['0470/12.34.56', 'BE'],
    ['02 512 34 56', 'BE'],
    ['01 42 68 53 00', 'FR'],
    ['030 123456', 'DE'],
    ['0791 149 48 37', 'GB'],
    ['(213) 373-4253', 'US'],
    ['(043) 804 02 31', 'AU'],
    ['138 52 49 51 87', 'CN'],
    ['(11) 98765-4321', 'BR'],
  ] as const
  for (const [text, country] of numbers) {
    assert.equal(readPlainNumber(text, country), possible(text, country), text)
    assert.equal(typeof readPlainNumber(text, country), 'string', text)
  }
})

test('what needs more than the plan is left alone', () => {
  for (const text of [
    '+32 470 12 34 56 ext. 7',
    '+32(0)470123456x',
    'tel:+32470123456',
    '+999123456',
    '１２３４５６７８',
  ]) {
    assert.equal(readPlainNumber(text, undefined), undefined, text)
  }
})
