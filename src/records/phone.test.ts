import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { countryCode } from './country.ts'
import { readPhone, reversed } from './phone.ts'

const published = new URL('../../../shared/data/phone-numbers/e164-by-region.csv', import.meta.url)

test('numbers of every region are read, national with the hint of their country', {
  skip: existsSync(published) ? false : 'the published numbers are not here: ../shared/data',
}, () => {
  const lines = readFileSync(published, 'utf8').trim().split(/\r?\n/).slice(1)
  const wrong: string[] = []
  for (const line of lines) {
    const [region, , national, international, rfc3966, e164] = line.split(',')
    for (const [text, countries] of [
      [national!, [region!]],
      [international!, []],
      [rfc3966!, []],
    ] as const) {
      const read = readPhone(text, countries)
      if (read?.e164 !== e164) wrong.push(`${region} ${text} → ${read?.e164 ?? 'none'}, not ${e164}`)
    }
  }
  assert.ok(lines.length > 300)
  assert.deepEqual(wrong, [])
})

test('the zero in brackets is dialled inside the country only', () => {
  assert.equal(readPhone('+32 (0)470-12 34 56', [])?.e164, '+32470123456')
})

test('an extension is told from its number as libphonenumber tells it', () => {
  const numbers = [
    ['+32 470 12 34 56', []],
    ['+1 (213) 373-4253', []],
    ['+49 30 123456', []],
    ['0470/12.34.56', ['BE']],
    ['(213) 373-4253', ['US']],
    ['01 42 68 53 00', ['FR']],
    ['+32 470 12 34 56 78 90 12 34', []],
  ] as const
  for (const [number, countries] of numbers) {
    for (const form of [';ext=', ' ext. ', ' x', ' #', 'x', ' ext ']) {
      for (const extension of ['1', '42', '554', '90210', '1234567']) {
        const text = `${number}${form}${extension}`
        const right = parsePhoneNumberFromString(text, countries[0])
        const read = readPhone(text, countries)
        const wanted = right?.isPossible() ? [right.number, right.ext ?? null] : [null, null]
        assert.deepEqual([read?.e164 ?? null, read?.extension ?? null], wanted, text)
      }
    }
  }
})

test('an extension is told from its number in other languages too', () => {
  for (const form of [' poste ', ' toestel ', ', tst. ', ' Durchwahl ', ' DW: ', ' Klappe ', ' interno ', ' ramal ']) {
    const read = readPhone(`+32 (0)2 308 72 90${form}505`, [])
    assert.deepEqual([read?.e164, read?.extension], ['+3223087290', '505'], form)
    assert.equal(readPhone(`(02) 308 72 90${form}505`, ['BE'])?.e164, '+3223087290', form)
    assert.equal(readPhone(`0470 12 34 56${form}505`, [])?.value, reversed('470123456'), form)
  }
})

test('without a hint the digits are kept for a match by their end', () => {
  assert.deepEqual(readPhone('0470 12 34 56', []), {
    kind: 'n',
    value: reversed('470123456'),
    e164: null,
    extension: null,
  })
})

test('what is no number is none', () => {
  for (const text of [
    '',
    'n/a',
    '12',
    'see notes',
    '+',
    '-',
    '0'.repeat(30),
    'call me on monday between nine and ten or later in the afternoon, 5551234',
  ]) {
    assert.equal(readPhone(text, ['BE']), null, text)
  }
})

test('countries are known by code and by name in many languages', () => {
  assert.deepEqual(['Belgium', 'België', 'Belgique', 'be', 'Deutschland', 'UK', 'nowhere'].map(countryCode), [
    'BE',
    'BE',
    'BE',
    'BE',
    'DE',
    'GB',
    null,
  ])
})
