/** A recogniser for any grammar in ABNF (RFC 5234, with the case-sensitive strings of RFC 7405). */
type Node =
  | { kind: 'any' | 'all'; parts: Node[] }
  | { kind: 'repeat'; least: number; most: number; part: Node }
  | { kind: 'rule'; name: string }
  | { kind: 'text'; text: string; caseless: boolean }
  | { kind: 'range'; from: number; to: number }

export interface Grammar {
  rules: ReadonlyMap<string, Node>
  /** Rules that stand for names of a model: only these texts match. */
  names: ReadonlyMap<string, readonly string[]>
}

export interface Verdict {
  matches: boolean
  /** The furthest place that any reading reached. */
  reached: number
}

export function parseGrammar(source: string, names: Record<string, readonly string[]>): Grammar {
  const rules = new Map<string, Node>()
  const lines = source.split(/\r?\n/).map(withoutComment)
  const whole = lines.reduce<string[]>((all, line) => {
    if (/^\s/.test(line) && all.length > 0) all[all.length - 1] += ` ${line.trim()}`
    else if (line.trim()) all.push(line)
    return all
  }, [])
  for (const line of whole) {
    const [, name, more, body] = /^([A-Za-z][\w-]*)\s*=(\/?)\s*(.*)$/.exec(line) ?? []
    if (!name || body === undefined) throw new Error(`no rule: ${line}`)
    const node = parseBody(body)
    const known = rules.get(name.toLowerCase())
    rules.set(name.toLowerCase(), more && known ? { kind: 'any', parts: [known, node] } : node)
  }
  return { rules, names: new Map(Object.entries(names).map(([name, texts]) => [name.toLowerCase(), texts])) }
}

function withoutComment(line: string): string {
  let quoted = false
  for (let i = 0; i < line.length; i += 1) {
    if (line[i] === '"') quoted = !quoted
    if (line[i] === ';' && !quoted) return line.slice(0, i)
  }
  return line
}

function parseBody(body: string): Node {
  const tokens =
    body.match(
      /%[si]"[^"]*"|"[^"]*"|%x[0-9A-Fa-f]+(?:-[0-9A-Fa-f]+|(?:\.[0-9A-Fa-f]+)*)|\d*\*\d*|\d+|[\w-]+|[()[\]/]/g,
    ) ?? []
  let at = 0

  function alternation(): Node {
    const parts = [concatenation()]
    while (tokens[at] === '/') {
      at += 1
      parts.push(concatenation())
    }
    return parts.length === 1 ? parts[0]! : { kind: 'any', parts }
  }
  function concatenation(): Node {
    const parts: Node[] = []
    while (at < tokens.length && !['/', ')', ']'].includes(tokens[at]!)) parts.push(repetition())
    return parts.length === 1 ? parts[0]! : { kind: 'all', parts }
  }
  function repetition(): Node {
    const [, least, star, most] = /^(\d*)(\*?)(\d*)$/.exec(tokens[at]!) ?? []
    if (least === undefined || (least === '' && star === '')) return element()
    at += 1
    const from = Number(least || 0)
    const to = star ? Number(most || Number.POSITIVE_INFINITY) : from
    return { kind: 'repeat', least: from, most: to, part: element() }
  }
  function element(): Node {
    const token = tokens[at]!
    at += 1
    if (token === '(' || token === '[') {
      const inner = alternation()
      at += 1
      return token === '(' ? inner : { kind: 'repeat', least: 0, most: 1, part: inner }
    }
    return terminal(token)
  }
  return alternation()
}

function terminal(token: string): Node {
  if (token.startsWith('"')) return { kind: 'text', text: token.slice(1, -1).toLowerCase(), caseless: true }
  if (token.startsWith('%i')) return { kind: 'text', text: token.slice(3, -1).toLowerCase(), caseless: true }
  if (token.startsWith('%s')) return { kind: 'text', text: token.slice(3, -1), caseless: false }
  if (!token.startsWith('%x')) return { kind: 'rule', name: token.toLowerCase() }
  const [from = '', to] = token.slice(2).split('-')
  if (to !== undefined) return { kind: 'range', from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }
  const text = String.fromCodePoint(...from.split('.').map((hex) => Number.parseInt(hex, 16)))
  return { kind: 'text', text, caseless: false }
}

/** Whether the whole text is a sentence of the rule; every reading is followed, none is preferred. */
export function recognise(grammar: Grammar, rule: string, text: string): Verdict {
  const lower = text.toLowerCase()
  const seen = new Map<string, Set<number>>()
  let reached = 0

  function ends(node: Node, at: number): Set<number> {
    switch (node.kind) {
      case 'any':
        return new Set(node.parts.flatMap((part) => [...ends(part, at)]))
      case 'all':
        return sequence(node.parts, at)
      case 'repeat':
        return repeated(node, at)
      case 'rule':
        return ruleEnds(node.name, at)
      case 'text':
        return taken((node.caseless ? lower : text).startsWith(node.text, at), at + node.text.length)
      case 'range': {
        const code = text.codePointAt(at) ?? -1
        return taken(code >= node.from && code <= node.to, at + 1)
      }
    }
  }
  function sequence(parts: readonly Node[], at: number): Set<number> {
    let edge = new Set([at])
    for (const part of parts) edge = new Set([...edge].flatMap((one) => [...ends(part, one)]))
    return edge
  }
  function taken(matches: boolean, end: number): Set<number> {
    if (!matches) return new Set()
    reached = Math.max(reached, end)
    return new Set([end])
  }
  function repeated({ least, most, part }: Extract<Node, { kind: 'repeat' }>, at: number): Set<number> {
    const found = new Set<number>(least === 0 ? [at] : [])
    let edge = new Set([at])
    for (let count = 1; count <= most && edge.size > 0; count += 1) {
      const next = new Set([...edge].flatMap((one) => [...ends(part, one)]))
      edge = new Set([...next].filter((end) => count < least || !found.has(end)))
      if (count >= least) for (const end of next) found.add(end)
    }
    return found
  }
  function ruleEnds(name: string, at: number): Set<number> {
    const key = `${name} ${at}`
    const known = seen.get(key)
    if (known) return known
    seen.set(key, new Set())
    const found = namedEnds(name, at)
    seen.set(key, found)
    return found
  }
  function namedEnds(name: string, at: number): Set<number> {
    const only = grammar.names.get(name)
    if (only) return new Set(only.flatMap((word) => [...taken(text.startsWith(word, at), at + word.length)]))
    const node = grammar.rules.get(name)
    if (!node) throw new Error(`the grammar has no rule ${name}`)
    return ends(node, at)
  }

  const matches = ruleEnds(rule.toLowerCase(), 0).has(text.length)
  return { matches, reached }
}
