import type { Connections } from '#connections/connections.ts'
import type { Connector } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import type { DesktopContext } from '#desktop/context.ts'
import type { DynamicDataLimits } from '#desktop/limits.ts'
import type { AskCrm } from '#desktop/search-further.ts'
import type { PeopleContext } from '#people/context.ts'
import type { CredentialCheck } from '#people/credential-check.ts'
import type { Principal } from '#people/principal.ts'
import type { Clients } from '#people/sign-on-client.ts'
import type { CountCache } from '#records/count.ts'
import type { Finder } from '#records/find.ts'
import type { LookUp } from '#records/lookup.ts'
import type { UnwrittenLookUps } from '#records/lookup-unwritten.ts'
import type { Keyring } from '#secrets/keyring.ts'
import type { AuditLog } from './acts.ts'
import type { HubSettings } from './contract/settings.ts'
import type { DoorCounts } from './door-counts.ts'
import type { HookTarget, PushedHint } from './inbound/crm-webhook.ts'

export type Role = 'web' | 'work' | 'all'

/** The agents' desktop, with who is told when an interaction changed in this process. */
export interface HubDesktop extends DesktopContext {
  keyring: Keyring
  onChange(listener: () => void): void
  askCrm: AskCrm
  /** Of a contact centre that signs its events; null: there is none of that name. */
  sourceSecret(name: string): Promise<string | null>
  limits: DynamicDataLimits
  /** `host:port` of hosts that may be called inside, and without encryption. */
  allowHosts: ReadonlySet<string>
}

/** What the doors stand before: built by app.ts, from the capabilities below. */
export interface Hub {
  version: string
  role: Role
  startedAt: Date
  publicUrl: string | undefined
  /** As it was started, for people to read. */
  settings: HubSettings
  clock: Clock
  log: Log
  pool: Pool
  lookUp: LookUp
  unwrittenLookUps: UnwrittenLookUps
  credentials: CredentialCheck
  people: PeopleContext
  /** Providers by which people sign in. */
  clients: Clients
  /** Whose word counts for from where a request comes. */
  trustedProxies: readonly string[]
  audit: AuditLog
  counts: CountCache
  doorCounts: DoorCounts
  desktop: HubDesktop
  finder: Finder
  connectors: readonly Connector[]
  connections: Connections
  /** Asks the CRM for parked records again, and stores those that are well now. */
  replayParked(which: { id?: string; connectionId?: string }): Promise<{ replayed: number; stillParked: number }>
  /** A run or a write may be due: no need to wait for the workers' next look. */
  wakeWorkers(): void
  findHookTarget(connectionId: string): Promise<HookTarget | null>
  keepHint(hint: PushedHint): Promise<'kept' | 'replayed'>
  /** In-process calls of the CLI carry this key. */
  operator?: { digest: Buffer; principal: Principal }
}
