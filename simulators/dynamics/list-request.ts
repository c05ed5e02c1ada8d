import type { Organization } from './organization.ts'
import type { Query } from './query.ts'
import type { Table } from './table.ts'

export type ListRequest = {
  org: Organization
  table: Table
  query: Query
  prefer: Map<string, string>
  /** `{org}/api/data/v9.2/` */
  root: string
  /** Path and query asked for, for next links. */
  url: string
}

/** What the service says it honoured. */
export function applied(prefer: Map<string, string>): Record<string, string> {
  const known = ['odata.maxpagesize', 'odata.include-annotations', 'odata.track-changes', 'return']
  const parts = known
    .filter((name) => prefer.has(name))
    .map((name) => {
      const value = prefer.get(name)!
      if (value === '') return name
      return name === 'odata.include-annotations' ? `${name}="${value}"` : `${name}=${value}`
    })
  return parts.length === 0 ? {} : { 'preference-applied': parts.join(',') }
}

export function contextOf(r: ListRequest, suffix = ''): string {
  const names = [...(r.query.select ?? []), ...r.query.expand.map((e) => `${e.nav}()`)]
  const columns = names.length > 0 ? `(${names.join(',')})` : ''
  return `"@odata.context":${JSON.stringify(`${r.root}$metadata#${r.table.definition.set}${columns}${suffix}`)}`
}

/** The request's own address with one option set; others stay as they were sent. */
export function linkWith(r: ListRequest, name: string, value: string): string {
  const kept = r.query.sent.filter(([n]) => n !== name)
  const query = [...kept, [name, encodeURIComponent(value).replaceAll('!', '%21')]]
    .map(([n, v]) => `${n}=${v}`)
    .join('&')
  return `${r.root}${r.table.definition.set}?${query}`
}
