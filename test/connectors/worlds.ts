import { startDynamicsWorld } from './dynamics-world.ts'
import { startHttpWorld } from './http-world.ts'
import { startSalesforceWorld } from './salesforce-world.ts'
import type { Subject } from './world.ts'

/** One simulator for every connector; a new CRM joins here. */
export const worlds: readonly Subject[] = [
  { crm: 'dynamics', start: startDynamicsWorld },
  { crm: 'salesforce', start: startSalesforceWorld },
  { crm: 'generic-http', start: startHttpWorld },
]
