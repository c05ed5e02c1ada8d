import { withoutComments } from './components.ts'

export type ApexToken = { kind: 'name' | 'text' | 'number' | 'sign' | 'end'; text: string }

const PATTERN =
  /\s*(?:(?<text>'(?:[^'\\\n]|\\.)*')|(?<number>\d+(?:\.\d+)?[lLdD]?)|(?<name>[A-Za-z_]\w*)|(?<sign>=>|\?\.|==|!=|<=|>=|&&|\|\||\+=|\+\+|[-+*/=<>!(){}[\],;:.?@&|]))/y

/** Apex as words, signs and texts; what is unknown ends it. */
export function apexTokens(source: string): ApexToken[] {
  const text = withoutComments(source)
  const out: ApexToken[] = []
  PATTERN.lastIndex = 0
  for (let found = PATTERN.exec(text); found; found = PATTERN.exec(text))
    for (const kind of ['text', 'number', 'name', 'sign'] as const) {
      const value = found.groups![kind]
      if (value !== undefined) out.push({ kind, text: value })
    }
  out.push({ kind: 'end', text: '' })
  return out
}

export const textOf = (quoted: string) =>
  quoted
    .slice(1, -1)
    .replace(/\\(u([0-9a-fA-F]{4})|.)/g, (_, c: string, hex?: string) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[c] ?? c),
    )

/** The index behind the bracket that closes the one at `at`. */
export function closing(tokens: ApexToken[], at: number): number {
  const open = tokens[at]!.text
  const close = { '(': ')', '{': '}', '[': ']' }[open]
  let depth = 0
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i]!.text === open && tokens[i]!.kind === 'sign') depth++
    if (tokens[i]!.text === close && tokens[i]!.kind === 'sign' && --depth === 0) return i
  }
  return tokens.length - 1
}
