import { InvalidArgumentError } from 'commander'

function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
}

export const portOf = (text: string) => wholeNumber(text, 0, 65_535)
export const recordsOf = (text: string) => wholeNumber(text, 1, 100_000_000)
export const seedOf = (text: string) => wholeNumber(text, 0, 2_147_483_647)
