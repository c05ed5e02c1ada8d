/** Shares, from 0 to 1, of the events that are sent twice, and of those that arrive behind later ones. */
export type Faults = { doubled: number; reordered: number }

/** `doubled=0.1,reordered=0.1`, or `all` for a tenth of each. */
export function faultsOf(text: string | undefined): Faults {
  if (text === 'all') return { doubled: 0.1, reordered: 0.1 }
  const faults: Faults = { doubled: 0, reordered: 0 }
  for (const part of (text ?? '').split(',').filter((one) => one !== '')) {
    const [name, share] = part.split('=') as [keyof Faults, string | undefined]
    const value = Number(share ?? '0.1')
    if (!(name in faults) || !(value >= 0 && value <= 1)) throw new Error(`no fault ${part}: doubled=0.1,reordered=0.1`)
    faults[name] = value
  }
  return faults
}

/** How long a late event stays behind, in milliseconds of the wall's clock. */
const longestLate = 1_000

/** When an event is to be sent, from now: once, or twice, or late. */
export function sendings(faults: Faults, random: () => number): number[] {
  const late = random() < faults.reordered ? Math.ceil(random() * longestLate) : 0
  return random() < faults.doubled ? [late, Math.ceil(random() * longestLate)] : [late]
}
