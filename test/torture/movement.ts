import type { Control } from './clients.ts'
import type { LoggedWrite } from './comparer/writes.ts'
import type { FeedReader } from './feed-reader.ts'
import type { Phase } from './plan.ts'
import { listRuns } from './quiesce.ts'
import type { World } from './world.ts'

/** How many rows a phase's work has moved so far. */
export type Movement = () => Promise<number>

/** Rows of the first copy that are stored, of the large table. */
export function copiedRows(world: World, connection: string): Movement {
  let last = 0
  return async () => {
    const runs = await listRuns({ ...world, api: { ...world.api, insist: world.api.ask } }, connection).catch(
      () => null,
    )
    if (runs) last = sumOf(runs.filter((run) => run.kind === 'initial' && run.entity === 'contact'))
    return last
  }
}

const sumOf = (runs: readonly { records: number }[]) => runs.reduce((sum, run) => sum + run.records, 0)

export function movementOf(phase: Exclude<Phase, 'initial sync'>, control: Control, reader: FeedReader): Movement {
  if (phase === 'write-back') return () => appliedWrites(control)
  return async () => reader.seen(phase === 'hints' ? 'hint' : 'sync')
}

/** What the hub wrote to accounts and contacts, by the CRM's own log. */
export async function loggedWrites(control: Control): Promise<LoggedWrite[]> {
  const { writes } = await control.get<{ writes: LoggedWrite[] }>('/requests')
  return writes.filter(({ entity }) => entity === 'account' || entity === 'contact')
}

async function appliedWrites(control: Control): Promise<number> {
  return (await loggedWrites(control)).filter(({ status }) => status >= 200 && status < 300).length
}
