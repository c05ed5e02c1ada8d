import type { Directory } from '../entra/data.ts'
import { type Churn, makeChurn } from '../exchange/churn.ts'
import { type Faults, makeFaults } from '../exchange/faults.ts'
import { forgetPages, makePrepared, type Prepared } from '../exchange/prepared.ts'
import { makeLog, type RequestLog } from '../exchange/request-log.ts'
import type { Authenticator } from './auth.ts'
import { churnOf } from './churn.ts'
import { type Limits, makeLimits, type Protection } from './limits.ts'
import type { Organization } from './organization.ts'
import { forgetSets } from './prepared.ts'
import { FAULT_RULES } from './requests.ts'
import { type Service, snapshotTotals } from './service.ts'
import { makeWebhooks, type Webhooks } from './webhooks.ts'

/** Everything of one running simulator. */
export type Simulator = {
  org: Organization
  directory: Directory
  origin: string
  service: Service
  auth: Authenticator
  faults: Faults
  limits: Limits
  prepared: Prepared
  webhooks: Webhooks
  churn: Churn
  log: RequestLog
}

type SimulatorParts = {
  org: Organization
  directory: Directory
  origin: string
  prepared: boolean
  protection: Protection | null
}

export function makeSimulator(parts: SimulatorParts): Simulator {
  const { org, directory, origin } = parts
  const service: Service = { org, origin, totals: new Map(), totalsAt: 0 }
  snapshotTotals(service)
  const faults = makeFaults(FAULT_RULES)
  const prepared = makePrepared(parts.prepared)
  org.listeners.push((changes) => forgetSets(prepared, new Set(changes.map(({ table }) => table.definition.set))))
  org.schemaListeners.push(() => forgetPages(prepared))
  return {
    org,
    directory,
    origin,
    service,
    auth: { directory, known: new Map() },
    faults,
    limits: makeLimits(parts.protection),
    prepared,
    webhooks: makeWebhooks(org, faults),
    churn: makeChurn(Date.now() | 0, churnOf(org)),
    log: makeLog(),
  }
}
