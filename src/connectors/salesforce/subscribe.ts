import type { CrmSession, Subscription } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'

/** What the manifest says of the ability to be pushed to. */
export const lacksPush =
  'Changes of Salesforce are found by reading what was modified; a push is not made by this connector yet.'

export async function subscribe(
  _session: CrmSession,
  _tables: readonly string[],
  _target: { url: string; secret: string },
): Promise<Subscription> {
  throw new HubError('input.invalid', lacksPush)
}

/** Nothing was registered. */
export async function unsubscribe(_session: CrmSession, _subscription: Subscription): Promise<void> {}
