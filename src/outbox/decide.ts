import { type ErrorCode, HubError } from '#core/errors.ts'
import { compareMarks, type Mark } from '#model/mark.ts'
import type { Base } from './write.ts'

/**
 * What a failed request means for the write. `not applied`: the CRM surely did nothing, and asking again may help.
 * `refused`: it did nothing and will not. `lost`: it may have done it, or may yet.
 */
export type Failure = 'not applied' | 'refused' | 'lost'

const refusals = new Set<ErrorCode>([
  'crm.conflict',
  'crm.privilege_missing',
  'field.unknown',
  'input.invalid',
  'input.too_large',
  'linked_account.needed',
  'mapping.invalid',
  'record.invalid',
  'record.not_found',
  'write.conflict',
  'write.refused',
])

/** No answer to the request: of gateways and of servers that gave up, or that lead elsewhere; behind them it may have gone on. */
const isAmbiguous = (status: number | undefined) =>
  status !== undefined && (status < 400 || status === 408 || status === 425)

/** What a write's failure means; whoever cannot be sure says `lost`, since a reading settles that. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof HubError)) return 'lost'
  const { sent, vendorStatus } = error.detail
  const isAnswer = !isAmbiguous(vendorStatus)
  if (refusals.has(error.code) && isAnswer) return 'refused'
  if (sent === false || vendorStatus === 429) return 'not applied'
  if (vendorStatus === 401 || isUnready(error)) return 'not applied'
  return vendorStatus !== undefined && vendorStatus < 500 && isAnswer ? 'refused' : 'lost'
}

/** The connection is not in a state to be called at all: nothing left. */
const isUnready = (error: HubError) =>
  /^(authentication|connection|secret|configuration)\./.test(error.code) || error.code === 'crm.no_user'

const everywhere = new Set<ErrorCode>(['crm.throttled', 'crm.dns', 'crm.tls', 'crm.blocked_address'])

/** True when no other write of the connection would fare better just now. */
export function concernsAll(error: unknown): boolean {
  if (!(error instanceof HubError)) return false
  if (isUnready(error)) return true
  if (everywhere.has(error.code)) return true
  // A 500 is as often one record's plug-in.
  return error.code === 'crm.unreachable' && error.detail.vendorStatus !== 500
}

/**
 * True when a reading failed for good: asking again for the same would be refused again. A column that the CRM no longer
 * has is taken out of what is read by the next description of the table.
 */
export function isForGood(error: unknown): boolean {
  return failureOf(error) === 'refused' && (error as HubError).code !== 'field.unknown'
}

/** What a reading shows of the record. */
export interface Found {
  mark: Mark | null
  /** Every field that was asked could be seen and holds what was asked. */
  holds: boolean
}

/**
 * After a lost answer. `written`: what was asked stands in the CRM, or stood. `not yet`: it does not, and a repeat is
 * safe, since repeat and first request are bound to the same condition and only one of them can meet it. `unknown`:
 * the CRM holds something else, so a repeat could write twice or over someone's work.
 */
export type Verdict = 'written' | 'not yet' | 'unknown'

export interface LostWrite {
  base: Base
  /** The hub chose the record's id from the write key: nobody else makes a record with it. */
  ownId: boolean
  /** The hub has held content of the record, or knows only that it was deleted; null for neither. */
  seen: 'content' | 'deleted' | null
}

export function decideLost({ base, ownId, seen }: LostWrite, found: Found | null): Verdict {
  switch (base.operation) {
    case 'create':
      // Gone again: making it once more would revive what someone deleted.
      if (!found) return ownId ? whenGone[seen ?? 'never'] : 'not yet'
      return ownId || found.holds ? 'written' : 'unknown'
    case 'update':
      if (!found) return 'unknown'
      if (isSame(found.mark, base.mark)) return 'not yet'
      return found.holds ? 'written' : 'unknown'
    case 'delete':
      if (!found) return 'written'
      return isSame(found.mark, base.mark) ? 'not yet' : 'unknown'
  }
}

const whenGone = { content: 'written', deleted: 'unknown', never: 'not yet' } as const

const isSame = (a: Mark | null, b: Mark | null) => a !== null && b !== null && compareMarks(a, b) === 0
