import type { Connector, TableScope } from '#connectors/connector.ts'
import type { TestSession } from '../support/crm-session.ts'

/** What can go wrong on the CRM's side, in words that fit any of them. */
export type Trouble =
  | 'throttled with a hint'
  | 'throttled without a hint'
  | 'server error'
  | 'cut connection'
  | 'truncated body'
  | 'web page'
  | 'error in a success'
  | 'foreign next link'
  | 'token rejected'
  | 'delta expired'

/** A simulated CRM with one table of people, as the conformance suite sees it. */
export interface World {
  connector: Connector
  session: TestSession
  /** A session whose calls give up soon, for troubles that do not pass. */
  hasty: TestSession
  scope: TableScope
  /** The CRM's names of columns that the suite writes and reads. */
  names: { text: string; date: string; modified: string }
  /** What the CRM holds, read past its API: id → version and fields. */
  truth(): Promise<Map<string, { version: bigint; fields: Record<string, unknown> }>>
  create(text: string, more?: Record<string, unknown>): Promise<string>
  /** A row that breaks the model: it has no id. */
  createBroken(): Promise<void>
  change(id: string, fields: Record<string, unknown>): Promise<void>
  remove(id: string): Promise<void>
  restore(id: string): Promise<void>
  /** Strikes reading requests: `times` of them (0: all), after letting `after` through. */
  strike(trouble: Trouble, options?: { times?: number; after?: number }): Promise<void>
  calm(): Promise<void>
  denyReading(): Promise<void>
  /** Takes a column out of the table. */
  dropColumn(name: string): Promise<void>
  /** Reading requests that arrived so far. */
  asked(): Promise<number>
  close(): Promise<void>
}
