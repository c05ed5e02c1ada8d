import { malformed } from './errors.ts'

export type Token = { kind: 'name' | 'text' | 'number' | 'moment' | 'sign' | 'end'; text: string; at: number }

const PATTERN =
  /\s*(?:(?<text>'(?:[^'\\]|\\.)*')|(?<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)|(?<number>[+-]?\d+(?:\.\d+)?)|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::\d+)?)|(?<sign><=|>=|!=|<>|[=<>(),]))/y

export function tokens(soql: string): Token[] {
  const out: Token[] = []
  PATTERN.lastIndex = 0
  for (;;) {
    const at = PATTERN.lastIndex
    const found = PATTERN.exec(soql)
    if (!found) {
      if (soql.slice(at).trim() !== '')
        throw malformed(`line 1:${at} no viable alternative at character '${soql.slice(at).trim()[0]}'`)
      out.push({ kind: 'end', text: '<EOF>', at: soql.length })
      return out
    }
    for (const kind of ['text', 'moment', 'number', 'name', 'sign'] as const) {
      const text = found.groups![kind]
      if (text !== undefined) out.push({ kind, text, at })
    }
  }
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

export const unquoted = (text: string) => text.slice(1, -1).replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c)
