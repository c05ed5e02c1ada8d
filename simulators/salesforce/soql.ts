import { canonicalDateTime } from './dates.ts'
import { malformed } from './errors.ts'
import { type Token, tokens, unquoted } from './soql-tokens.ts'

export type Literal =
  | { kind: 'text' | 'date' | 'datetime'; value: string }
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' }
  /** `TODAY`, `LAST_N_DAYS:30`: days from and to, counted from today. */
  | { kind: 'range'; name: string }

export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'compare'; field: string; operator: string; value: Literal }
  | { kind: 'in'; field: string; not: boolean; values: Literal[] }

export type SelectItem = { field: string; aggregate: string | null; alias: string | null }

export type Query = {
  select: SelectItem[]
  object: string
  where: Condition | null
  order: { field: string; descending: boolean; nullsLast: boolean }[]
  limit: number | null
  offset: number
  allRows: boolean
}

type Reader = { list: Token[]; at: number }

const peek = (r: Reader) => r.list[r.at]!
const isWord = (r: Reader, word: string) => peek(r).kind === 'name' && peek(r).text.toUpperCase() === word
const isSign = (r: Reader, sign: string) => peek(r).kind === 'sign' && peek(r).text === sign

function fail(r: Reader): never {
  throw malformed(`unexpected token: '${peek(r).text}'`)
}

function take(r: Reader): Token {
  return r.list[r.at++]!
}

function accept(r: Reader, word: string): boolean {
  if (!isWord(r, word)) return false
  r.at++
  return true
}

function acceptSign(r: Reader, sign: string): boolean {
  if (!isSign(r, sign)) return false
  r.at++
  return true
}

function expect(r: Reader, word: string): void {
  if (!accept(r, word)) fail(r)
}

function expectSign(r: Reader, sign: string): void {
  if (!acceptSign(r, sign)) fail(r)
}

function name(r: Reader): string {
  if (peek(r).kind !== 'name') fail(r)
  return take(r).text
}

/** Reads one statement; what is beyond this (grouping, sub-queries, TYPEOF) is refused as malformed. */
export function parseSoql(soql: string): Query {
  const r: Reader = { list: tokens(soql), at: 0 }
  expect(r, 'SELECT')
  const select = [selectItem(r)]
  while (acceptSign(r, ',')) select.push(selectItem(r))
  expect(r, 'FROM')
  const query: Query = { select, object: name(r), where: null, order: [], limit: null, offset: 0, allRows: false }
  if (accept(r, 'USING')) for (let i = 0; i < 2; i++) name(r)
  if (accept(r, 'WHERE')) query.where = condition(r)
  if (accept(r, 'ORDER')) {
    expect(r, 'BY')
    do query.order.push(orderKey(r))
    while (acceptSign(r, ','))
  }
  if (accept(r, 'LIMIT')) query.limit = whole(r)
  if (accept(r, 'OFFSET')) query.offset = whole(r)
  if (accept(r, 'ALL')) {
    expect(r, 'ROWS')
    query.allRows = true
  }
  if (accept(r, 'FOR')) name(r)
  if (peek(r).kind !== 'end') fail(r)
  if (query.offset > 2000) throw malformed('Maximum SOQL offset allowed is 2000')
  return query
}

function whole(r: Reader): number {
  const { kind, text } = take(r)
  if (kind !== 'number' || !/^\d+$/.test(text)) throw malformed(`unexpected token: '${text}'`)
  return Number(text)
}

function selectItem(r: Reader): SelectItem {
  const first = name(r)
  if (!acceptSign(r, '(')) return { field: first, aggregate: null, alias: null }
  const field = isSign(r, ')') ? '' : name(r)
  expectSign(r, ')')
  const alias = peek(r).kind === 'name' && !isWord(r, 'FROM') ? take(r).text : null
  return { field, aggregate: first.toUpperCase(), alias }
}

function orderKey(r: Reader): Query['order'][number] {
  const field = name(r)
  const descending = accept(r, 'DESC')
  if (!descending) accept(r, 'ASC')
  let nullsLast = descending
  if (accept(r, 'NULLS')) {
    nullsLast = accept(r, 'LAST')
    if (!nullsLast) expect(r, 'FIRST')
  }
  return { field, descending, nullsLast }
}

/** SOQL knows no precedence: AND and OR mix in parentheses only. */
function condition(r: Reader): Condition {
  const parts = [unary(r)]
  if (!isWord(r, 'AND') && !isWord(r, 'OR')) return parts[0]!
  const word = peek(r).text.toUpperCase()
  while (accept(r, word)) parts.push(unary(r))
  if (isWord(r, 'AND') || isWord(r, 'OR')) fail(r)
  return { kind: word === 'AND' ? 'and' : 'or', parts }
}

function unary(r: Reader): Condition {
  if (accept(r, 'NOT')) return { kind: 'not', part: unary(r) }
  if (acceptSign(r, '(')) {
    const inner = condition(r)
    expectSign(r, ')')
    return inner
  }
  const field = name(r)
  if (isWord(r, 'IN') || isWord(r, 'NOT')) {
    const not = accept(r, 'NOT')
    expect(r, 'IN')
    expectSign(r, '(')
    const values = [literal(r)]
    while (acceptSign(r, ',')) values.push(literal(r))
    expectSign(r, ')')
    return { kind: 'in', field, not, values }
  }
  if (accept(r, 'LIKE')) return { kind: 'compare', field, operator: 'like', value: literal(r) }
  const { kind, text } = take(r)
  if (kind !== 'sign' || '(),'.includes(text)) throw malformed(`unexpected token: '${text}'`)
  return { kind: 'compare', field, operator: text === '<>' ? '!=' : text, value: literal(r) }
}

function literal(r: Reader): Literal {
  const { kind, text } = take(r)
  if (kind === 'text') return { kind: 'text', value: unquoted(text) }
  if (kind === 'number') return { kind: 'number', value: Number(text) }
  if (kind === 'moment') {
    if (!text.includes('T')) return { kind: 'date', value: text }
    const value = canonicalDateTime(text)
    if (value === null) throw malformed(`line 1:0 no viable alternative at input '${text}'`)
    return { kind: 'datetime', value }
  }
  const word = text.toUpperCase()
  if (kind === 'name' && (word === 'TRUE' || word === 'FALSE')) return { kind: 'boolean', value: word === 'TRUE' }
  if (kind === 'name' && word === 'NULL') return { kind: 'null' }
  if (kind === 'name' && /^(TODAY|YESTERDAY|TOMORROW|(LAST|NEXT)_N_DAYS:\d+)$/.test(word))
    return { kind: 'range', name: word }
  throw malformed(`unexpected token: '${text}'`)
}
