import type { HubError } from '#core/errors.ts'
import type { SourceTable } from '#model/field.ts'
import type { Filter } from '#model/filter.ts'
import type { Mark } from '#model/mark.ts'
import type { RawRow, SourceRow } from '#model/reading.ts'
import type { CrmReply, CrmSession, Lane, OpenDoor } from './call.ts'
import type { DefaultTable } from './default-table.ts'
import type { PushInstaller } from './installer.ts'
import type { Listen } from './listener.ts'
import type { OwnSettings, Preset, TableTrial } from './own-settings.ts'
import type { CrmEvent, PushedHead, PushedRequest, Subscription } from './push.ts'

export interface AuthenticationInput {
  /** Nothing secret: for Dynamics authority, tenant, clientId, scope. */
  settings: Record<string, string>
  secret: string
}

export interface Authorisation {
  headers?: Record<string, string>
  query?: Record<string, string>
}

export interface AccessToken {
  value: string
  /** Seconds from now, as the issuer says; null where it does not: then the token serves until it is refused. */
  expiresIn: number | null
}

/** What a window of the CRM gave. */
export interface ConsentToken extends AccessToken {
  /** Renews the token without a person; null where the CRM gave none. */
  refreshToken: string | null
}

/**
 * Signing in as a person in a window of the CRM: an authorization code (RFC 6749 §4.1) with PKCE (RFC 7636), whose method
 * is always S256. What `state` and the verifier are, and who may come back with a code, is the caller's to see to.
 */
export interface Consent {
  /** The window's address. `settings`: those of the app, nothing secret. Throws input.invalid. */
  window(
    url: string,
    settings: Record<string, string>,
    asked: { redirectUri: string; state: string; challenge: string },
  ): string
  /** Changes a code for tokens. `app.secret` is '' for a public client. Throws authentication.*. */
  redeem(
    door: OpenDoor,
    url: string,
    app: AuthenticationInput,
    came: { code: string; verifier: string; redirectUri: string },
  ): Promise<ConsentToken>
  /**
   * A new token by the refresh token; the answer holds the one to be used from now on. Throws authentication.consent_over
   * where the person must sign in again.
   */
  renew(door: OpenDoor, url: string, app: AuthenticationInput, refreshToken: string): Promise<ConsentToken>
}

export type CheckName = 'dns' | 'tls' | 'address' | 'tenant' | 'client' | 'secret' | 'consent' | 'user' | 'table'

/** One tick of a connection check, in the order it was made. */
export interface CheckStep {
  check: CheckName
  /** For 'table': the entity. */
  subject?: string
  ok: boolean
  message: string
  mend?: string
}

export interface Identity {
  organisation: string
  userId: string
  /** Stands for what this user is shown, as far as the CRM says it cheaply: another text, perhaps other rows. */
  sight: string
}

/** What is copied of one table. */
export interface TableScope {
  table: SourceTable
  /** Names of the CRM's fields, the id field always among them. */
  columns: readonly string[]
  filter: Filter | null
  /** When the filter's relative times are taken, in milliseconds since the epoch; the time of each request when absent. */
  at?: number
}

/** Which rows a reading walks: all by query, all with the CRM's change tracking, or those modified since. */
export type Walk =
  | { kind: 'query' }
  | { kind: 'tracked' }
  | { kind: 'since'; since: Date }
  /** Continues from a delta link. */
  | { kind: 'delta'; link: string }

export interface Page {
  /** Each row's JSON text, cut out of the reply as the CRM wrote it, so that no digit is lost. */
  rows: RawRow[]
  /** Source ids that the CRM lists as deleted: hints, to be settled by reading. */
  deleted: string[]
  /** Of ids that were asked for: those whose records are, or were, of another table that shares the CRM's own with this one. */
  elsewhere?: string[]
  next: string | null
  /** On the last page of a tracked walk: where the next one starts. */
  delta: string | null
  /** The CRM's clock when it answered. */
  asOf: Date | null
  bytes: number
}

export interface MarkPage {
  entries: { sourceId: string; mark: Mark | null }[]
  next: string | null
  asOf: Date | null
}

export interface Write {
  operation: 'create' | 'update' | 'delete'
  sourceId: string
  /** The CRM's field names → JSON values; a lookup as `{ entity: 'account', id: '…' }`, parties as a list of `Party`. */
  fields: Record<string, unknown>
  /** Update and delete: only when the CRM still holds this version. */
  expectedMark?: Mark
  /** What the CRM held in that version, where it was read. */
  before?: Readonly<Record<string, unknown>>
  /** A create of which the CRM chooses the id: what stands for it, to be written into the table's `keyField`. */
  key?: string
}

/** `exists`: a create met its own id. `conflict`: the expected version is gone. `missing`: no such record. */
export type WriteOutcome =
  /** `sourceId`: the id that the CRM chose. */
  | { outcome: 'written'; mark: Mark | null; sourceId?: string }
  | { outcome: 'exists' }
  | { outcome: 'conflict' }
  | { outcome: 'missing' }

export interface ScopedWrite {
  scope: TableScope
  write: Write
}

export interface AuthenticationField {
  name: string
  secret: boolean
  required: boolean
  /** Of several lines, such as a key in PEM. */
  multiline?: true
  /** Asked for only where the setting `flow` has this value. */
  flow?: string
}

/**
 * Calls of a window as the CRM itself tells in its replies: those of all its clients together; or that it refused the call
 * for its number and takes none before a time (milliseconds since the epoch), or did not tell until when.
 */
export type QuotaReading = { used: number; limit: number } | { until: number } | 'used up'

/** What a connector can do; an ability that is missing says why. */
export interface Manifest {
  crm: string
  /** As people say it: `Dynamics 365`. */
  title: string
  authentication: {
    kind: string
    /** Ways to sign in, the usual one first: the chosen one stands in the setting `flow`. None: there is one way. */
    flows?: string[]
    fields: AuthenticationField[]
  }
  abilities: Record<'changeTracking' | 'window' | 'push' | 'write' | 'restore' | 'filter', true | { lacks: string }>
  /**
   * Calls allowed per window, as the vendor publishes: the shared quota starts from it. Where replies tell (`readQuota`)
   * it serves until the first of them.
   */
  quota: { calls: number; seconds: number }
  writeKey: 'hub id' | 'external id' | 'written mark'
  /** Rows read later than this after their modification are caught by re-reading a window this long. Seconds. */
  lateArrivalSeconds: number
  /** Ids read back in one request. */
  idsPerRead: number
  /** A walk since a time lists what was deleted too: ids and versions then need be enumerated only once a day. */
  listsDeleted?: true
}

/** The code for one kind of CRM. Connectors do no storage and never see a sibling. */
export interface PageOptions {
  lane: Lane
  pageSize: number
  signal?: AbortSignal
  /**
   * Told where the next page is as soon as it can be seen, before the page itself was looked through: so that its
   * request leaves sooner. Told again where the page is asked for again, and not at all where it cannot be seen so soon.
   */
  onNext?: (next: string) => void
}

export interface Connector {
  manifest: Manifest
  /** The address people paste, trimmed to its origin; throws input.invalid. */
  normaliseUrl(text: string): string
  /**
   * Where a connection of this kind has settings of its own that say what its API is like: checks what a person gave,
   * and says what follows from it. Throws input.invalid.
   */
  readSettings?(url: string, given: Readonly<Record<string, unknown>>): OwnSettings
  /** Such settings for APIs that many use. */
  presets?(): readonly Preset[]
  /** Reads a page of a table that such settings describe, and says what it sees there. */
  tryTable?(session: CrmSession, asked: { entity: string; link: string | null }): Promise<TableTrial>
  /** How a call carries its token; as a bearer in its header when absent. */
  authorise?(token: string, settings: Readonly<Record<string, unknown>>): Authorisation
  /**
   * Settings that the organisation itself can tell (the tenant, from its 401 challenge); throws connection.not_the_crm.
   * `given` are those that a person gave: an authority outside the known clouds is believed only when it is theirs.
   */
  discover(door: OpenDoor, url: string, given?: Record<string, string>): Promise<Record<string, string>>
  /** Throws authentication.* naming what is wrong. */
  requestToken(door: OpenDoor, url: string, authentication: AuthenticationInput): Promise<AccessToken>
  /** Signing in as a person; absent where the CRM has no window for it. */
  consent?: Consent
  /** What a 401 means that no new token mends; null where a new token may. */
  refusesAll?(reply: CrmReply): HubError | null
  /** Calls allowed per window by what a connection's settings tell; absent or undefined: the manifest's. */
  quotaOf?(settings: Readonly<Record<string, unknown>>): Manifest['quota'] | undefined
  /** What a reply, of any status, tells of the quota. */
  readQuota?(reply: CrmReply): QuotaReading | null
  /** The CRM's own id of the organisation and of the user that the hub is; throws crm.no_user, connection.not_the_crm. */
  identify(session: CrmSession): Promise<Identity>
  /** Table privileges, one step each; throws what concerns more than a table, such as crm.unreachable. */
  checkTables(session: CrmSession, tables: readonly string[]): AsyncIterable<CheckStep>
  listTables(session: CrmSession): Promise<{ name: string; labels: Record<string, string> }[]>
  describeTable(session: CrmSession, table: string): Promise<SourceTable>
  defaultTables: readonly DefaultTable[]
  /** A first mapping for a custom table, from its own metadata. */
  suggestTable(table: SourceTable): DefaultTable
  /** `expected`: about how many rows; null: it was asked for, and cannot be told, as of very many. */
  firstLink(scope: TableScope, walk: Walk, expected?: number | null): string
  /** Throws crm.body_invalid, crm.foreign_link, crm.delta_expired, crm.privilege_missing, field.unknown … */
  readPage(session: CrmSession, link: string, walk: Walk, options: PageOptions): Promise<Page>
  /**
   * Ends what the CRM still does for a walk that nobody goes on with; `mayGoOn`: unless somebody resumes it, so that what
   * it has ready stays.
   */
  leaveWalk?(session: CrmSession, link: string, options: { mayGoOn: boolean }): Promise<void>
  /** Throws record.invalid when the row has no id, no mark or is no object. */
  readRow(scope: TableScope, raw: RawRow): SourceRow
  /** The id of a row that readRow may refuse, so that it can be told apart and read again; null when it has none. */
  readId(scope: TableScope, raw: RawRow): string | null
  /** Rows by id; ids that are not answered are absent. At most manifest.idsPerRead ids. The filter is not applied. */
  readByIds(session: CrmSession, scope: TableScope, ids: readonly string[], lane: Lane): Promise<Page>
  firstMarkLink(scope: TableScope): string
  /** Id and mark of every row that the scope's query holds. */
  readMarks(
    session: CrmSession,
    scope: TableScope,
    link: string,
    options: { lane: Lane; pageSize: number; signal?: AbortSignal },
  ): Promise<MarkPage>
  /** About how many rows; null when the CRM cannot say. Never trusted for completeness. */
  estimate(session: CrmSession, scope: TableScope): Promise<number | null>
  write(session: CrmSession, scope: TableScope, write: Write): Promise<WriteOutcome>
  /**
   * Where the CRM takes several writes in one call: of different records, each with the outcome or the error that `write`
   * would have had. One that the call as a whole kept from being tried is made alone.
   */
  writeTogether?: {
    atMost: number
    /** As many calls side by side keep the CRM busy; one when absent. */
    calls?: number
    write(session: CrmSession, writes: readonly ScopedWrite[]): Promise<PromiseSettledResult<WriteOutcome>[]>
  }
  /** The CRM's fields that set an activity of this table completed; null: it has none that can be set. */
  completed?(table: SourceTable, told: { outgoing: boolean }): Record<string, unknown> | null
  /** The row that a create with this key made, if any; the table has a `keyField`. */
  readByKey?(session: CrmSession, scope: TableScope, key: string): Promise<Page>
  /** Makes the field for keys in a table, where it is missing and can be made; only with the organisation's consent. */
  makeKeyField?(session: CrmSession, table: SourceTable): Promise<void>
  /** One spelling for each id; throws input.invalid where it is none. */
  canonicalId?(id: string): string
  /** Registers (or mends) the push of changes of these tables; the secret travels with each event. */
  subscribe(
    session: CrmSession,
    tables: readonly string[],
    target: { url: string; secret: string },
  ): Promise<Subscription>
  unsubscribe(session: CrmSession, subscription: Subscription): Promise<void>
  /** Asked before the body is read, so that strangers cannot make the hub hold bodies; false refuses. */
  mayBeGenuine(head: PushedHead, secret: string): boolean
  /** Whether the sender knows the connection's push secret, where that takes the body; absent where the head proves it. */
  isGenuine?(request: PushedRequest, secret: string): boolean
  /** What a genuine push says changed; throws input.invalid. */
  readEvents(request: PushedRequest): CrmEvent[]
  /** What the sender wants to read once its events are kept; 202 without a body when absent. */
  acknowledge?(request: PushedRequest): { contentType: string; body: string }
  /** Where push needs code in the CRM: then `subscribe` does nothing, and a person has this done. */
  installer?: PushInstaller
  /** Hears of changes over a line that the hub holds open. */
  listen?: Listen
  /** The record's address for a person. */
  recordUrl(url: string, table: SourceTable, sourceId: string): string
}
