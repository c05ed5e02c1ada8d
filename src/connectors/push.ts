/** What was posted to a connection's webhook address, before anything of it is believed. */
export interface PushedHead {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  query: Readonly<Record<string, unknown>>
  /** What follows the connection's address: `['contact', 'create']` of `/hooks/crm/<id>/contact/create`. */
  path: readonly string[]
  /** The connection's own settings. */
  settings: Readonly<Record<string, unknown>>
  /** When it came, in milliseconds since the epoch. */
  at: number
}

export interface PushedRequest extends PushedHead {
  /** As it came, so that a signature can be checked. */
  body: Buffer
}

export interface CrmEvent {
  /** The event's own identity, the same when it is delivered again. */
  eventKey: string
  /** Null where the CRM's pushes do not name it. */
  organisation: string | null
  /** The CRM's table name. */
  table: string
  sourceId: string
  operation: string
}

export interface Subscription {
  endpointId: string
  stepIds: string[]
  url: string
}
