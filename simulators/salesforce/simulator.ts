import type { Churn } from '../exchange/churn.ts'
import type { FaultRules, Faults } from '../exchange/faults.ts'
import type { Prepared } from '../exchange/prepared.ts'
import type { RequestLog } from '../exchange/request-log.ts'
import type { Capture } from './change-events.ts'
import type { Cursors } from './cursor.ts'
import type { Deployments } from './deployment.ts'
import type { BulkJobs } from './job.ts'
import type { Limits } from './limits.ts'
import type { Sessions } from './oauth.ts'
import type { Organisation } from './organisation.ts'
import type { Outgoing } from './outgoing.ts'
import type { Streaming } from './streaming.ts'

/** Everything of one running simulator. */
export type Simulator = {
  org: Organisation
  origin: string
  sessions: Sessions
  limits: Limits
  faults: Faults
  log: RequestLog
  cursors: Cursors
  jobs: BulkJobs
  prepared: Prepared
  streaming: Streaming
  deployments: Deployments
  outgoing: Outgoing
  churn: Churn
  capture: Capture
  /** When the objects' fields last changed. */
  schemaAt: { value: number }
}

export const FAULT_RULES: FaultRules = {
  guarded: new Set(['token', 'authorize', 'streaming']),
  natural: {
    'late-commit': ['write', 'composite', 'ingest'],
    'drop-after': ['write', 'composite', 'ingest'],
    'foreign-next-link': ['page'],
    'lost-locator': ['page'],
    'job-failed': ['bulk'],
  },
}

/** One request of the data service, alone or inside a composite. */
export type Call = {
  sim: Simulator
  method: string
  /** `v67.0` */
  version: string
  /** Path parts behind the version, decoded. */
  segments: string[]
  query: URLSearchParams
  headers: Record<string, string>
  body: Buffer
  userId: string
  /** Kinds of the faults that strike it. */
  struck: string[]
}

/** `client=` of Sforce-Call-Options, as change events tell it. */
export function originOf(call: Call): string {
  const client = /client=([^,]+)/.exec(call.headers['sforce-call-options'] ?? '')?.[1]?.trim() ?? ''
  return `com/salesforce/api/rest/${call.version.slice(1)};client=${client}`
}
