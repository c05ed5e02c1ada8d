// No CRM keeps numbers of more digits; without a bound `1e999999999` would fill the memory.
const mostDigits = 400
const written = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/

/**
 * A number's digits without an exponent, a plus or needless zeros: the same number is the same text. Null for what is no
 * number, or is beyond all measure.
 */
export function plainNumber(text: string): string | null {
  const found = text.length > mostDigits ? null : written.exec(text)
  const [, sign = '', whole = '', fraction = '', power = '0'] = found ?? []
  const shift = Number(power)
  if (whole + fraction === '' || Math.abs(shift) > mostDigits) return null
  const digits = (whole + fraction).padStart(Math.max(0, -shift) + 1, '0')
  const point = digits.length - fraction.length + shift
  const padded = digits.padEnd(point, '0')
  const left = padded.slice(0, Math.max(point, 0)).replace(/^0+(?=\d)/, '') || '0'
  const right = withoutZerosAtEnd(point < 0 ? '0'.repeat(-point) + padded : padded.slice(point))
  const plain = right === '' ? left : `${left}.${right}`
  return sign === '-' && plain !== '0' ? `-${plain}` : plain
}

function withoutZerosAtEnd(digits: string): string {
  let end = digits.length
  while (digits.charAt(end - 1) === '0') end -= 1
  return digits.slice(0, end)
}
