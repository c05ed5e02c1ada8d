import { hash, timingSafeEqual } from 'node:crypto'

/** Compared by their hashes in constant time, so that neither content nor length can be found by trying. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', secret, 'buffer'))
}
