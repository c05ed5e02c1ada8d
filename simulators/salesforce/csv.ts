const SEPARATORS: Record<string, string> = {
  COMMA: ',',
  SEMICOLON: ';',
  TAB: '\t',
  PIPE: '|',
  CARET: '^',
  BACKQUOTE: '`',
}

export const separatorOf = (name: string) => SEPARATORS[name] ?? ','

/** Every value in quotes, as the service writes them; null is empty. */
export const csvLine = (values: unknown[], separator = ',') =>
  `${values.map((v) => (v === null || v === undefined ? '""' : `"${String(v).replaceAll('"', '""')}"`)).join(separator)}\n`

/** Rows of texts; quotes, line breaks inside them and both line endings are understood. */
export function parseCsv(text: string, separator = ','): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let i = text.startsWith('\ufeff') ? 1 : 0
  while (i < text.length) {
    const [value, next] = cell(text, i, separator)
    row.push(value)
    i = next
    if (text[i] === separator) {
      i++
      if (i === text.length) row.push('')
      continue
    }
    if (text[i] === '\r') i++
    if (text[i] === '\n') i++
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  if (row.length > 0) rows.push(row)
  return rows
}

function cell(text: string, start: number, separator: string): [string, number] {
  if (text[start] !== '"') {
    let i = start
    while (i < text.length && text[i] !== separator && text[i] !== '\n' && text[i] !== '\r') i++
    return [text.slice(start, i), i]
  }
  let value = ''
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] !== '"') value += text[i]
    else if (text[i + 1] === '"') value += text[i++]
    else return [value, i + 1]
  }
  return [value, text.length]
}
