import type { Subscription } from '#connectors/push.ts'
import type { ErrorCode } from '#core/errors.ts'

export type ConnectionState = 'connecting' | 'active' | 'needs_attention' | 'paused' | 'removed'

/** Where a connection may go from each state; every move is one statement that is guarded by the old state. */
export const transitions = {
  connecting: ['active', 'needs_attention', 'removed'],
  active: ['needs_attention', 'paused', 'removed'],
  needs_attention: ['active', 'paused', 'removed'],
  paused: ['active', 'needs_attention', 'removed'],
  removed: ['connecting'],
} as const satisfies Record<ConnectionState, readonly ConnectionState[]>

const connectionStates = Object.keys(transitions) as ConnectionState[]

/** The states from which a connection may come to this one. */
export function statesBefore(to: ConnectionState): ConnectionState[] {
  return connectionStates.filter((from) => (transitions[from] as readonly ConnectionState[]).includes(to))
}

/** Why a connection needs attention, and what a person does about it. */
export interface Problem {
  code: ErrorCode
  message: string
  mend?: string
  /** ISO time, of the first failure in a row. */
  since: string
  /** Who refused: the issuer of tokens, or the organisation that was called with one. */
  from: 'issuer' | 'organisation'
  /** Re-checks made so far; they come at growing pauses. */
  checks: number
  /** ISO time; until then calls that would need a new token fail at once. */
  nextCheckAt: string
}

export interface ConnectionSettings {
  /** ISO 3166 alpha-2: completes telephone numbers that carry no country. */
  defaultCountry?: string
  /** IANA name. */
  timeZone?: string
  /** The CRM's own user that the hub is. */
  userId?: string
  /** Version of the CRM's API, where it has several: `60.0`. */
  apiVersion?: string
  /** The organisation's consent to a field of the hub's own in its tables, in which creates write their key. */
  keyFields?: boolean
  /** What people write goes out by the accounts of the CRM that they linked, not by the hub's. */
  writesAsPerson?: boolean
  /** What the API is like, where the connection itself says so; its connector alone understands it. */
  definition?: unknown
}

/** What was registered at the CRM to be told of changes. */
export interface Webhook extends Partial<Subscription> {
  /** The CRM's table names. */
  tables: string[]
  /** ISO time of the last attempt. */
  at: string
  /** Of the code that was put into the CRM: another one would be put there by another hub, address, table or secret. */
  version?: string
  /** A push that could not be registered is no fault of the connection: changes are then found by reading. */
  problem?: { code: ErrorCode; message: string; mend?: string; since: string }
}

/** A link to one organisation of one CRM. */
export interface Connection {
  id: string
  name: string
  crm: string
  /** The CRM's own id of the organisation. */
  organisation: string
  /** Origin, without a path. */
  url: string
  authenticationId: string
  /** The app by which people sign in to the CRM, where it is not the connection's own. */
  peopleAuthenticationId: string | null
  state: ConnectionState
  problem: Problem | null
  settings: ConnectionSettings
  webhook: Webhook | null
  createdAt: Date
  changedAt: Date
}

/** Named credentials as people see them: the secret is write-only. */
export interface Authentication {
  id: string
  name: string
  kind: string
  /** Nothing secret. */
  settings: Record<string, string>
  problem: Pick<Problem, 'code' | 'message' | 'mend'> | null
  hasSecret: boolean
  /** Somebody signed in to the CRM in its window, and the service lives by that. */
  isConsented: boolean
  tokenExpiresAt: Date | null
  /** Where it was made by itself: the organisation that it was tried at. Null: made with a connection. */
  madeFor: { crm: string; url: string } | null
  createdAt: Date
  changedAt: Date
}
