import { hash, timingSafeEqual } from 'node:crypto'

/** Compared by their hashes in constant time, so that neither content nor length can be found by trying. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), digestOf(secret))
}

// The same few secrets are compared with thousands of pushes a second.
const mostKept = 100
const digests = new Map<string, Buffer>()

function digestOf(secret: string): Buffer {
  const kept = digests.get(secret)
  if (kept) return kept
  if (digests.size >= mostKept) digests.clear()
  const digest = hash('sha256', secret, 'buffer')
  digests.set(secret, digest)
  return digest
}
