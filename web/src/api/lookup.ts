import { queryOptions } from '@tanstack/react-query'
import type { Lookup, Match } from '../../../src/server/contract/lookup.ts'
import { address, get } from './request.ts'
import { mayNow } from './rights.ts'

export type { Lookup, Match }
export type LookupBy = 'phone' | 'email' | 'name'

/** How a typed text is read: an address has an @, a number has at least three digits and no letters but an extension's. */
function readAs(text: string): LookupBy {
  if (text.includes('@')) return 'email'
  const digits = text.replace(/\D/g, '').length
  const letters = text.replace(/(?:ext|tel|poste|toestel|x)\.?/gi, '').replace(/[^\p{L}]/gu, '').length
  return digits >= 3 && letters === 0 ? 'phone' : 'name'
}

export const lookupQuery = (text: string) => {
  const by = readAs(text)
  return queryOptions({
    queryKey: ['lookup', by, text],
    queryFn: async ({ signal }) => {
      const began = performance.now()
      const answer = await get<Lookup>('/lookup', { [by]: text }, signal)
      return { ...answer, by, tookMs: hubTime(by, text) ?? performance.now() - began }
    },
    enabled: () => text.trim().length > 1 && mayNow('read:records'),
    staleTime: 5000,
  })
}

/** From the request's leaving to the answer's first byte: the hub's own time, without the page's. */
function hubTime(by: LookupBy, text: string): number | null {
  const url = new URL(address('/lookup', { [by]: text }), location.origin).href
  const entry = performance.getEntriesByName(url, 'resource').at(-1)
  if (!(entry instanceof PerformanceResourceTiming) || entry.requestStart === 0) return null
  return entry.responseStart - entry.requestStart
}
