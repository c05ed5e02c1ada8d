import type { ApexClass, Method } from './apex-classes.ts'
import { expression, type Run, skipType, take } from './apex-expression.ts'
import { type ApexToken, closing } from './apex-tokens.ts'
import {
  type ApexObject,
  type ApexValue,
  type Frame,
  isObject,
  platformCall,
  platformField,
  valueCall,
} from './apex-values.ts'

/** Classes by lower-case name, their static fields, and the requests that were sent. */
export type Program = { classes: Map<string, ApexClass>; statics: Map<string, ApexValue>; sent: ApexObject[] }

class Returned extends Error {
  readonly value: ApexValue

  constructor(value: ApexValue) {
    super('return')
    this.value = value
  }
}

type Body = { tokens: ApexToken[]; variables: Map<string, ApexValue>; self: ApexObject | null; own: string }

/** Runs a body: enough of Apex for triggers and callouts, not for queries and DML. */
export function runBody(program: Program, frame: Frame, body: Body): ApexValue {
  const { tokens, variables, self, own } = body
  const run: Run = {
    frame,
    tokens,
    at: 0,
    variables,
    self,
    call: (_, target, path, given) => call(program, frame, { target, path, given, own }),
    construct: (_, type, given) => construct(program, frame, type, given),
    lookUp(_, path) {
      const known = platformField(frame, path)
      return known === undefined ? staticField(program, frame, path.includes('.') ? path : `${own}.${path}`) : known
    },
  }
  try {
    while (run.tokens[run.at]!.kind !== 'end') statement(run)
    return null
  } catch (error) {
    if (error instanceof Returned) return error.value
    throw error
  }
}

function staticField(program: Program, frame: Frame, path: string): ApexValue | undefined {
  const key = path.toLowerCase()
  if (program.statics.has(key)) return program.statics.get(key) ?? null
  const [type = '', name = ''] = key.split('.')
  const declared = program.classes.get(type)?.fields.find((f) => f.name === name && f.isStatic)
  if (!declared) return undefined
  const tokens: ApexToken[] = [
    { kind: 'name', text: 'return' },
    ...declared.value.slice(0, -1),
    { kind: 'sign', text: ';' },
    { kind: 'end', text: '' },
  ]
  const value =
    declared.value.length === 0
      ? null
      : runBody(program, frame, { tokens, variables: new Map(), self: null, own: type })
  program.statics.set(key, value)
  return value
}

function construct(program: Program, frame: Frame, type: string, given: ApexValue[]): ApexObject {
  const made: ApexObject = { type, fields: new Map() }
  const own = program.classes.get(type.toLowerCase())
  if (!own) return made
  for (const field of own.fields) if (!field.isStatic) made.fields.set(field.name, null)
  const builder = own.methods.find((m) => m.name === own.name.toLowerCase() && m.parameters.length === given.length)
  if (builder) invoke(program, frame, own, { method: builder, given, self: made })
  return made
}

function invoke(
  program: Program,
  frame: Frame,
  type: ApexClass,
  { method, given, self }: { method: Method; given: ApexValue[]; self: ApexObject | null },
): ApexValue {
  const variables = new Map(method.parameters.map((name, i) => [name, given[i] ?? null]))
  return runBody(program, frame, { tokens: method.body, variables, self, own: type.name.toLowerCase() })
}

type Asked = { target: ApexValue | undefined; path: string; given: ApexValue[]; own: string }

function call(program: Program, frame: Frame, { target, path, given, own }: Asked): ApexValue {
  const lower = path.toLowerCase()
  if (/^(system\.)?enqueuejob$/.test(lower))
    return call(program, frame, { target: given[0], path: 'execute', given: [null], own: '' })
  if (lower === 'send' || lower === 'http.send') {
    if (isObject(given[0])) program.sent.push(given[0])
    return { type: 'HttpResponse', fields: new Map() }
  }
  if (/^(system\.debug|system\.attachfinalizer|system\.assert\w*)$/.test(lower)) return null
  const [type = '', name = ''] = lower.includes('.')
    ? lower.split('.')
    : [isObject(target) ? target.type.toLowerCase() : own, lower]
  const found = program.classes.get(type)?.methods.find((m) => m.name === name && m.parameters.length === given.length)
  if (found)
    return invoke(program, frame, program.classes.get(type)!, {
      method: found,
      given,
      self: isObject(target) ? target : null,
    })
  if (target !== undefined && target !== null) return valueCall(target, path, given)
  // Both sides of a condition are run: what stands behind a guard may be called on nothing.
  if (target === null) return null
  const known = platformCall(frame, path, given)
  if (known === undefined) throw new Error(`the simulator does not know ${path}()`)
  return known
}

/** Runs one statement, or passes over it. */
function statement(r: Run): void {
  const { text } = r.tokens[r.at]!
  if (take(r, ';')) return
  const special = text === '{' ? block : STATEMENTS[text.toLowerCase()]
  if (special === undefined) assignment(r)
  else {
    if (text !== '{') r.at++
    special(r)
  }
}

function giveBack(r: Run): never {
  throw new Returned(r.tokens[r.at]!.text === ';' ? null : expression(r))
}

const STATEMENTS: Record<string, (r: Run) => void> = { if: branch, for: loop, try: attempt, return: giveBack }

function block(r: Run): void {
  const end = closing(r.tokens, r.at)
  for (r.at++; r.at < end; ) statement(r)
  r.at = end + 1
}

function branch(r: Run): void {
  take(r, '(')
  const yes = expression(r)
  take(r, ')')
  if (yes) statement(r)
  else r.at = endOf(r)
  if (r.tokens[r.at]!.text.toLowerCase() !== 'else') return
  r.at++
  if (yes) r.at = endOf(r)
  else statement(r)
}

function loop(r: Run): void {
  take(r, '(')
  skipType(r)
  const name = r.tokens[r.at++]!.text.toLowerCase()
  if (!take(r, ':')) throw new Error('the simulator knows for-each loops only')
  const list = expression(r)
  take(r, ')')
  const start = r.at
  const end = endOf(r)
  for (const item of Array.isArray(list) ? list : []) {
    r.variables.set(name, item)
    r.at = start
    statement(r)
  }
  r.at = end
}

function attempt(r: Run): void {
  block(r)
  while (/^(catch|finally)$/i.test(r.tokens[r.at]!.text)) {
    r.at++
    if (r.tokens[r.at]!.text === '(') r.at = closing(r.tokens, r.at) + 1
    r.at = closing(r.tokens, r.at) + 1
  }
}

/** Where the statement that begins here ends, without running it. */
function endOf(r: Run): number {
  let i = r.at
  if (r.tokens[i]!.text === '{') return closing(r.tokens, i) + 1
  for (; r.tokens[i]!.kind !== 'end'; i++) {
    if ('([{'.includes(r.tokens[i]!.text) && r.tokens[i]!.kind === 'sign') i = closing(r.tokens, i)
    if (r.tokens[i]!.text === ';') return i + 1
    if (r.tokens[i]!.text === '}') return i + 1
  }
  return i
}

/** `Type name = value;`, `name = value;`, `this.name = value;`, or a call. */
function assignment(r: Run): void {
  const start = r.at
  const declared = declaration(r)
  const isThis = declared === null && r.tokens[r.at]!.text.toLowerCase() === 'this' && r.tokens[r.at + 1]?.text === '.'
  const at = declared === null ? (isThis ? r.at + 2 : r.at) : r.at
  const name = r.tokens[at]!.text.toLowerCase()
  if (declared !== null || (r.tokens[at]!.kind === 'name' && r.tokens[at + 1]?.text === '=')) {
    r.at = at + 1
    const value = take(r, '=') ? expression(r) : null
    if (declared !== null || (!isThis && r.variables.has(name))) r.variables.set(name, value)
    else if (r.self) r.self.fields.set(name, value)
  } else {
    r.at = start
    expression(r)
  }
  take(r, ';')
}

/** Stands before the name where a declaration begins here; null, and nothing read, where none does. */
function declaration(r: Run): true | null {
  const start = r.at
  if (r.tokens[r.at]!.kind === 'name' && r.tokens[r.at]!.text.toLowerCase() !== 'new') {
    if (r.tokens[r.at]!.text.toLowerCase() === 'final') r.at++
    skipType(r)
    if (r.tokens[r.at]!.kind === 'name' && ['=', ';'].includes(r.tokens[r.at + 1]?.text ?? '')) return true
  }
  r.at = start
  return null
}
