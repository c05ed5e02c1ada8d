import type { Control } from './clients.ts'
import type { Fault } from './fault.ts'
import type { Phase } from './phases.ts'
import type { Chance } from './random.ts'
import type { Subject } from './subject.ts'

interface VendorStrike {
  subject: Subject
  strike: string
  phase: Phase
  chance: Chance
}

/** What a vendor strike puts on; `hits` faults must have struck before the strike counts. */
export function vendorFaults({ subject, strike, phase, chance }: VendorStrike): Fault[] {
  return subject.faultsOf(strike, phase, chance) ?? sharedFaults(strike, subject.requests[phase], chance)
}

/** Faults that every CRM can have, on requests of these kinds. */
export function sharedFaults(strike: string, on: readonly string[], chance: Chance): Fault[] {
  const times = chance.whole(2, 5)
  switch (strike) {
    case 'truncated':
      return [{ kind: 'truncate', on, times, ratio: 0.2 + 0.7 * chance.next() }]
    case 'html':
      return [{ kind: 'html', on, times }]
    case 'dropped':
      return [
        { kind: 'cut-body', on, times },
        { kind: 'drop-before', on, times },
      ]
    case 'throttled':
      return [{ kind: '429', on, times: times + 3, retryAfter: 1 }]
    case 'unavailable':
      return [{ kind: '5xx', on, times: times + 3, status: chance.pick([500, 502, 503, 504]) }]
    case 'token rejected':
      return [{ kind: 'token-rejected', on, times: chance.whole(1, 2) }]
    case 'delta expired':
      return [{ kind: 'delta-expired', times: 1 }]
    case 'late commit':
      return [{ kind: 'late-commit', on, times, ms: chance.whole(300, 2_500) }]
    case 'lost answers':
      return [{ kind: 'drop-after', on, times }]
    case 'changing pages':
      return [{ kind: 'slow-body', on, times: times + 4, ms: 900 }]
    case 'late readings':
      return [{ kind: 'slow-body', on: ['byIds', 'delta'], times: times + 6, ms: 1_500 }]
    case 'overtaken passes':
      return [{ kind: 'slow-body', on: ['delta'], times: 16, ms: 1_500 }]
    case 'unruly pushes':
      return unrulyPushes
    default:
      throw new Error(`no vendor fault ${strike}`)
  }
}

/** In rounds of life the CRM gives pages of so many rows. */
export const lifePage = 40

/**
 * A list of ids breaks off before its last page, for longer than a page is asked for again: what is not listed then is
 * few enough for a sweep that asks nobody. In one of these ways.
 */
export const listKinds = ['truncate', 'html', 'error-200'] as const

/** A token's life in rounds with short ones. The hub renews it in the middle. */
export const tokenSeconds = 12

export const unrulyPushes: Fault[] = [
  { kind: 'webhook-double', times: 30, ms: 60 },
  { kind: 'webhook-delay', times: 20, ms: 1_800 },
  { kind: 'webhook-reorder', times: 20, batch: 4, ms: 700 },
  { kind: 'webhook-double', times: 30, ms: 900 },
]

/** Puts faults on; answers their ids. */
export async function putOn(control: Control, faults: readonly Fault[]): Promise<number[]> {
  const ids: number[] = []
  for (const fault of faults) ids.push((await control.post<{ id: number }>('/faults', fault)).id)
  return ids
}

/** Whether all of these faults have struck as often as they may. */
export async function struckOut(control: Control, ids: readonly number[]): Promise<boolean> {
  const { faults } = await control.get<{ faults: { id: number }[] }>('/faults')
  return !faults.some(({ id }) => ids.includes(id))
}

/** How many of these faults have struck at all; one that has struck itself out is off the list. */
export async function struck(control: Control, ids: readonly number[]): Promise<number> {
  const { faults } = await control.get<{ faults: { id: number; hits: number }[] }>('/faults')
  const left = new Map(faults.map((fault) => [fault.id, fault.hits]))
  return ids.filter((id) => (left.get(id) ?? 1) > 0).length
}
