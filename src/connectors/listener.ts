import type { CrmSession } from './call.ts'
import type { CrmEvent } from './push.ts'

/** What was heard in one breath: to be kept, all of it, before more is asked for. */
export interface Heard {
  events: CrmEvent[]
  /** Tables of which something changed that nobody can name: they are read as a whole. */
  missed: { table: string; reason: string }[]
  /** Where to go on after this. */
  replay: string | null
}

export interface Listening {
  /** The CRM's names of the tables that are copied. */
  tables: readonly string[]
  /** Where the last listener got to; null: only what is new. */
  replay: string | null
  signal: AbortSignal
  /** Called once when the CRM has agreed to tell, and again after each interruption. */
  onListening(): Promise<void>
  /** The listener goes on when this resolves; what it was told and did not keep is told again. */
  onHeard(heard: Heard): Promise<void>
}

/**
 * Hears of changes over a line that the hub holds open itself. Resolves when it is told to stop; throws
 * push.not_offered where the organisation does not have it, and what else ends the line.
 */
export type Listen = (session: CrmSession, listening: Listening) => Promise<void>
