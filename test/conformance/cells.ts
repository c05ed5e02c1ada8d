import { connectorOf } from '#connectors/registry.ts'
import type { Subject } from '../connectors/world.ts'
import { type Behaviour, lackOf } from './behaviour.ts'
import { createScope } from './scope.ts'
import { createStage } from './stage.ts'

/** One connector tried on one behaviour. */
export interface Cell {
  connector: string
  behaviour: string
  outcome: 'passed' | 'failed' | 'not applicable'
  /** Why it failed, or what the connector's manifest lacks. */
  why?: string
  seconds: number
}

/** Tries a connector on each behaviour in turn; a hub that does not end cleanly is a failure of its last cell. */
export async function playAll(
  subject: Subject,
  behaviours: readonly Behaviour[],
  tell: (cell: Cell) => void,
): Promise<Cell[]> {
  const scope = createScope(`conformance of ${subject.crm}`)
  const stage = createStage(subject, scope)
  const { manifest } = connectorOf(subject.crm)
  const cells: Cell[] = []
  for (const behaviour of behaviours) {
    const head = { connector: subject.crm, behaviour: behaviour.name }
    const lack = lackOf(behaviour, manifest)
    const cell: Cell =
      lack === null
        ? { ...head, ...(await timed(() => stage.play(behaviour))) }
        : { ...head, outcome: 'not applicable', why: lack, seconds: 0 }
    cells.push(cell)
    tell(cell)
  }
  const end = await timed(() => scope.end())
  const last = cells.at(-1)
  if (end.outcome === 'failed' && last) Object.assign(last, end)
  return cells
}

async function timed(work: () => Promise<void>): Promise<Pick<Cell, 'outcome' | 'why' | 'seconds'>> {
  const began = performance.now()
  const seconds = () => Math.round((performance.now() - began) / 100) / 10
  try {
    await work()
    return { outcome: 'passed', seconds: seconds() }
  } catch (error) {
    return { outcome: 'failed', why: reasonOf(error), seconds: seconds() }
  }
}

const mostReason = 500

export function reasonOf(error: unknown): string {
  const errors = error instanceof AggregateError ? error.errors : [error]
  const texts = errors.map((one) => (one instanceof Error ? one.message : String(one)))
  return texts.join('; ').slice(0, mostReason)
}
