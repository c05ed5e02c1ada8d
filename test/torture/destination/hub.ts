import { Refused } from '../../support/simulator-control.ts'
import type { Policy } from '../comparer/destination.ts'
import { until } from '../processes.ts'
import { mended } from '../quiesce.ts'
import type { World } from '../world.ts'

interface DestinationFacts {
  id: string
  progress: { due: number; filled: boolean; rows: number }
  figure: (Record<string, number> & { at: string }) | null
  figureAskedAt: string | null
  problem: { code: string } | null
}

export async function nameDestination(world: World, connection: string, onDelete: Policy): Promise<string> {
  return (await world.api.insist<DestinationFacts>('POST', '/destinations', { connection, onDelete })).id
}

export type DestinationAct = 'start' | 'repair' | 'compare' | 'retry'

export const act = ({ api }: World, id: string, what: DestinationAct): Promise<DestinationFacts> =>
  api.insist<DestinationFacts>('POST', `/destinations/${id}/${what}`)

const look = ({ api }: World, id: string) => api.insist<DestinationFacts>('GET', `/destinations/${id}`)

// Pauses of single rows grow to ten minutes; a person who sees them has them tried at once. What may still be made by a
// request whose answer was lost is looked at again after two minutes and a half.
const patienceSeconds = 300

/** Everything that is known is written, and compared once more since; answers that comparison. */
export async function written(
  world: World,
  { id, beside }: { id: string; beside: string },
): Promise<Record<string, number>> {
  await mended(world, beside)
  await until(
    'the end of what is to be written',
    patienceSeconds,
    async () => {
      const { progress, problem } = await look(world, id)
      if (progress.filled && progress.due === 0 && problem === null) return true
      await world.api.insist('POST', `/destinations/${id}/retry`).catch(refused)
      await mended(world, beside)
      return false
    },
    1_000,
  )
  return compared(world, id, 'compare')
}

/** The comparison is made when nothing is left to be written, so that its end says that too. */
export async function compared(world: World, id: string, what: 'compare' | 'repair'): Promise<Record<string, number>> {
  await act(world, id, what)
  return await until('the comparison', patienceSeconds, async () => {
    const { figure, figureAskedAt } = await look(world, id)
    return figureAskedAt === null && figure
  })
}

const refused = (error: unknown) => {
  if (!(error instanceof Refused)) throw error
}
