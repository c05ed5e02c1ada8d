/** What a check looked at, and what it found wrong. */
export interface Finding {
  check: string
  /** How many things were tried. */
  cases: number
  problems: string[]
  /** Why it was not run at all. */
  notRun?: string
}
