import { type ApexToken, closing, textOf } from './apex-tokens.ts'
import { type ApexObject, type ApexValue, type Frame, isObject, mapOf } from './apex-values.ts'

/** What runs: the tokens of one body, its variables, and how calls are made. */
export type Run = {
  frame: Frame
  tokens: ApexToken[]
  at: number
  variables: Map<string, ApexValue>
  self: ApexObject | null
  /** A call of a method of a class, of the platform, or of a value. */
  call: (run: Run, target: ApexValue | undefined, path: string, args: ApexValue[]) => ApexValue
  construct: (run: Run, type: string, args: ApexValue[]) => ApexValue
  /** A static field or constant. */
  lookUp: (run: Run, path: string) => ApexValue | undefined
}

const sign = (r: Run, text: string, ahead = 0) =>
  r.tokens[r.at + ahead]?.text === text && r.tokens[r.at + ahead]?.kind === 'sign'

export function take(r: Run, text: string): boolean {
  if (!sign(r, text)) return false
  r.at++
  return true
}

const LEVELS = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/']]

export function expression(r: Run): ApexValue {
  const value = binary(r, 0)
  if (!take(r, '?')) return value
  const yes = expression(r)
  take(r, ':')
  const no = expression(r)
  return value ? yes : no
}

function binary(r: Run, level: number): ApexValue {
  const signs = LEVELS[level]
  if (!signs) return unary(r)
  let left = binary(r, level + 1)
  for (;;) {
    const operator = signs.find((s) => sign(r, s))
    if (operator === undefined) return left
    r.at++
    left = apply(operator, left, binary(r, level + 1))
  }
}

function apply(operator: string, a: ApexValue, b: ApexValue): ApexValue {
  const same = () => (typeof a === 'string' && typeof b === 'string' ? equalTexts(a, b) : a === b)
  const [x, y] = [Number(a), Number(b)]
  switch (operator) {
    case '||':
      return Boolean(a) || Boolean(b)
    case '&&':
      return Boolean(a) && Boolean(b)
    case '==':
      return same()
    case '!=':
      return !same()
    case '+':
      return typeof a === 'number' && typeof b === 'number' ? a + b : `${String(a)}${String(b)}`
    case '-':
      return x - y
    case '*':
      return x * y
    case '/':
      return Math.floor(x / y)
    default:
      return { '<': x < y, '>': x > y, '<=': x <= y, '>=': x >= y }[operator] ?? null
  }
}

/** `==` of texts does not regard case; ids are the same with 15 and with 18 characters. */
const equalTexts = (a: string, b: string) =>
  a.toLowerCase() === b.toLowerCase() ||
  (/^\w{18}$/.test(a) !== /^\w{18}$/.test(b) &&
    a.slice(0, 15) === b.slice(0, 15) &&
    Math.min(a.length, b.length) === 15)

function unary(r: Run): ApexValue {
  if (take(r, '!')) return !unary(r)
  if (take(r, '-')) return -Number(unary(r))
  if (sign(r, '(')) {
    const end = closing(r.tokens, r.at)
    const after = r.tokens[end + 1]!
    const isCast =
      r.tokens[r.at + 1]?.kind === 'name' &&
      (after.kind === 'name' || after.kind === 'text' || after.text === '(') &&
      r.tokens.slice(r.at + 1, end).every((t) => t.kind === 'name' || '<>,.[]'.includes(t.text))
    r.at++
    if (isCast) {
      r.at = end + 1
      return unary(r)
    }
    const inner = expression(r)
    take(r, ')')
    return members(r, inner)
  }
  return members(r, primary(r))
}

function primary(r: Run): ApexValue {
  const token = r.tokens[r.at++]!
  if (token.kind === 'text') return textOf(token.text)
  if (token.kind === 'number') return Number.parseFloat(token.text)
  if (token.kind !== 'name') throw new Error(`the simulator cannot run Apex at '${token.text}'`)
  const word = token.text.toLowerCase()
  if (word === 'null') return null
  if (word === 'true' || word === 'false') return word === 'true'
  if (word === 'this') return r.self
  if (word === 'new') return created(r)
  if (sign(r, '(')) return r.call(r, r.self ?? undefined, token.text, args(r))
  const known = r.variables.get(word) ?? (r.variables.has(word) ? null : r.self?.fields.get(word))
  return known !== undefined ? known : staticPath(r, token.text)
}

/** `A.b.c` or `A.b(…)`, where A is no variable. */
function staticPath(r: Run, first: string): ApexValue {
  let path = first
  for (;;) {
    const found = r.lookUp(r, path)
    if (found !== undefined) return found
    if (!sign(r, '.') && !sign(r, '?.')) throw new Error(`the simulator does not know ${path}`)
    r.at++
    path += `.${r.tokens[r.at++]!.text}`
    if (sign(r, '(')) return r.call(r, undefined, path, args(r))
  }
}

function args(r: Run): ApexValue[] {
  const out: ApexValue[] = []
  take(r, '(')
  while (!sign(r, ')')) {
    out.push(expression(r))
    take(r, ',')
  }
  r.at++
  return out
}

function members(r: Run, start: ApexValue): ApexValue {
  let value = start
  for (;;) {
    if (take(r, '[')) {
      const index = Number(expression(r))
      take(r, ']')
      value = Array.isArray(value) ? (value[index] ?? null) : null
    } else if (sign(r, '.') || sign(r, '?.')) {
      r.at++
      const name = r.tokens[r.at++]!.text
      if (sign(r, '(')) value = r.call(r, value, name, args(r))
      else value = isObject(value) ? (value.fields.get(name.toLowerCase()) ?? null) : null
    } else return value
  }
}

export function skipType(r: Run): string {
  let type = r.tokens[r.at++]!.text
  while (sign(r, '.')) {
    type += `.${r.tokens[r.at + 1]!.text}`
    r.at += 2
  }
  if (sign(r, '<'))
    for (let depth = 0; ; r.at++) {
      if (sign(r, '<')) depth++
      if (sign(r, '>') && --depth === 0) break
    }
  if (r.tokens[r.at]?.text === '>') r.at++
  while (sign(r, '[') && sign(r, ']', 1)) r.at += 2
  return type
}

/** `new T(…)`, `new List<T>{…}`, `new Map<K, V>{ a => b }`. */
function created(r: Run): ApexValue {
  const type = skipType(r)
  const kind = type.toLowerCase()
  if (sign(r, '(')) {
    const given = args(r)
    if (kind === 'map')
      return Array.isArray(given[0])
        ? mapOf(given[0].filter(isObject))
        : new Map(given[0] instanceof Map ? given[0] : [])
    if (kind === 'list' || kind === 'set') return Array.isArray(given[0]) ? [...new Set(given[0])] : []
    return r.construct(r, type, given)
  }
  take(r, '{')
  const map = new Map<ApexValue, ApexValue>()
  const list: ApexValue[] = []
  while (!take(r, '}')) {
    const item = expression(r)
    if (take(r, '=>')) map.set(item, expression(r))
    else list.push(item)
    take(r, ',')
  }
  return kind === 'map' ? map : list
}
