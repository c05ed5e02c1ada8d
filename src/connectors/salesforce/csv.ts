import { HubError } from '#core/errors.ts'

/**
 * The records of a CSV as the Bulk API writes it: commas, LF, quotes doubled within quotes. A file that breaks off, within
 * a quote or a line, throws crm.body_invalid: half of a file must not pass for a whole one.
 */
export function* csvRecords(text: string): Generator<string[]> {
  let record: string[] = []
  for (let at = 0; at < text.length; ) {
    let value: string
    if (text.charCodeAt(at) === QUOTE) {
      const end = closingQuote(text, at)
      value = text.slice(at + 1, end)
      if (value.includes('"')) value = value.replaceAll('""', '"')
      at = end + 1
    } else {
      const end = plainEnd(text, at)
      value = text.slice(at, end)
      at = end
    }
    record.push(value)
    const separator = text.charCodeAt(at)
    if (separator === COMMA) {
      at += 1
      if (at === text.length) throw broken()
      // A line that ends with a comma ends with an empty value.
      if (isLineEnd(text, at)) record.push('')
      else continue
    } else if (at >= text.length) throw broken()
    at = lineEnd(text, at)
    yield record
    record = []
  }
}

const QUOTE = 34
const COMMA = 44
const LF = 10
const CR = 13

function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at
  }
  throw broken()
}

function plainEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) !== COMMA && !isLineEnd(text, at)) at += 1
  return at
}

const isLineEnd = (text: string, at: number) => text.charCodeAt(at) === LF || text.charCodeAt(at) === CR

function lineEnd(text: string, at: number): number {
  const next = text.charCodeAt(at) === CR ? at + 1 : at
  if (text.charCodeAt(next) !== LF) throw broken()
  return next + 1
}

const broken = () => new HubError('crm.body_invalid', 'the file breaks off, or is no CSV')
