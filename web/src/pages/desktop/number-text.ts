/** Country calling codes of one digit, and those of two; every other has three. */
const SHORT = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

/** How digits after the country are grouped when nothing is known of the country: as they are easily read out. */
const groups: Record<number, number[]> = {
  6: [2, 2, 2],
  7: [3, 2, 2],
  8: [2, 2, 2, 2],
  9: [3, 2, 2, 2],
  10: [3, 3, 4],
  11: [3, 4, 4],
}

/** Those whose people group otherwise. */
const own: Record<string, number[]> = { '33': [1, 2, 2, 2, 2], '31': [1, 2, 2, 2, 2], '44': [4, 3, 3] }

/** `+32470123456` → `+32 470 12 34 56`; what is in no international notation stays as it came. */
export function numberText(address: string): string {
  const digits = /^\+(\d{7,15})$/.exec(address)?.[1]
  if (!digits) return address
  const country = SHORT.exec(digits)?.[0] ?? digits.slice(0, 3)
  const rest = digits.slice(country.length)
  const fits = own[country]
  const sizes = fits && sum(fits) === rest.length ? fits : groups[rest.length]
  if (!sizes) return `+${country} ${rest}`
  let at = 0
  const parts = sizes.map((size) => {
    at += size
    return rest.slice(at - size, at)
  })
  // No-break spaces: a number that breaks over two lines is misread.
  return [`+${country}`, ...parts].join('\u00a0')
}

const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0)
