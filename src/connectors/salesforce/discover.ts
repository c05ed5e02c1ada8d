import type { CrmReply, OpenDoor } from '#connectors/call.ts'
import { notTheCrm } from './organisation-url.ts'
import { versionList } from './wire.ts'

const discoverDeadlineMs = 20_000

/** Every organisation lists the versions of its API to anybody; of itself it tells nothing more. */
export async function discover(door: OpenDoor, url: string): Promise<Record<string, string>> {
  const reply = await door.call(`${url}/services/data/`, {
    headers: { accept: 'application/json' },
    deadlineMs: discoverDeadlineMs,
    retry: 'safe',
  })
  if (reply.status !== 200 || !listsVersions(reply)) throw notTheCrm(url, { vendorStatus: reply.status })
  return {}
}

function listsVersions(reply: CrmReply): boolean {
  try {
    return versionList.safeParse(JSON.parse(reply.text)).success
  } catch {
    return false
  }
}
