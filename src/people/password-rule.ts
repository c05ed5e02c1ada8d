import { readFileSync } from 'node:fs'
import { HubError } from '#core/errors.ts'

/** NIST SP 800-63B-4 §3.1.1.2: 15 characters where the password is all, 8 where a second factor follows. */
export const leastAlone = 15
const leastWithFactor = 8
const longest = 200
/** Shorter words of a name would refuse too much: every password with “an” in it. */
const shortestWord = 4

let common: ReadonlySet<string> | undefined

/** Read at the first password that is set: most processes never do. */
function isCommon(word: string): boolean {
  if (common === undefined) {
    const file = readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
    // Its licence stands above the first empty line.
    common = new Set(
      file
        .slice(file.indexOf('\n\n') + 2)
        .trimEnd()
        .split('\n'),
    )
  }
  return common.has(word)
}

export interface Owner {
  name: string
  email: string | null
  /** Signs in with a second factor too. */
  hasFactor: boolean
}

/** Code points are counted, as NIST asks: neither bytes nor halves of a pair. */
export const lengthOf = (password: string) => [...password.normalize('NFC')].length

/** Throws `password.refused` with the reason. There are no rules of composition: they make passwords worse. */
export function refuseWeak(password: string, owner: Owner): void {
  const length = lengthOf(password)
  const least = owner.hasFactor ? leastWithFactor : leastAlone
  if (length < least) {
    throw refused(
      `The password has ${length} characters; ${least} are needed`,
      owner.hasFactor
        ? 'Choose a longer one. Several words are easy to remember.'
        : `Choose a longer one (several words are easy to remember), or add a second factor first: then ${leastWithFactor} are enough.`,
    )
  }
  if (length > longest)
    throw refused(`The password has ${length} characters; ${longest} are the most`, 'Choose a shorter one.')
  const word = password.normalize('NFKC').toLowerCase()
  if (isCommon(word) || isRepeated(word) || isRow(word)) {
    throw refused('This password is among those that are tried first', 'Choose one that nobody else would think of.')
  }
  const own = ownWords(owner).find((each) => word.includes(each))
  if (own !== undefined) {
    throw refused(
      'The password holds a name that anybody would try: yours, your address or that of this program',
      'Leave it out.',
    )
  }
}

/** One to four characters, or a common password, again and again. */
function isRepeated(word: string): boolean {
  const period = (word + word).indexOf(word, 1)
  return period < word.length && (period <= 4 || isCommon(word.slice(0, period)))
}

/** `123456789012345`, `abcdefghijklmno`, and back. */
function isRow(word: string): boolean {
  const codes = [...word].map((character) => character.codePointAt(0)!)
  const steps = codes.slice(1).map((code, i) => code - codes[i]!)
  // From 9 a row goes on at 0, from z at a.
  const isStep = (step: number, by: number) =>
    step === by || step === by - Math.sign(by) * 10 || step === by - Math.sign(by) * 26
  return [1, -1].some((by) => steps.every((step) => isStep(step, by)))
}

function ownWords({ name, email }: Owner): string[] {
  const [local = ''] = (email ?? '').split('@')
  return ['jackfield', name, ...name.split(/[\s\p{P}]+/u), local]
    .map((word) => word.normalize('NFKC').toLowerCase().trim())
    .filter((word) => [...word].length >= shortestWord)
}

function refused(message: string, mend: string): HubError {
  return new HubError('password.refused', message, { field: 'password', mend })
}
