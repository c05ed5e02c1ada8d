import { odata } from './errors.ts'

export type Literal =
  | { type: 'null' }
  | { type: 'string'; value: string }
  | { type: 'number'; value: string }
  | { type: 'boolean'; value: boolean }
  | { type: 'guid'; value: string }
  | { type: 'date'; value: string }

export type Filter =
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; inner: Filter }
  | { kind: 'compare'; op: Comparison; path: string; literal: Literal }
  | { kind: 'match'; name: Match; path: string; value: string }
  | { kind: 'in'; path: string; values: string[] }

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
export type Match = 'contains' | 'startswith' | 'endswith'

type Token = { type: Literal['type'] | 'word' | 'mark'; text: string; at: number }

const PATTERNS: [Token['type'], RegExp][] = [
  ['string', /'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"/y],
  ['guid', /[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])/y],
  ['date', /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?(?![\w-])/y],
  ['number', /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w-])/y],
  ['word', /[A-Za-z_$@][\w.$@]*(?:\/[A-Za-z_][\w.]*)*/y],
  ['mark', /[(),=[\]:]/y],
]

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    if (text[at] === ' ' || text[at] === '\t') {
      at++
      continue
    }
    const found = PATTERNS.map(([type, pattern]) => {
      pattern.lastIndex = at
      return { type, text: pattern.exec(text)?.[0] }
    }).find((f) => f.text !== undefined)
    if (found?.text === undefined) throw syntax(at, text)
    tokens.push({ type: found.type, text: found.text, at })
    at += found.text.length
  }
  return tokens
}

const syntax = (at: number, text: string) => odata(`Syntax error at position ${at} in '${text}'.`)

const COMPARISONS = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
const MATCHES = new Set(['contains', 'startswith', 'endswith'])
/** Far below what would exhaust the stack; the service has its own limits. */
const MAX_DEPTH = 200

type Parser = { text: string; tokens: Token[]; at: number; depth: number }

export function parseFilter(text: string): Filter {
  const parser: Parser = { text, tokens: tokenize(text), at: 0, depth: 0 }
  const filter = disjunction(parser)
  if (parser.at < parser.tokens.length) throw syntax(parser.tokens[parser.at]!.at, text)
  return filter
}

const peek = (p: Parser) => p.tokens[p.at]

function next(p: Parser, text?: string): Token {
  const token = p.tokens[p.at]
  if (!token || (text !== undefined && token.text !== text)) throw syntax(token?.at ?? p.text.length, p.text)
  p.at++
  return token
}

const isWord = (token: Token | undefined, text: string) => token?.type === 'word' && token.text === text

function disjunction(p: Parser): Filter {
  if (++p.depth > MAX_DEPTH) throw odata('The node count limit has been exceeded.')
  let left = conjunction(p)
  while (isWord(peek(p), 'or')) {
    next(p)
    left = { kind: 'or', left, right: conjunction(p) }
  }
  p.depth--
  return left
}

function conjunction(p: Parser): Filter {
  let left = negation(p)
  while (isWord(peek(p), 'and')) {
    next(p)
    left = { kind: 'and', left, right: negation(p) }
  }
  return left
}

function negation(p: Parser): Filter {
  if (!isWord(peek(p), 'not')) return primary(p)
  next(p)
  if (++p.depth > MAX_DEPTH) throw odata('The node count limit has been exceeded.')
  const inner = negation(p)
  p.depth--
  return { kind: 'not', inner }
}

function primary(p: Parser): Filter {
  const token = peek(p)
  if (token?.text === '(') {
    next(p)
    const inner = disjunction(p)
    next(p, ')')
    return inner
  }
  const word = next(p)
  if (word.type !== 'word') throw syntax(word.at, p.text)
  if (MATCHES.has(word.text) && peek(p)?.text === '(') return match(p, word.text as Match)
  if (word.text === 'Microsoft.Dynamics.CRM.In') return membership(p)
  if (peek(p)?.text === '(') throw odata(`An unknown function with name '${word.text}' was found.`)
  const op = next(p)
  if (!COMPARISONS.has(op.text)) throw syntax(op.at, p.text)
  return { kind: 'compare', op: op.text as Comparison, path: word.text, literal: literal(p) }
}

function match(p: Parser, name: Match): Filter {
  next(p, '(')
  const path = next(p)
  next(p, ',')
  const value = literal(p)
  next(p, ')')
  if (path.type !== 'word' || value.type !== 'string')
    throw odata(`No function signature for the function with name '${name}' matches the specified arguments.`)
  const filter: Filter = { kind: 'match', name, path: path.text, value: value.value }
  // `contains(name,'x') eq true` is legal too.
  if (!COMPARISONS.has(peek(p)?.text ?? '')) return filter
  const op = next(p).text
  const expected = literal(p)
  const positive = expected.type === 'boolean' && expected.value === (op === 'eq')
  return positive ? filter : { kind: 'not', inner: filter }
}

function membership(p: Parser): Filter {
  next(p, '(')
  next(p, 'PropertyName')
  next(p, '=')
  const name = literal(p)
  next(p, ',')
  next(p, 'PropertyValues')
  next(p, '=')
  next(p, '[')
  const values: string[] = []
  while (peek(p)?.text !== ']') {
    const token = next(p)
    // The service takes JSON strings; single quotes are what most clients send.
    values.push(token.type === 'string' ? unquote(token.text) : token.text)
    if (peek(p)?.text === ',') next(p)
  }
  next(p, ']')
  next(p, ')')
  if (name.type !== 'string') throw odata('The PropertyName parameter must be a string.')
  return { kind: 'in', path: name.value, values }
}

const unquote = (text: string) => {
  const inner = text.slice(1, -1)
  return text.startsWith('"') ? inner.replace(/\\(.)/g, '$1') : inner.replaceAll("''", "'")
}

function literal(p: Parser): Literal {
  const token = next(p)
  if (token.type === 'string') return { type: 'string', value: unquote(token.text) }
  if (token.type === 'guid') return { type: 'guid', value: token.text.toLowerCase() }
  if (token.type === 'number') return { type: 'number', value: token.text }
  if (token.type === 'date') return { type: 'date', value: token.text }
  if (token.text === 'true' || token.text === 'false') return { type: 'boolean', value: token.text === 'true' }
  if (token.text === 'null') return { type: 'null' }
  // Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist'
  const following = peek(p)
  if (
    token.text.startsWith('Microsoft.Dynamics.CRM.') &&
    following?.type === 'string' &&
    following.at === token.at + token.text.length
  )
    return { type: 'string', value: unquote(next(p).text) }
  throw syntax(token.at, p.text)
}
