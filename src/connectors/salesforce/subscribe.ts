import type { CrmSession } from '#connectors/call.ts'
import type { Subscription } from '#connectors/push.ts'
import { HubError } from '#core/errors.ts'

/** Code is put into an organisation only because a person asked for it: installer.ts. */
export async function subscribe(
  _session: CrmSession,
  _tables: readonly string[],
  _target: { url: string; secret: string },
): Promise<Subscription> {
  throw new HubError('input.invalid', 'The push of Salesforce is installed by a person')
}

/** Taking the code away is a deployment, which a person asks for too. */
export async function unsubscribe(_session: CrmSession, _subscription: Subscription): Promise<void> {}
