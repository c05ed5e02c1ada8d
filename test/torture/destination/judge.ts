import { compareDestination, compareOwnCopies, standing } from '../comparer/destination.ts'
import type { CrmRow, Violation } from '../comparer/records.ts'
import { readRecords } from '../judge.ts'
import type { World } from '../world.ts'
import type { DestinationPlan } from './plan.ts'
import type { Source } from './sources.ts'

export const entities = ['account', 'contact'] as const
type Tables = Record<(typeof entities)[number], CrmRow[]>

/** Both sides as they are now. */
async function tablesOf({ subject, control }: Pick<World, 'subject' | 'control'>): Promise<Tables> {
  const [account, contact] = await Promise.all(
    entities.map((entity) => subject.readDump(control, subject.tables[entity])),
  )
  return { account: account!, contact: contact! }
}

/** The rows that stand there before anything is written, less those that carry a source of what will be written. */
export async function ownRows(world: World, { written }: Source): Promise<Record<keyof Tables, Map<string, CrmRow>>> {
  const there = await tablesOf(world.beside!)
  const own = (rows: readonly CrmRow[], label: string) =>
    new Map(rows.filter(({ fields }) => fields.msdyn_source_crm !== label).map((row) => [row.id, row]))
  return {
    account: own(there.account, written.account.label),
    contact: own(there.contact, written.contact.label),
  }
}

export interface Judged {
  world: World
  plan: DestinationPlan
  source: Source
  own: Awaited<ReturnType<typeof ownRows>>
  /** The destination's own connection. */
  beside: string
}

export async function judgeDestination({ world, plan, source, own, beside }: Judged): Promise<Violation[]> {
  const [from, there] = await Promise.all([tablesOf(world), tablesOf(world.beside!)])
  const standsFor = new Map(entities.flatMap((entity) => [...standing(there[entity], source.written[entity])]))
  const alive = new Set(entities.flatMap((entity) => from[entity].filter((row) => !row.deleted).map(({ id }) => id)))
  const copies = Map.groupBy(await readRecords(world.api, beside), (record) => record.entity)
  return entities.flatMap((entity) => {
    const [written, tables] = [source.written[entity], { source: from[entity], there: there[entity] }]
    return [
      ...compareDestination({ entity, written, policy: plan.policy, ...tables, standsFor, alive, own: own[entity] }),
      ...compareOwnCopies(entity, copies.get(entity) ?? [], own[entity]),
    ]
  })
}

/** What the hub's own comparison says at the end: it must find nothing. */
export function judgeFigure(figure: Record<string, unknown>): Violation[] {
  const { records, held, missing, differing, extra, parked } = figure
  const found = Object.entries({ missing, differing, extra, parked }).filter(([, count]) => count !== 0)
  if (found.length === 0 && held === records) return []
  return [
    { kind: 'broken', told: `the figure: ${JSON.stringify({ records, held, missing, differing, extra, parked })}` },
  ]
}
