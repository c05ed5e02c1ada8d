import { type ApexToken, apexTokens, closing } from './apex-tokens.ts'

export type Method = { name: string; parameters: string[]; body: ApexToken[] }
export type ApexClass = {
  name: string
  fields: { name: string; isStatic: boolean; value: ApexToken[] }[]
  methods: Method[]
}

const END: ApexToken = { kind: 'end', text: '' }

/** A class as its fields and methods; inner classes are left out. */
export function classOf(source: string): ApexClass | null {
  const tokens = apexTokens(source)
  const at = tokens.findIndex((t) => t.kind === 'name' && t.text.toLowerCase() === 'class')
  const open = tokens.findIndex((t, i) => i > at && t.text === '{')
  if (at < 0 || open < 0) return null
  const made: ApexClass = { name: tokens[at + 1]!.text, fields: [], methods: [] }
  for (let i = open + 1; i < closing(tokens, open); ) i = member(made, tokens, i)
  return made
}

/** Reads one member and answers where the next begins. */
function member(made: ApexClass, tokens: ApexToken[], start: number): number {
  let i = start
  while (tokens[i]!.text === '@') {
    i += 2
    if (tokens[i]!.text === '(') i = closing(tokens, i) + 1
  }
  const head = i
  let isStatic = false
  for (; i < tokens.length; i++) {
    const { text } = tokens[i]!
    if (text.toLowerCase() === 'static') isStatic = true
    if (text === ';' || text === '=') {
      const end = text === ';' ? i : endOfStatement(tokens, i)
      made.fields.push({
        name: tokens[i - 1]!.text.toLowerCase(),
        isStatic,
        value: text === ';' ? [] : [...tokens.slice(i + 1, end), END],
      })
      return end + 1
    }
    if (text === '{') {
      const isInner = tokens.slice(head, i).some((t) => /^(class|interface|enum)$/i.test(t.text))
      if (!isInner && i > head) made.fields.push({ name: tokens[i - 1]!.text.toLowerCase(), isStatic, value: [] })
      return closing(tokens, i) + 1
    }
    if (text === '(') {
      const end = closing(tokens, i)
      const parameters = names(tokens.slice(i + 1, end))
      if (tokens[end + 1]!.text !== '{') return end + 2
      const close = closing(tokens, end + 1)
      made.methods.push({
        name: tokens[i - 1]!.text.toLowerCase(),
        parameters,
        body: [...tokens.slice(end + 2, close), END],
      })
      return close + 1
    }
  }
  return i
}

function endOfStatement(tokens: ApexToken[], from: number): number {
  for (let i = from; i < tokens.length; i++) {
    if ('([{'.includes(tokens[i]!.text) && tokens[i]!.kind === 'sign') i = closing(tokens, i)
    if (tokens[i]!.text === ';') return i
  }
  return tokens.length
}

/** The last word before each comma that stands in no generic's brackets. */
function names(tokens: ApexToken[]): string[] {
  const out: string[] = []
  let depth = 0
  tokens.forEach((t, i) => {
    if (t.text === '<') depth++
    if (t.text === '>') depth--
    const next = tokens[i + 1]
    if (depth === 0 && t.kind === 'name' && (next === undefined || next.text === ',')) out.push(t.text.toLowerCase())
  })
  return out
}
