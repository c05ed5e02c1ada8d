import type { CrmSession } from '#connectors/call.ts'
import type { Identity } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { apiPath, askJson } from './client.ts'
import { whoAmI } from './wire.ts'

/** The organisation's id and the application user's; what the user sees hangs on its business unit. */
export async function identify(session: CrmSession): Promise<Identity> {
  const asked = { what: 'to say who the hub signs in as', lane: 'person' } as const
  const me = await askJson(session, `${apiPath}/WhoAmI`, asked, whoAmI).catch((error: unknown) => {
    const other =
      isHubError(error, 'crm.body_invalid') || (isHubError(error, 'crm.refused') && error.detail.vendorStatus === 404)
    if (!other) throw error
    throw new HubError(
      'connection.not_the_crm',
      `${session.url} does not answer as a Dynamics 365 organisation does.`,
      {
        field: 'url',
        mend: 'Paste the address of the app from the browser, such as https://contoso.crm4.dynamics.com.',
        cause: error,
      },
    )
  })
  const userId = me.UserId.toLowerCase()
  return {
    organisation: me.OrganizationId.toLowerCase(),
    userId,
    sight: `${userId}/${me.BusinessUnitId?.toLowerCase() ?? ''}`,
  }
}
