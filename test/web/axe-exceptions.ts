export interface AxeException {
  /** A page's address, as a pattern. */
  page: RegExp
  rule: string
  /** One element, as axe names it. */
  selector: string
  reason: string
}

/** Single elements that a rule is wrong about. No rule is switched off. */
export const axeExceptions: AxeException[] = ['i:nth-child(1)', 'i:nth-child(4)'].map((selector) => ({
  page: /^\/keys$/,
  rule: 'aria-hidden-focus',
  selector,
  reason:
    'Fluent’s guards at the two ends of the page hand the focus on at once; for a moment after a dialog has closed they can be come to.',
}))

/** Elements that come and go while axe looks, so that it may have no name for them: it passes them over. */
export const passedOver: Pick<AxeException, 'selector' | 'reason'>[] = [
  '.fui-Toaster > i[data-tabster-dummy]',
  ':has(> .fui-Toaster) > i[data-tabster-dummy]',
].map((selector) => ({
  selector,
  reason:
    'For as long as a notice is shown, Fluent’s guards stand before and behind it; they hand the focus on at once.',
}))
