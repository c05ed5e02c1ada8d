import { HubError } from '#core/errors.ts'
import type { Viewer } from '#desktop/card.ts'
import { isOn } from '#desktop/open-interactions.ts'
import type { Principal } from '#people/principal.ts'
import type { Hub } from './hub.ts'
import { viewFor } from './seen.ts'

/** Has no interactions: what a program sees that may not read everybody's. */
export const noPerson = '00000000-0000-0000-0000-000000000000'

/** Whose desktop it is: a person's own; of a program that may read all interactions everybody's. */
export async function viewerOf(hub: Hub, principal: Principal): Promise<Viewer> {
  const personId = principal.kind === 'person' ? principal.id : null
  return { author: `${principal.kind}:${principal.id}`, personId, view: await viewFor(hub, principal) }
}

/** People see their own interactions, and others' by a permission; throws resource.not_found as if it were not there. */
export async function refuseOthers(hub: Hub, principal: Principal, id: string): Promise<void> {
  if (principal.permissions.has('read:interactions')) return
  if (principal.kind === 'person' && (await isOn(hub.pool, id, principal.id))) return
  throw new HubError('resource.not_found', `There is no interaction ${id}`)
}
