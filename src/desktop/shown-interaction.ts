import type { Queryable } from '#database/pool.ts'
import type { Finder } from '#records/find.ts'
import { recordNames } from '#records/names.ts'
import type { SyncedTable } from '#records/table.ts'
import { isWhole } from '#records/view.ts'
import { agentsOf, type InteractionAgent } from './agents.ts'
import { type InteractionLink, linksOf } from './link.ts'
import { activityTarget, type Memorial, mayBeThere, memorialsOf, stateOfMemorial } from './memorial.ts'
import type { StoredInteraction } from './store.ts'
import { loadWorkflow } from './workflow-for.ts'

type Parts = {
  agents: InteractionAgent[]
  links: InteractionLink[]
  memorials: Memorial[]
  names: ReadonlyMap<string, string | null>
  tables: readonly SyncedTable[]
  finder: Finder
  /** Whether anything is to be written of it at all. */
  writes: boolean
}

/** Interactions as people and programs see them, each through the finder's eyes. */
export async function shownInteractions(db: Queryable, finder: Finder, stored: readonly StoredInteraction[]) {
  const ids = stored.map(({ id }) => id)
  const [agents, links, memorials, tables] = await Promise.all([
    ...([agentsOf(db, ids), linksOf(db, ids), memorialsOf(db, ids)] as const),
    finder.tables.all(),
  ])
  const told = [...memorials.values()].flat().flatMap((one) => one.writtenRecordId ?? one.recordId ?? [])
  const recordIds = [...[...links.values()].flat().map(({ recordId }) => recordId), ...told]
  const names = await recordNames(db, tables, recordIds, finder.view)
  const writing = await writingWorkflows(db, stored)
  return stored.map((one) =>
    shownInteraction(one, {
      agents: agents.get(one.id) ?? [],
      links: links.get(one.id) ?? [],
      memorials: memorials.get(one.id) ?? [],
      writes: one.agentWorkflowId !== null && writing.has(one.agentWorkflowId),
      ...{ names, tables, finder },
    }),
  )
}

/** Agent workflows by which something is written when an interaction is over. */
async function writingWorkflows(db: Queryable, stored: readonly StoredInteraction[]): Promise<Set<string>> {
  const ids = [...new Set(stored.flatMap(({ agentWorkflowId }) => agentWorkflowId ?? []))]
  const workflows = await Promise.all(ids.map((id) => loadWorkflow(db, id)))
  return new Set(
    workflows
      .filter((one) => one && (one.definition.timeline !== null || one.definition.memorializationIds.length > 0))
      .map((one) => one!.id),
  )
}

function shownInteraction(stored: StoredInteraction, parts: Parts) {
  const {
    search: _search,
    memorializeAt: _due,
    agentWorkflowId: _workflow,
    memorializedAt: _at,
    moments: _m,
    ...rest
  } = stored
  const { memorializeProblem: _problem, version, ...shown } = rest
  return {
    ...shown,
    version: Number(version),
    agents: parts.agents,
    links: parts.links
      .filter((link) => isSeen(link, parts))
      .map((link) => ({
        recordId: link.recordId,
        entity: link.entity,
        name: parts.names.get(link.recordId) ?? null,
        crm: parts.tables.find(({ connectionId }) => connectionId === link.connectionId)?.crm ?? '',
        pinned: link.pinned,
        by: link.by,
        at: link.at,
      })),
    memorialized: memorialized(stored, parts),
  }
}

type Pointed = { connectionId: string; entity: string; recordId: string | null }

/** A record that the CRM has yet to make, or that is of a table without copies, is seen by whoever sees all of its table. */
function isSeen({ connectionId, entity, recordId }: Pointed, { names, tables, finder }: Parts): boolean {
  const table = tables.find((one) => one.connectionId === connectionId && one.entity === entity)
  if (!finder.view || isWhole(finder.view)) return true
  if (!table) return false
  const view = finder.view.of(table)
  return view === null || view.reads === 'all' || (recordId !== null && names.has(recordId))
}

function shownTarget(memorial: Memorial, parts: Parts) {
  const { tables, finder } = parts
  const { target, entity, writeId, cut, connectionId } = memorial
  const recordId = memorial.writtenRecordId ?? memorial.recordId
  const sourceId = memorial.writtenSourceId ?? memorial.sourceId
  const state = stateOfMemorial(memorial)
  const { code, message, mend, since } = memorial.problem ?? memorial.writeProblem ?? {}
  const problem = code === undefined ? null : { code, message: message!, mend: mend ?? null, since: since ?? null }
  if (!isSeen({ connectionId, entity, recordId }, parts)) {
    const hidden = problem && { ...problem, ...untold }
    const named = target === activityTarget ? target : hiddenTarget
    return { ...{ target: named, entity, recordId: null, cut, url: null, write: null, state }, problem: hidden }
  }
  const table = tables.find((one) => one.connectionId === connectionId && one.entity === entity)
  const isThere = sourceId !== null && !sourceId.startsWith('new:') && mayBeThere(memorial)
  const url = table && isThere ? finder.recordUrl(table, sourceId) : null
  return { ...{ target, entity, recordId, cut, url, write: writeId, state }, problem }
}

const hiddenTarget = 'hidden'
// A CRM, or the hub, may name a record where it says what is wrong with it.
const untold = { message: 'It is about a record that you may not see', mend: null }

function memorialized(stored: StoredInteraction, parts: Parts) {
  const { links, writes } = parts
  const targets = parts.memorials.map((memorial) => shownTarget(memorial, parts))
  const { memorializeProblem: told } = stored
  const hides = targets.some(({ target, recordId }) => target === hiddenTarget || recordId === null)
  const seesAll = !hides && links.every((link) => isSeen(link, parts))
  const problem = seesAll || !told ? told : { ...told, ...untold }
  return { state: wholeState(stored, { targets, links, writes }), problem, targets }
}

const gravest = ['failed', 'unknown', 'waiting'] as const

function wholeState(
  { state, memorializeAt, memorializedAt, memorializeProblem }: StoredInteraction,
  { targets, links, writes }: { targets: { state: string }[]; links: readonly InteractionLink[]; writes: boolean },
) {
  if (memorializeProblem) return 'failed' as const
  for (const grave of gravest) if (targets.some((target) => target.state === grave)) return grave
  if (memorializeAt !== null) return 'waiting' as const
  if (targets.length > 0) return 'done' as const
  if (!writes) return 'none' as const
  if (state !== 'closed') return 'open' as const
  if (links.length === 0) return 'nothing_linked' as const
  // What was linked between two of the readings that this is made of is not compared with the CRM yet.
  const isCompared = links.every(({ at }) => memorializedAt !== null && at <= memorializedAt)
  return isCompared ? ('done' as const) : ('waiting' as const)
}
