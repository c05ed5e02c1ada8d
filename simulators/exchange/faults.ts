/** Faults on demand. README.md lists the kinds and what each takes. */
export type Fault = {
  id: number
  kind: string
  /** How often it still strikes; Infinity until cleared. */
  left: number
  /** Matching requests that are let through first. */
  skip: number
  hits: number
  matches: (subject: Subject) => boolean
  options: Record<string, unknown>
  /** Takes a lasting change back when the fault is cleared. */
  undo?: () => void
}

/** What a fault is matched against: `text` is the method and address, with those inside a `$batch` on further lines. */
export type Subject = { kind: string; text: string }

/** What a service's faults can strike. */
export type FaultRules = {
  /** Kinds of request that are struck only where a fault names them: those of signing in. */
  guarded: ReadonlySet<string>
  /** Kinds of fault that only some requests can suffer. */
  natural: Readonly<Record<string, readonly string[]>>
}

export type Faults = { list: Fault[]; next: number; rules: FaultRules }

export const makeFaults = (rules: FaultRules): Faults => ({ list: [], next: 1, rules })

/** Faults of what the service sends by itself. */
const WEBHOOK_KINDS = new Set(['webhook-double', 'webhook-reorder', 'webhook-delay', 'webhook-drop'])

export function addFault(faults: Faults, spec: Record<string, unknown>): Fault {
  const kind = String(spec.kind ?? '')
  if (kind === '') throw new Error('a fault needs a kind')
  const times = spec.times === undefined ? 1 : Number(spec.times)
  const fault: Fault = {
    id: faults.next++,
    kind,
    left: times === 0 ? Number.POSITIVE_INFINITY : times,
    skip: Number(spec.after ?? 0),
    hits: 0,
    matches: matcher(faults.rules, kind, spec),
    options: spec,
  }
  faults.list.push(fault)
  return fault
}

function matcher(rules: FaultRules, kind: string, spec: Record<string, unknown>): Fault['matches'] {
  const named = spec.on === undefined ? null : [spec.on].flat().map(String)
  const kinds = named ?? rules.natural[kind] ?? null
  const text = textTest(spec.match)
  return (subject) => {
    const ofKind = kinds
      ? kinds.includes(subject.kind)
      : named !== null || spec.match !== undefined || !rules.guarded.has(subject.kind)
    return ofKind && text(subject.text)
  }
}

/** `/…/flags` is a regular expression, anything else is looked for as it stands. */
function textTest(match: unknown): (text: string) => boolean {
  if (match === undefined) return () => true
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(String(match)) ?? []
  if (source !== undefined) {
    const pattern = new RegExp(source, flags)
    return (text) => text.search(pattern) >= 0
  }
  return (text) => text.includes(String(match))
}

/** Faults that can strike beside others; of the rest one strikes a request and the next ones wait for theirs. */
const COMPANIONS = new Set(['latency', 'slow-body', 'change'])

/** The faults that strike this request, each counted. */
export function takeFaults(faults: Faults, subject: Subject): Fault[] {
  if (faults.list.length === 0) return []
  const struck: Fault[] = []
  for (const fault of faults.list) {
    if (WEBHOOK_KINDS.has(fault.kind) || fault.undo || !fault.matches(subject)) continue
    if (!COMPANIONS.has(fault.kind) && struck.some((f) => !COMPANIONS.has(f.kind))) continue
    if (fault.skip > 0) fault.skip--
    else if (strike(fault)) struck.push(fault)
  }
  drop(faults)
  return struck
}

/** The first webhook fault that strikes this delivery. */
export function takeWebhookFault(faults: Faults, text: string): Fault | null {
  for (const fault of faults.list) {
    if (!WEBHOOK_KINDS.has(fault.kind) || !textTest(fault.options.match)(text)) continue
    if (fault.skip > 0) {
      fault.skip--
      continue
    }
    const struck = strike(fault)
    drop(faults)
    if (struck) return fault
  }
  return null
}

function strike(fault: Fault): boolean {
  if (fault.left <= 0) return false
  fault.left--
  fault.hits++
  return true
}

function drop(faults: Faults): void {
  faults.list = faults.list.filter((f) => f.left > 0)
}

export function clearFaults(faults: Faults): void {
  for (const fault of faults.list) fault.undo?.()
  faults.list = []
}

export function describe(fault: Fault): Record<string, unknown> {
  const left = Number.isFinite(fault.left) ? fault.left : null
  return { id: fault.id, ...fault.options, kind: fault.kind, left, hits: fault.hits }
}
