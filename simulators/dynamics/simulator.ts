import type { Directory } from '../entra/data.ts'
import type { Authenticator } from './auth.ts'
import { type Faults, makeFaults } from './faults.ts'
import type { Organization } from './organization.ts'
import { makeLog, type RequestLog } from './requests.ts'
import { type Service, snapshotTotals } from './service.ts'

/** Everything of one running simulator. */
export type Simulator = {
  org: Organization
  directory: Directory
  origin: string
  service: Service
  auth: Authenticator
  faults: Faults
  log: RequestLog
}

export function makeSimulator(parts: { org: Organization; directory: Directory; origin: string }): Simulator {
  const { org, directory, origin } = parts
  const service: Service = { org, origin, totals: new Map(), totalsAt: 0 }
  snapshotTotals(service)
  return {
    org,
    directory,
    origin,
    service,
    auth: { directory, known: new Map() },
    faults: makeFaults(),
    log: makeLog(),
  }
}
