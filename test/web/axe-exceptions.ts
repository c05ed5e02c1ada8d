export interface AxeException {
  /** A page's address, as a pattern. */
  page: RegExp
  rule: string
  /** One element, as axe names it. */
  selector: string
  reason: string
}

/** Single elements that a rule is wrong about. No rule is switched off. */
export const axeExceptions: AxeException[] = []
