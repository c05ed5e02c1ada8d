import { odata } from './errors.ts'
import { readKey } from './keys.ts'
import type { Organization } from './organization.ts'
import type { Table } from './table.ts'

export type Context = {
  org: Organization
  userId: string
  /** What `$1` in a change set stands for: the address of the row it made. */
  references: Map<string, string>
}

export type Target = { table: Table; id: string }

/** The row that an address names: absolute, or relative with or without a leading slash, by any key. */
export function resolve(c: Context, address: string): Target {
  let path = address
  const reference = /^\$(\w+)$/.exec(address)?.[1]
  if (reference !== undefined) {
    const made = c.references.get(reference)
    if (!made) throw odata(`Content-ID Reference: '${address}' does not exist in the batch context.`)
    path = made
  }
  const segment = decodeURIComponent(
    path
      .replace(/^https?:\/\/[^/]+/, '')
      .replace(/^\/?(?:api\/data\/v9\.\d\/)?/, '')
      .replace(/^\//, ''),
  )
  const set = segment.split('(')[0] ?? ''
  const table = c.org.sets.get(set)
  if (!table || !segment.includes('(')) throw odata(`Resource not found for the segment '${segment}'.`, 404)
  const key = readKey(table, segment)
  if (key.row === undefined || key.id === null) throw key.missing()
  return { table, id: key.id }
}
