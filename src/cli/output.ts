import type { Told } from './failure.ts'

/** Results go to standard output, everything else to standard error. With --json, one JSON object a line. */
export interface Output {
  json: boolean
  /** Whether a person watches: a line may then be drawn over. */
  terminal: boolean
  /** Plain text; nothing with --json. */
  line(text?: string): void
  /** The result for programs; nothing without --json. */
  result(value: unknown): void
  /** Draws one line over the last drawn one; on no terminal nothing. */
  draw(lines: readonly string[]): void
  error(told: Told): void
}

export interface Streams {
  stdout: { write(text: string): unknown; isTTY?: boolean; columns?: number }
  stderr: { write(text: string): unknown }
}

export function createOutput(streams: Streams, json: boolean): Output {
  const { stdout, stderr } = streams
  const terminal = stdout.isTTY === true && !json
  let drawn = 0
  const wipe = () => {
    if (drawn > 0) stdout.write(`\x1b[${drawn}A\x1b[0J`)
    drawn = 0
  }
  return {
    json,
    terminal,
    line(text = '') {
      if (json) return
      wipe()
      stdout.write(`${text}\n`)
    },
    result(value) {
      if (json) stdout.write(`${JSON.stringify(value)}\n`)
    },
    draw(lines) {
      if (!terminal) return
      wipe()
      // Some terminals give their size as 0.
      const width = stdout.columns || 80
      // A wrapped line would be counted wrong when it is drawn over.
      for (const line of lines) stdout.write(`${line.slice(0, width - 1)}\n`)
      drawn = lines.length
    },
    error(told) {
      wipe()
      if (json) stdout.write(`${JSON.stringify({ error: told })}\n`)
      else stderr.write(`${told.message}${told.mend ? `\n  ${told.mend}` : ''}\n`)
    },
  }
}

/** Columns aligned: the last one is left as long as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => {
    row.forEach((cell, i) => {
      most[i] = Math.max(most[i] ?? 0, cell.length)
    })
    return most
  }, [])
  return rows.map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join('  '))
}

export function count(n: number): string {
  return n.toLocaleString('en')
}

export function seconds(n: number): string {
  if (n < 90) return `${Math.ceil(n)} s`
  if (n < 5400) return `${Math.ceil(n / 60)} min`
  return `${(n / 3600).toFixed(1)} h`
}

/** Told to a person: when it was, as seen from now. */
export function ago(iso: string | null): string {
  if (iso === null) return 'never'
  const past = (Date.now() - Date.parse(iso)) / 1000
  return past < 5 ? 'just now' : `${seconds(past)} ago`
}
