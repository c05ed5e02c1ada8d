/** Versions as the hub tells them: numbers joined by dots, compared from left to right. */
function numbersOf(mark: string): bigint[] {
  return mark.split('.').map(BigInt)
}

/** Whether the first is an earlier version than the second; never where either has none. */
export function isEarlier(one: string | null | undefined, other: string | null | undefined): boolean {
  if (one === null || one === undefined || other === null || other === undefined) return false
  const [left, right] = [numbersOf(one), numbersOf(other)]
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const [a, b] = [left[i] ?? -1n, right[i] ?? -1n]
    if (a !== b) return a < b
  }
  return false
}
