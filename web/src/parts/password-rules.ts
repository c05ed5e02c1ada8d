/** NIST SP 800-63B-4: what stands alone is longer than what a second step follows. The hub judges; this only tells early. */
const leastAlone = 15
const leastWithFactor = 8
export const longest = 200
/** Shorter words of a name would refuse too much. */
const shortestWord = 4

export interface PasswordOwner {
  name: string
  email: string | null
  hasFactor: boolean
}

export type RuleState = 'met' | 'open' | 'judged'

export interface PasswordJudgement {
  length: number
  least: number
  rules: { long: RuleState; noName: RuleState; notCommon: RuleState }
  /** Nothing is known against it. */
  fits: boolean
}

export function judgePassword(password: string, owner: PasswordOwner): PasswordJudgement {
  // Code points count, as at the hub: neither bytes nor halves of a pair.
  const length = [...password.normalize('NFC')].length
  const least = owner.hasFactor ? leastWithFactor : leastAlone
  const word = plain(password)
  const long = length >= least && length <= longest
  const named = ownWords(owner).some((each) => word.includes(each))
  const repeated = /^(.{1,4})\1+$/su.test(word)
  return {
    length,
    least,
    rules: {
      long: long ? 'met' : 'open',
      noName: length > 0 && !named ? 'met' : 'open',
      notCommon: length === 0 || repeated ? 'open' : 'judged',
    },
    fits: long && !named && !repeated,
  }
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase().trim()

function ownWords({ name, email }: PasswordOwner): string[] {
  const [local = ''] = (email ?? '').split('@')
  return ['jackfield', name, ...name.split(/[\s\p{P}]+/u), local]
    .map(plain)
    .filter((word) => [...word].length >= shortestWord)
}
