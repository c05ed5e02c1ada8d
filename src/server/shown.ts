import { usersOf } from '#connections/authentications.ts'
import type { Authentication, Connection as StoredConnection } from '#connections/connection.ts'
import { isByWindow } from '#connections/consent-app.ts'
import { placesOf } from '#connections/kept-secret.ts'
import type { QuotaView } from '#connections/quota-view.ts'
import type { Connector } from '#connectors/connector.ts'
import type { OutboxRow } from '#outbox/write.ts'
import type { RecordCounts } from '#records/count.ts'
import type { FedChange } from '#records/feed.ts'
import { markText } from '#records/find.ts'
import type { SyncedTable } from '#records/table.ts'
import type { Progress, SyncRun } from '#sync/run.ts'
import type { Authentication as ShownAuthentication } from './contract/authentications.ts'
import type { Change } from './contract/changes.ts'
import type { Connection } from './contract/connections.ts'
import type { Quota } from './contract/quota.ts'
import type { Run } from './contract/runs.ts'
import type { Problem } from './contract/shapes.ts'
import type { Completeness, Table } from './contract/tables.ts'
import type { Write } from './contract/writes.ts'

/** How what is stored is shown: times as ISO text, marks and other big integers as text, nothing that the contract does not name. */

export const time = (at: Date) => at.toISOString()
export const timeOrNull = (at: Date | null | undefined) => at?.toISOString() ?? null

function completeness(stored: unknown): Completeness | null {
  if (stored === null || stored === undefined) return null
  const { at, crm, held, parked, differences, healed, deletesVerifiedAt } = stored as Completeness
  return { at, crm, held, parked, differences, healed, deletesVerifiedAt }
}

interface StoredProblem {
  code: string
  message: string
  mend?: string | null
  since?: string
  at?: string
  page?: number
  vendor?: Problem['vendor']
}

export function problem(stored: unknown): Problem | null {
  if (stored === null || stored === undefined) return null
  const { code, message, mend, since, at, page, vendor } = stored as StoredProblem
  const when = since ?? at
  return {
    code,
    message,
    mend: mend ?? null,
    // jsonb writes a timestamp with an offset; the contract says UTC.
    since: when === undefined ? null : new Date(when).toISOString(),
    ...(page === undefined ? {} : { page }),
    ...(vendor ? { vendor } : {}),
  }
}

export function connection(stored: StoredConnection): Connection {
  const { id, name, crm, organisation, url, authenticationId, peopleAuthenticationId, state, settings, webhook } =
    stored
  return {
    id,
    name,
    crm,
    organisation,
    url,
    authenticationId,
    peopleAuthenticationId,
    state,
    problem: state === 'needs_attention' ? problem(stored.problem) : null,
    settings: {
      defaultCountry: settings.defaultCountry ?? null,
      timeZone: settings.timeZone ?? null,
      apiVersion: settings.apiVersion ?? null,
      keyFields: settings.keyFields ?? null,
      writesAsPerson: settings.writesAsPerson ?? null,
    },
    webhook: webhook?.url ? { url: webhook.url, registeredAt: webhook.problem ? null : webhook.at } : null,
    createdAt: time(stored.createdAt),
    changedAt: time(stored.changedAt),
  }
}

export function authentication(
  stored: Authentication,
  beside: {
    connections: readonly StoredConnection[]
    quotas: readonly QuotaView[]
    connectors: readonly Connector[]
  },
): ShownAuthentication {
  const { id, name, kind, settings } = stored
  const users = usersOf(id, beside.connections)
  const view = beside.quotas.find(({ connectionId }) => users.some((user) => user.id === connectionId))
  const connector = beside.connectors.find(({ manifest }) => manifest.authentication.kind === kind)
  return {
    id,
    name,
    crm: connector?.manifest.crm ?? '',
    kind,
    settings,
    consent: isByWindow(settings) ? (stored.isConsented ? 'given' : 'waiting') : null,
    tokenExpiresAt: timeOrNull(stored.tokenExpiresAt),
    problem: problem(stored.problem),
    quota: view ? quota(view) : null,
    connections: users.map(use),
    places: placesOf(stored, beside.connections),
    isOwn: stored.madeFor !== null,
    createdAt: time(stored.createdAt),
    changedAt: time(stored.changedAt),
  }
}

export const use = ({ id, name, state }: StoredConnection) => ({ id, name, state })

export function quota(view: QuotaView): Quota {
  const { resetsAt, blockedUntil, waiting, ...figures } = view
  return {
    ...figures,
    resetsAt: timeOrNull(resetsAt),
    blockedUntil: timeOrNull(blockedUntil),
    waiting: waiting.map(({ lane, count, until }) => ({ lane, count, until: time(until) })),
  }
}

const nothing: RecordCounts = { records: 0, deleted: 0, outOfScope: 0, parked: 0 }

export function table(stored: SyncedTable, counts: RecordCounts | undefined): Table {
  return {
    connectionId: stored.connectionId,
    entity: stored.entity,
    enabled: stored.enabled,
    sourceName: stored.source.name,
    labels: stored.source.labels,
    changeTracking: stored.source.changeTracking,
    columns: stored.columns,
    gone: goneOf(stored),
    filter: stored.filter,
    mapping: stored.mapping,
    ruleVersion: stored.ruleVersion,
    scheduleSeconds: stored.scheduleSeconds,
    firstPassAt: timeOrNull(stored.firstPassAt),
    lastPassAt: timeOrNull(stored.lastPassAt),
    nextPassAt: timeOrNull(stored.nextPassAt),
    counts: counts ?? nothing,
    completeness: completeness(stored.completeness),
    problem: problem(stored.problem),
  }
}

const goneOf = ({ columns, source }: SyncedTable): Table['gone'] =>
  source.fields.flatMap(({ name, gone }) =>
    gone !== undefined && columns.includes(name) ? [{ column: name, since: gone }] : [],
  )

const noProgress: Progress = {
  pages: 0,
  records: 0,
  written: 0,
  parked: 0,
  outOfScope: 0,
  bytes: 0,
  rate: 0,
  lastPageAt: null,
}
/** A run that stored nothing for so long has no rate to speak of. */
const staleRateMs = 30_000

export function run(stored: SyncRun, from: Pick<SyncedTable, 'connectionId' | 'entity'>, done = noProgress): Run {
  const { pages, records, written, parked, outOfScope, bytes } = done
  const rate = rateOf(stored, done)
  const expected = stored.expected === null ? null : Number(stored.expected)
  const left = stored.state === 'running' && rate && expected !== null ? Math.max(0, expected - records) / rate : null
  return {
    id: stored.id,
    connectionId: from.connectionId,
    entity: from.entity,
    kind: stored.kind,
    state: stored.state,
    cause: stored.cause,
    requestedBy: stored.requestedBy,
    expected,
    ...{ pages, records, written, parked, outOfScope, bytes },
    rate: rate === null ? null : Math.round(rate),
    secondsLeft: left === null ? null : Math.round(left),
    attempts: stored.attempts,
    createdAt: time(stored.createdAt),
    startedAt: timeOrNull(stored.startedAt),
    finishedAt: timeOrNull(stored.finishedAt),
    notBefore: stored.state === 'waiting' ? timeOrNull(stored.notBefore) : null,
    problem: problem(stored.problem),
    result: stored.result,
  }
}

function rateOf(stored: SyncRun, done: Progress): number | null {
  const { startedAt, finishedAt } = stored
  if (startedAt && finishedAt) return done.records / Math.max(0.5, (finishedAt.getTime() - startedAt.getTime()) / 1000)
  if (stored.state !== 'running' || !done.lastPageAt) return null
  return Date.now() - done.lastPageAt.getTime() > staleRateMs ? 0 : done.rate
}

export function change(stored: FedChange, name: string | null): Change {
  const { id, connectionId, entity, recordId, operation, cause, mark, changed } = stored
  return {
    id,
    at: time(stored.at),
    connectionId,
    entity,
    recordId,
    name,
    operation: operation as Change['operation'],
    cause,
    mark,
    changed,
  }
}

export function write(stored: OutboxRow): Write {
  const { id, connectionId, entity, recordId, sourceId, operation, fields, writeKey, state, attempts } = stored
  return {
    ...{ id, connectionId, entity, recordId, sourceId, operation, fields },
    expectedMark: markText(stored.expectedMark),
    ...{ writeKey, state, attempts },
    notBefore: timeOrNull(stored.notBefore),
    problem: problem(stored.problem),
    result: stored.result as Write['result'],
    requestedBy: stored.requestedBy,
    as: stored.personId === null ? 'service' : 'person',
    createdAt: time(stored.createdAt),
    sentAt: timeOrNull(stored.sentAt),
    doneAt: timeOrNull(stored.doneAt),
  }
}
