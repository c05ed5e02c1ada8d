import type { Churn } from '../exchange/churn.ts'
import type { Faults } from '../exchange/faults.ts'
import type { Prepared } from '../exchange/prepared.ts'
import type { RequestLog } from '../exchange/request-log.ts'
import type { Access } from './auth.ts'
import type { Store } from './rows.ts'
import type { Webhooks } from './webhooks.ts'

/** Everything of one running simulator. */
export type Simulator = {
  store: Store
  origin: string
  access: Access
  faults: Faults
  webhooks: Webhooks
  churn: Churn
  log: RequestLog
  prepared: Prepared
}
