/** What a bench is at, for whoever watches; the figures themselves go to standard output. */
export function progress(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}

/** A figure with its digits cut to what noise leaves of it. */
export const round = (value: number, digits = 3) => Number(value.toFixed(digits))
