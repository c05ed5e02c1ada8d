/** Ids of 15 characters that tell case apart, and of 18 with a checksum for those who do not. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

function checksum(id: string): string {
  let out = ''
  for (let part = 0; part < 15; part += 5) {
    let bits = 0
    for (let i = 0; i < 5; i++) {
      const c = id.charCodeAt(part + i)
      if (c >= 65 && c <= 90) bits |= 1 << i
    }
    out += CHECK[bits]
  }
  return out
}

/** The id of the n-th row of an object in the organisation of this instance (two characters). */
export function makeId(prefix: string, instance: string, n: number): string {
  let rest = n
  let number = ''
  for (let i = 0; i < 9; i++) {
    number = DIGITS[rest % 62] + number
    rest = Math.floor(rest / 62)
  }
  const short = `${prefix}${instance}0${number}`
  return short + checksum(short)
}

/** Which row of its object an id counts. */
export function numberOf(id: string): number {
  let n = 0
  for (let i = 6; i < 15; i++) n = n * 62 + DIGITS.indexOf(id[i]!)
  return n
}

/** The two characters that tell this organisation's ids from another's. */
export const instanceOf = (seed: number) => DIGITS[10 + (Math.abs(seed) % 52)]! + DIGITS[Math.abs(seed * 7 + 3) % 62]!

/** 18 characters of either form; null for what is no id. */
export function longId(given: unknown): string | null {
  if (typeof given !== 'string') return null
  if (/^[0-9A-Za-z]{15}$/.test(given)) return given + checksum(given)
  if (!/^[0-9A-Za-z]{18}$/.test(given)) return null
  const restored = restoreCase(given)
  return checksum(restored) === given.slice(15).toUpperCase() ? restored + given.slice(15).toUpperCase() : null
}

/** Letters that a program without case has spoilt take their case from the checksum. */
function restoreCase(id: string): string {
  let out = ''
  for (let i = 0; i < 15; i++) {
    const upper = (CHECK.indexOf(id[15 + Math.floor(i / 5)]!.toUpperCase()) >>> (i % 5)) & 1
    const c = id[i]!
    out += /[A-Za-z]/.test(c) ? (upper ? c.toUpperCase() : c.toLowerCase()) : c
  }
  return out
}
