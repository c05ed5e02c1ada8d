import type { Violation } from './comparer/records.ts'
import type { AcknowledgedPush } from './hook-relay.ts'
import { withClient } from './postgres.ts'

/**
 * Design invariant 1: a pass brings what a lost push told of, so that no comparison of records shows the loss. The hub
 * remembers each event that it took for three days, by a hash that says nothing of its record: as many must be there as
 * changes were acknowledged, those that came twice counted once.
 */
export async function forgottenPushes(url: string, acknowledged: readonly AcknowledgedPush[]): Promise<Violation[]> {
  const kept = await withClient(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::integer as count from jackfield.hint_seen where pushed and test_event is null',
    )
    return rows[0]!.count
  })
  const told = new Set(acknowledged.flatMap(({ subjects, event }) => subjects.map(({ id }) => `${event} ${id}`)))
  if (kept >= told.size) return []
  return [{ kind: 'lost', told: `${told.size} pushed changes were acknowledged, and ${kept} are remembered` }]
}
