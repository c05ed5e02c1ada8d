/**
 * The CRM's own version of a record: a tuple of integers compared from left to right, higher is later. Marks of one
 * table share a scale; marks of different tables or CRMs are never compared, and the hub's clock is never a mark.
 */
export type Mark = readonly bigint[]

/** Negative when `a` is older than `b`, 0 when equal, positive when later. */
export function compareMarks(a: Mark, b: Mark): number {
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const left = a[i] ?? -1n
    const right = b[i] ?? -1n
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

/** As Postgres reads a bigint[]. */
export function markLiteral(mark: Mark): string {
  return `{${mark.join(',')}}`
}
