import { compareMarks, type Mark } from '#model/mark.ts'

/** What the hub holds of a record, as far as a decision needs it. */
export interface Stored {
  mark: Mark | null
  contentHash: bigint | null
  /** Drawn when this state was stored. */
  ticket: bigint
  deleted: boolean
  outOfScope: boolean
}

/** A row as it was read. */
export interface Reading {
  mark: Mark | null
  contentHash: bigint
  /** Drawn before the request went out. */
  ticket: bigint
  inScope: boolean
  /** Asked for by id to settle a doubt, rather than met on a page: only such a reading may revive a tombstone. */
  byId: boolean
}

/**
 * `write`: the reading is later than what is stored. `keep`: the same, or older than what is stored. `read again`: nobody
 * can tell which is later, so the CRM is asked for this record once more.
 */
export type Decision = 'write' | 'keep' | 'read again'

/** Order by source (design invariant 3): the higher mark wins, and where marks do not tell, the reading tickets do. */
export function decide(stored: Stored, reading: Reading): Decision {
  if (stored.deleted) return decideOnTombstone(stored, reading)
  if (stored.mark !== null && reading.mark !== null) {
    const order = compareMarks(reading.mark, stored.mark)
    if (order > 0) return 'write'
    if (order < 0) return 'keep'
  }
  const same = stored.contentHash === reading.contentHash && stored.outOfScope === !reading.inScope
  if (same) return 'keep'
  return isLater(stored, reading) ? 'write' : 'read again'
}

function decideOnTombstone(stored: Stored, reading: Reading): Decision {
  if (isLater(stored, reading)) return reading.byId ? 'write' : 'read again'
  // The page was asked for before the delete was settled. What it shows may be the row as it was, or a restored one.
  const known = stored.mark !== null && reading.mark !== null && compareMarks(reading.mark, stored.mark) <= 0
  return known ? 'keep' : 'read again'
}

/** The CRM answered that it holds no such record. `keep`: it is a tombstone already. */
export function decideAbsent(stored: Stored | null, reading: { ticket: bigint }): Decision {
  if (stored === null) return 'write'
  if (stored.deleted) return 'keep'
  return isLater(stored, reading) ? 'write' : 'read again'
}

function isLater(stored: Stored, reading: { ticket: bigint }): boolean {
  return reading.ticket > stored.ticket
}
