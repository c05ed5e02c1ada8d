import type { Component } from './components.ts'
import type { Change, Organisation } from './organisation.ts'

/** One HTTP request that the organisation makes. */
export type Callout = {
  url: string
  method: string
  headers: Record<string, string>
  body: string
  /** Sent again until a SOAP acknowledgement comes. */
  acknowledged: boolean
  /** Why it cannot be sent. */
  error: string | null
  id: string
}

export function calloutsOf(_org: Organisation, _installed: Component[], _changes: Change[]): Callout[] {
  return []
}
