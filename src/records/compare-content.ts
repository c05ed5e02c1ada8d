import { parseExact } from '#core/exact-json.ts'

export type Changed = Record<string, { before: unknown; after: unknown }>

// Annotations and the version are no content: `@odata.etag`, `x@OData.Community…`.
const isContent = (field: string) => !field.includes('@')

/** The fields that differ between two states of a row, by the CRM's own field names; null stands for "no such row". */
export function changedFields(before: string | null, after: string | null, ignored: readonly string[] = []): Changed {
  const old = before === null ? {} : parseExact(before)
  const now = after === null ? {} : parseExact(after)
  const changed: Changed = {}
  for (const field of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (!isContent(field) || ignored.includes(field)) continue
    const left = old[field] ?? null
    const right = now[field] ?? null
    if (JSON.stringify(left) !== JSON.stringify(right)) changed[field] = { before: left, after: right }
  }
  return changed
}
