import { z } from 'zod'
import type { CrmSession } from '#connectors/call.ts'
import type { Identity } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { askJson } from './client.ts'
import { longId } from './ids.ts'
import { notTheCrm } from './organisation-url.ts'
import { needNewEnough, needSpoken } from './version.ts'

const resources = z.looseObject({ identity: z.string() })

/** The organisation's id and the integration user's, as the list of the API's resources names them to every session. */
export async function identify(session: CrmSession): Promise<Identity> {
  needNewEnough(session)
  const asked = { what: 'to say who the hub signs in as', lane: 'person' } as const
  const found = await askJson(session, '', asked, resources).catch(async (error: unknown) => {
    const isMissing = isHubError(error, 'crm.refused') && error.detail.vendorStatus === 404
    if (isMissing) await needSpoken(session)
    const other = isHubError(error, 'crm.body_invalid') || isMissing
    throw other ? notTheCrm(session.url, { cause: error }) : error
  })
  const [, org = '', user = ''] = /\/id\/(\w{15,18})\/(\w{15,18})$/.exec(found.identity) ?? []
  const organisation = longId(org)
  const userId = longId(user)
  if (organisation && userId) return { organisation, userId, sight: userId }
  throw new HubError('crm.body_invalid', 'Salesforce says neither organisation nor user as ids')
}
