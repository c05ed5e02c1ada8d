import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { HubError } from '#core/errors.ts'

export interface Passwords {
  hash(password: string): Promise<string>
  /**
   * Whether this is the password. Where there is none to compare with, the same work is done all the same, so that
   * nobody can tell by the time who has an account. `stale`: it should be hashed anew, with today's parameters.
   */
  verify(password: string, stored: string | null): Promise<{ right: boolean; stale: boolean }>
}

export interface PasswordOptions {
  /** Each takes a core and 19 MiB for some 30 ms. */
  atOnce?: number
  /** Beyond it whoever comes is sent away at once: a flood must not become a queue of minutes. */
  mostWaiting?: number
}

interface Parameters {
  memory: number
  passes: number
  parallelism: number
}

/** The least of OWASP's Password Storage Cheat Sheet for argon2id; memory in KiB. */
const today: Parameters = { memory: 19_456, passes: 2, parallelism: 1 }

const saltBytes = 16
const hashBytes = 32
const busySeconds = 2

export function createPasswords({ atOnce = 2, mostWaiting = 16 }: PasswordOptions = {}): Passwords {
  const enter = turnstile(atOnce, mostWaiting)
  const nobodys = write(today, randomBytes(saltBytes), randomBytes(hashBytes))
  return {
    hash: (password) =>
      enter(async () => {
        const salt = randomBytes(saltBytes)
        return write(today, salt, await derive(password, salt, today))
      }),
    verify: (password, stored) =>
      enter(async () => {
        const { parameters, salt, hash } = read(stored ?? nobodys)
        const same = timingSafeEqual(await derive(password, salt, parameters), hash)
        return { right: same && stored !== null, stale: same && !isToday(parameters) }
      }),
  }
}

/** One string for what looks the same, however a keyboard composed it. */
const normal = (password: string) => password.normalize('NFC')

function derive(password: string, salt: Buffer, { memory, passes, parallelism }: Parameters): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const given = { message: normal(password), nonce: salt, memory, passes, parallelism, tagLength: hashBytes }
  argon2('argon2id', given, (error, derived) => (error ? reject(error) : resolve(derived)))
  return promise
}

const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** The PHC string format, as every other program writes argon2 hashes; 19 is argon2's version 1.3. */
function write({ memory, passes, parallelism }: Parameters, salt: Buffer, hash: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(hash)}`
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

function read(stored: string): { parameters: Parameters; salt: Buffer; hash: Buffer } {
  const [, memory, passes, parallelism, salt = '', hash = ''] = form.exec(stored) ?? []
  if (memory === undefined)
    throw new HubError('internal', 'A stored password is not in the form that passwords are kept in')
  return {
    parameters: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

const isToday = ({ memory, passes, parallelism }: Parameters) =>
  memory === today.memory && passes === today.passes && parallelism === today.parallelism

/** Lets so many in at once, so many wait, and sends the rest away. */
function turnstile(atOnce: number, mostWaiting: number) {
  let inside = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inside >= atOnce) {
      if (waiting.length >= mostWaiting) throw tooMany()
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else inside += 1
    try {
      return await work()
    } finally {
      // The place is handed on, so that nobody who comes now gets before those who wait.
      const next = waiting.shift()
      if (next) next()
      else inside -= 1
    }
  }
}

function tooMany(): HubError {
  return new HubError('auth.throttled', 'Too many people sign in at this moment', {
    retryAt: Date.now() + busySeconds * 1000,
    mend: 'Try again in a moment.',
  })
}
