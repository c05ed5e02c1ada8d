import { HubError } from '#core/errors.ts'
import type { Connector } from './connector.ts'
import { dynamics } from './dynamics/connector.ts'
import { salesforce } from './salesforce/connector.ts'

/** Every kind of CRM that can be connected; the only list. */
export const connectors: readonly Connector[] = [dynamics, salesforce]

export function connectorOf(crm: string): Connector {
  const found = connectors.find((connector) => connector.manifest.crm === crm)
  if (found) return found
  throw new HubError('input.invalid', `There is no connector ${crm}.`, {
    field: 'crm',
    mend: `Choose one of: ${connectors.map((connector) => connector.manifest.crm).join(', ')}.`,
  })
}
