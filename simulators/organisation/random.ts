/**
 * Everything the organisation is seeded with is a function of (seed, index, salt), so that a million rows cost no
 * memory and two simulators with the same seed hold the same rows.
 */
const HEX = Array.from({ length: 65536 }, (_, i) => i.toString(16).padStart(4, '0'))

/** A well-mixed unsigned 32-bit number. */
export function hash(seed: number, index: number, salt: number): number {
  let h = seed ^ Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 0x7f4a7c15, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return (h ^ (h >>> 15)) >>> 0
}

export function hashText(seed: number, text: string): number {
  let h = seed | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return hash(h, text.length, 0x5eed)
}

/** A version 4 GUID whose first eight digits are `prefix`: a table's rows sort by it. */
export function guid(prefix: number, seed: number, index: number): string {
  const b = hash(seed, index, 101)
  const c = hash(seed, index, 102)
  const d = hash(seed, index, 103)
  const version = 0x4000 | (b & 0x0fff)
  const variant = 0x8000 | (c >>> 18)
  return `${HEX[prefix >>> 16]}${HEX[prefix & 0xffff]}-${HEX[b >>> 16]}-${HEX[version]}-${HEX[variant]}-${HEX[c & 0xffff]}${HEX[d >>> 16]}${HEX[d & 0xffff]}`
}

/** The GUID that belongs to a name in the organisation of this seed. */
export function guidOf(seed: number, name: string): string {
  const h = hashText(seed, name)
  return guid(h, h ^ seed, name.length)
}

export function pick<T>(list: readonly T[], h: number): T {
  return list[h % list.length]!
}

/** A small generator of its own state, for what is random rather than seeded by index (churn). */
export function randomStream(seed: number): () => number {
  let n = 0
  return () => hash(seed, n++, 7) / 4294967296
}
