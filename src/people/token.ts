import { hash, randomBytes } from 'node:crypto'

/** 256 random bits in URL-safe letters. Guessing needs no slow hash to be hopeless, so a plain digest is what is kept. */
export function newToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url')
}

export function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
