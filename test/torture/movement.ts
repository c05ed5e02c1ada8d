import type { FeedReader } from './feed-reader.ts'
import type { Phase } from './phases.ts'
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

export function movementOf(phase: Exclude<Phase, 'initial sync'>, world: World, reader: FeedReader): Movement {
  if (phase === 'write-back') return () => appliedWrites(world)
  return async () => reader.seen(phase === 'hints' ? 'hint' : 'sync')
}

async function appliedWrites({ subject, control }: World): Promise<number> {
  return (await subject.loggedWrites(control)).filter(({ status }) => status >= 200 && status < 300).length
}
