import type { Mark } from '#model/mark.ts'
import type { DestinationEntity } from './entities.ts'
import type { MappingChange } from './mapping.ts'

/** What becomes of a row whose record is gone: deleted in its CRM, or out of the filter. */
export type OnDelete = 'keep' | 'deactivate' | 'delete'

export type DestinationState = 'paused' | 'active' | 'removed'

export interface DestinationProblem {
  code: string
  message: string
  mend: string | null
  /** ISO time. */
  since: string
  retryAt: string | null
}

/** An organisation into which the records of all other connections are written. */
export interface Destination {
  id: string
  connectionId: string
  state: DestinationState
  onDelete: OnDelete
  entities: DestinationEntity[]
  /** What people changed of the defaults. */
  mapping: MappingChange | null
  mappingVersion: number
  labels: string[]
  cursor: string | null
  listedAt: Date | null
  figure: Figure | null
  figureAskedAt: Date | null
  figureRepairs: boolean
  problem: DestinationProblem | null
  createdAt: Date
  changedAt: Date
}

/** How one table of the destination compared with the hub's records. */
export interface FigureCounts {
  /** Records that are to stand there. */
  records: number
  /** Of them: as written, in the version that the destination answered. */
  held: number
  /** Asked for and not written yet. */
  waiting: number
  /** The destination does not take them as they are. */
  parked: number
  missing: number
  differing: number
  /** Rows with a source of a connected CRM whose record the hub does not have. */
  extra: number
  /** Rows of records that are gone, kept or taken out of use by the policy. */
  past: number
}

export interface Figure extends FigureCounts {
  /** ISO time of the listing. */
  at: string
  repaired: number
  entities: Partial<Record<DestinationEntity, FigureCounts>>
  /** Some of each, by row id. */
  samples: { entity: DestinationEntity; kind: 'missing' | 'differing' | 'extra'; rowId: string }[]
}

/** A record's row in the destination that is due. */
export interface DueRow {
  recordId: string
  tableId: number
  entity: DestinationEntity
  rowId: string
  state: 'waiting' | 'written' | 'deactivated' | 'deleted' | 'kept'
  asked: bigint
  /** A request for it left, and the row may be there. */
  sent: boolean
  /** Milliseconds since the last one left. */
  sentAgo: number | null
  tries: number
  hash: bigint | null
  /** Null also from when a request leaves until its outcome is stored: what stands there is not known then. */
  mark: Mark | null
}
