import { z } from 'zod'
import { readJson } from '#connectors/ask.ts'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'

/** Everything that the connector uses is there from this version on. */
const oldest = 60

/** That of the connection; else the oldest that will do, which any organisation speaks for years to come. */
export function versionOf({ settings }: Pick<CrmSession, 'settings'>): string {
  const { apiVersion } = settings
  return typeof apiVersion === 'string' && apiVersion !== '' ? apiVersion : `${oldest}.0`
}

/** Throws input.invalid. */
export function needNewEnough(session: CrmSession): void {
  const version = versionOf(session)
  if (Number.parseFloat(version) >= oldest) return
  throw notThis(
    `The hub uses what version ${version} of Salesforce’s API does not have`,
    `version ${oldest}.0 or later`,
  )
}

const offered = z.array(z.object({ version: z.string() }))

/** Throws input.invalid where the organisation says which versions it speaks, and that of the connection is none. */
export async function needSpoken(session: CrmSession): Promise<void> {
  const version = versionOf(session)
  const reply = await session.call('/services/data', { lane: 'person', retry: 'safe' })
  const list = reply.status === 200 ? listed(reply) : []
  if (list.length === 0 || list.some((one) => one.version === version)) return
  const newest = Math.max(...list.map((one) => Number.parseFloat(one.version)))
  const newestOne = newest.toFixed(1)
  throw notThis(
    `This organisation speaks no version ${version}: its newest is ${newestOne}`,
    `a version from ${oldest}.0 to ${newestOne}`,
  )
}

/** Empty where it is no list of versions: then it is no such organisation. */
function listed(reply: CrmReply): z.infer<typeof offered> {
  try {
    return readJson(reply, offered)
  } catch {
    return []
  }
}

const notThis = (message: string, instead: string) =>
  new HubError('input.invalid', message, { field: 'apiVersion', mend: `Give ${instead}, or none.` })
