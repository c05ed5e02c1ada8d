import type { CrmSession } from '#connectors/call.ts'
import type { Subscription } from '#connectors/push.ts'

/**
 * Nothing is registered: no API is like another there. The hub's addresses and the secret are entered in the CRM by a
 * person, who gets them from the connection's page.
 */
export function subscribe(
  _session: CrmSession,
  _tables: readonly string[],
  target: { url: string; secret: string },
): Promise<Subscription> {
  return Promise.resolve({ endpointId: '', stepIds: [], url: target.url })
}

export const unsubscribe = () => Promise.resolve()
