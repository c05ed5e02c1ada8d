import { HubError } from '#core/errors.ts'
import type { Principal } from '#people/principal.ts'
import type { Hub } from './hub.ts'

/**
 * By whose account of the CRM a write goes out: people write as themselves where the connection has it so, and only who
 * runs integrations may let the hub speak for them there. Throws input.invalid, auth.denied, connection.not_found.
 */
export async function accountFor(
  { connections }: Hub,
  { kind, id, permissions }: Principal,
  { connectionId, as }: { connectionId: string; as: 'person' | 'service' | undefined },
): Promise<{ personId?: string }> {
  const { settings, name } = await connections.find(connectionId)
  const { writesAsPerson = false } = settings
  if (as === 'person' && (kind !== 'person' || !writesAsPerson)) {
    const why = kind === 'person' ? `“${name}” lets nobody write as themselves` : 'Only a person writes as themselves'
    throw new HubError('input.invalid', why, {
      field: 'as',
      mend: 'Leave `as` out: the hub writes by its own account.',
    })
  }
  if (kind !== 'person' || !writesAsPerson) return {}
  if (as !== 'service') return { personId: id }
  if (permissions.has('edit:integrations')) return {}
  throw new HubError('auth.denied', `People write to “${name}” by their own accounts`, { field: 'as' })
}
