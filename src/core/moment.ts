let lastText = ''
let lastMs = Number.NaN

/**
 * As Date.parse, for times of rows: the same one is asked for as a value, as a version and as the time of the last
 * change, and most rows were changed last when their version was made.
 */
export function momentOf(text: string): number {
  if (text !== lastText) {
    lastMs = Date.parse(text)
    lastText = text
  }
  return lastMs
}
