import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'

/** What a file holds, or standard input for `-`: a secret in the arguments would stand in the list of processes. */
export function readSecret(file: string): string {
  let secret: string
  try {
    // The line end is the editor's, not the secret's.
    secret = readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  if (secret.trim() === '') throw new InvalidArgumentError('It holds no secret.')
  return secret
}
