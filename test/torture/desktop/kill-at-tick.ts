import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { withClient } from '../postgres.ts'
import type { World } from '../world.ts'

// Linked, ticked off since, and not one of those that were written of before.
const TICKED = `select from jackfield.interaction i where i.memorialized_at > $1
    and exists (select from jackfield.interaction_link k where k.interaction_id = i.id and k.linked)
    and not exists (select from jackfield.memorial m where m.interaction_id = i.id and m.at < $1)
  limit 1`

const lookEveryMs = 2
/** Interactions end all day, whatever befalls the CRM; where none does, there is nothing to strike. */
const patienceMs = 15_000

/**
 * Kills whoever writes of interactions in the moment in which one was ticked off as written of: by then its writes must be
 * kept. Answers whether there was such a moment.
 */
export async function killAtTick(world: World): Promise<boolean> {
  // A database that still comes back from the strike before shows no such moment.
  const came = await withClient(await world.postgres.url(), tickComes).catch(() => false)
  const writers = world.topology === 'alone' ? [world.door()] : world.workers()
  for (const writer of writers) writer.signal('SIGKILL')
  await Promise.all(writers.map(({ gone }) => gone))
  return came
}

async function tickComes(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ since: string }>('select clock_timestamp()::text as since')
  for (const end = performance.now() + patienceMs; performance.now() < end; await wait(lookEveryMs)) {
    if ((await client.query(TICKED, [rows[0]!.since])).rowCount === 1) return true
  }
  return false
}
