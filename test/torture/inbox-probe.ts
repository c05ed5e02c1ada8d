import type { Violation } from './comparer/records.ts'
import type { AcknowledgedPush } from './hook-relay.ts'
import { withClient } from './postgres.ts'

/**
 * Design invariant 1: a pass brings what a lost push told of, so that no comparison of records shows the loss. The hub
 * remembers each event that it took for three days; each that it acknowledged must be among them.
 */
export async function forgottenPushes(url: string, acknowledged: readonly AcknowledgedPush[]): Promise<Violation[]> {
  const kept = await withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string; count: number }>(
      `select source_id as id, count(*)::integer as count from jackfield.hint
        where operation not in ('settle', 'deleted') group by source_id`,
    )
    return new Map(rows.map((row) => [row.id, row.count]))
  })
  const told = acknowledged.flatMap(({ subjects, event }) => subjects.map((subject) => ({ ...subject, event })))
  return [...Map.groupBy(told, (push) => push.id)].flatMap(([id, pushes]) => {
    const events = new Set(pushes.map((push) => push.event)).size
    const count = kept.get(id) ?? 0
    if (count >= events) return []
    const why = `${events} pushes of ${pushes[0]!.entity} ${id} were acknowledged, and ${count} are kept`
    return [{ kind: 'lost', told: why } as const]
  })
}
