import type { TableDefinition } from '../schema.ts'
import { account } from './account.ts'
import { annotation, appointment, phonecall, task } from './activities.ts'
import { contact } from './contact.ts'
import { lead, opportunity } from './sales.ts'
import { incident, incidentresolution, machine, opportunityclose } from './service.ts'
import {
  asyncoperation,
  businessunit,
  organization,
  systemuser,
  team,
  teammembership,
  transactioncurrency,
} from './system.ts'
import { sdkmessage, sdkmessagefilter, sdkmessageprocessingstep, serviceendpoint } from './webhooks.ts'

/** Every table of the organisation, made anew for each one: tests change them. */
export function allTables(): TableDefinition[] {
  return [
    ...[account(), contact(), lead(), opportunity(), incident(), incidentresolution(), opportunityclose()],
    ...[task(), phonecall(), appointment(), annotation(), machine()],
    ...[systemuser(), team(), teammembership(), businessunit(), transactioncurrency(), organization()],
    ...[serviceendpoint(), sdkmessage(), sdkmessagefilter(), sdkmessageprocessingstep(), asyncoperation()],
  ]
}
