/** Dotted paths into JSON, with places in arrays: `address.city`, `phones[0].number`, `[1].id`. */

export const pathForm = /^(?:\[\d{1,6}\]|[^.[\]\s][^.[\]]*)(?:\[\d{1,6}\]|\.[^.[\]]+)*$/

const parsed = new Map<string, readonly (string | number)[]>()
const mostParsed = 10_000

export function stepsOf(path: string): readonly (string | number)[] {
  const found = parsed.get(path)
  if (found) return found
  const steps = [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  )
  if (parsed.size >= mostParsed) parsed.clear()
  parsed.set(path, steps)
  return steps
}

/** Undefined where the path leads nowhere. A member that bears the whole path as its name comes first. */
export function valueAt(value: unknown, path: string, steps = stepsOf(path)): unknown {
  if (path === '') return value
  if (isObject(value) && Object.hasOwn(value, path)) return value[path]
  let at: unknown = value
  for (const step of steps) {
    if (typeof step === 'number') at = Array.isArray(at) ? at[step] : undefined
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
    if (at === undefined) return undefined
  }
  return at
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A copy of `body` with a value put at a path of names. */
export function withValueAt(body: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [first, ...rest] = stepsOf(path).map(String)
  if (first === undefined) return body
  if (rest.length === 0) return { ...body, [first]: value }
  const inner = body[first]
  return { ...body, [first]: withValueAt(isObject(inner) ? inner : {}, rest.join('.'), value) }
}

/** The header's name of `header:Name`, in lower case; null for a path. */
export function headerName(place: string): string | null {
  return /^header:([\w-]{1,100})$/.exec(place)?.[1]?.toLowerCase() ?? null
}

/** Fills `{name}` in an address, each value encoded so that it can be no other part of it. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? encodeSegment(values[name]!) : whole,
  )
}

/** `..` alone would climb in a path though nothing in it needs encoding. */
function encodeSegment(value: string): string {
  const encoded = encodeURIComponent(value)
  return /^\.{1,2}$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded
}
