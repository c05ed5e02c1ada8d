import { HubError } from '#core/errors.ts'
import type { Connector } from './connector.ts'
import type { DestinationAbility } from './destination.ts'
import { dynamics } from './dynamics/connector.ts'
import { destination as dynamicsDestination } from './dynamics/destination.ts'
import { genericHttp } from './generic-http/connector.ts'
import { salesforce } from './salesforce/connector.ts'

/** Every kind of CRM that can be connected; the only list. */
export const connectors: readonly Connector[] = [dynamics, salesforce, genericHttp]

export function connectorOf(crm: string): Connector {
  const found = connectors.find((connector) => connector.manifest.crm === crm)
  if (found) return found
  throw new HubError('input.invalid', `There is no connector ${crm}.`, {
    field: 'crm',
    mend: `Choose one of: ${connectors.map((connector) => connector.manifest.crm).join(', ')}.`,
  })
}

/** Which of them can be written to as a whole (docs/connect/dataverse-destination.md). */
const destinations: Record<string, DestinationAbility> = { dynamics: dynamicsDestination }

export const destinationOf = (crm: string): DestinationAbility | undefined => destinations[crm]
