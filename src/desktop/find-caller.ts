import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { theHub } from '#audit/act.ts'
import type { Asker } from '#audit/append.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import { findRecord } from '#records/find.ts'
import type { LookUp, LookupAnswer, LookupQuery } from '#records/lookup.ts'
import type { View } from '#records/view.ts'
import { agentsOf } from './agents.ts'
import { isActivity } from './check-mapping.ts'
import type { DesktopContext } from './context.ts'
import { customSearch } from './custom-search.ts'
import type { SearchDefinition } from './definitions.ts'
import { valuesOf } from './interaction-values.ts'
import { bySearch, linkRecord } from './link.ts'
import { preferMatches } from './prefer.ts'
import {
  loadInteraction,
  lockInteraction,
  type SearchResult,
  type StoredInteraction,
  saveSearch,
  touchInteraction,
} from './store.ts'
import { type ChosenWorkflow, loadParts, loadWorkflow } from './workflow-for.ts'

/** Where nothing is configured. */
const standardSearch: SearchDefinition = {
  by: 'caller',
  entities: [],
  where: 'hub',
  none: 'show',
  createId: null,
  one: 'link',
  many: 'choose',
  prefer: ['exactness', 'open_case', 'last_spoken_with', 'owner'],
}

const hubItself: Asker = { actor: theHub, sessionId: null }

/** What an address is looked up by; null: it is neither a number nor an e-mail address. */
export function queryFor(address: string | null): LookupQuery | null {
  if (address === null) return null
  if (/^[^\s@]+@[^\s@]+$/.test(address)) return { email: address }
  return /\d/.test(address) ? { phone: address } : null
}

/**
 * Finds who it is, once for all that one searches by, from the hub alone, and links by the workflow's policy. Answers the
 * interaction as it stands then. `anew`: though it was searched by the same before.
 */
export async function ensureSearched(
  context: DesktopContext,
  id: string,
  { anew = false } = {},
): Promise<StoredInteraction> {
  const { pool } = context
  const stored = await loadInteraction(pool, id)
  const workflow = await loadWorkflow(pool, stored.agentWorkflowId)
  const policy = await searchOf(pool, workflow)
  const by = searchedBy(stored, policy)
  if (stored.search?.by === by && !anew) return stored
  const result =
    policy.by === 'custom' && workflow
      ? await byConditions(context, stored, { policy, workflow })
      : await byAddress(context, stored, { policy, workflow })
  return keepResult(context, stored, { result: { ...result, at: new Date().toISOString(), by }, policy, anew })
}

/** An interaction of which this changed is searched anew. */
function searchedBy({ address, agentWorkflowId, data, scriptVariables }: StoredInteraction, policy: SearchDefinition) {
  const told = policy.by === 'custom' ? [data, scriptVariables] : []
  return hash('sha256', JSON.stringify([address, agentWorkflowId, policy, ...told]), 'base64')
}

/** The search that the workflow names, else by the caller's address over everything. */
export async function searchOf(pool: Queryable, workflow: ChosenWorkflow | null): Promise<SearchDefinition> {
  const searchId = workflow?.definition.searchId
  if (!searchId) return standardSearch
  const [part] = await loadParts<SearchDefinition>(pool, [searchId])
  return part?.definition ?? standardSearch
}

const nothingToSearchBy: LookupAnswer = {
  asOf: new Date(0),
  matches: [],
  more: false,
  whyNone: ['The caller’s number was not told'],
  reasonsNone: [{ code: 'not_a_number' }],
}

/** Who it may be, through somebody's eyes. */
export async function search(lookUp: LookUp, address: string | null, asker: Asker, view?: View): Promise<LookupAnswer> {
  const query = queryFor(address)
  return query ? lookUp(query, asker, view) : nothingToSearchBy
}

type Found = Omit<SearchResult, 'at' | 'by'>

interface Searching {
  policy: SearchDefinition
  workflow: ChosenWorkflow | null
}

async function byAddress(
  context: DesktopContext,
  { id, address }: StoredInteraction,
  { policy, workflow }: Searching,
): Promise<Found> {
  const answer = await search(context.lookUp, address, hubItself)
  const entities = policy.by === 'caller' ? policy.entities : []
  // An earlier call has the number too, and is nobody who calls.
  const activities = new Set((await context.finder.tables.all()).filter(isActivity).map(({ entity }) => entity))
  const wanted = answer.matches
    .filter(({ connectionId }) => !workflow || connectionId === workflow.configuration.connectionId)
    .filter(({ entity }) => (entities.length === 0 ? !activities.has(entity) : entities.includes(entity)))
  const personIds = await agentPeople(context.pool, id)
  const matches = await preferMatches(context.pool, context.finder, wanted, { prefer: policy.prefer, personIds })
  return {
    ...{ more: answer.more, asOf: answer.asOf.toISOString() },
    matches: matches.map((match) => ({
      ...{ id: match.id, entity: match.entity, connectionId: match.connectionId, score: match.score },
      reasons: match.reasons,
    })),
    reasonsNone: matches.length > 0 ? [] : whyNone(answer, address),
  }
}

/** What was found may all be of others, or no people. */
function whyNone({ matches, reasonsNone }: LookupAnswer, address: string | null): Found['reasonsNone'] {
  if (matches.length === 0) return reasonsNone.map((reason) => ({ ...reason }))
  return [{ code: address?.includes('@') ? 'email_unknown' : 'number_unknown', value: address ?? '' }]
}

async function agentPeople(pool: Pool, id: string): Promise<string[]> {
  const agents = (await agentsOf(pool, [id])).get(id) ?? []
  return agents.filter(({ state }) => state !== 'left').flatMap(({ personId }) => personId ?? [])
}

/** Shown at most, as a look-up shows. */
const mostShown = 20

async function byConditions(
  context: DesktopContext,
  stored: StoredInteraction,
  { policy, workflow }: { policy: SearchDefinition & { by: 'custom' }; workflow: ChosenWorkflow },
): Promise<Found> {
  const { connectionId } = workflow.configuration
  const table = (await context.finder.tables.all()).find(
    (one) => one.connectionId === connectionId && one.entity === policy.entity,
  )
  const asOf = (table?.lastPassAt ?? new Date(0)).toISOString()
  if (!table) {
    return { matches: [], more: false, asOf, reasonsNone: [{ code: 'nothing_connected' }] }
  }
  const values = valuesOf(stored, { agents: [], links: [], notes: [] })
  const { matches, reasonsNone } = await customSearch(context, { definition: policy, table, values, asker: hubItself })
  const shown = matches.slice(0, mostShown)
  return {
    ...{ asOf, reasonsNone, more: matches.length > mostShown },
    matches: shown.map(({ record: { id, entity }, reasons }) => ({ id, entity, connectionId, score: 0.9, reasons })),
  }
}

async function keepResult(
  { pool, finder, changed }: DesktopContext,
  stored: StoredInteraction,
  { result, policy, anew }: { result: SearchResult; policy: SearchDefinition; anew: boolean },
): Promise<StoredInteraction> {
  const { id, agentWorkflowId, version } = stored
  const linked = toLink(result, policy)
  // The record is read outside the transaction: it takes no lock, and a record that went meanwhile is simply not linked.
  const record = linked === null ? null : await findRecord(pool, finder, linked).catch(() => null)
  const keep = async (tx: Transaction) => {
    const now = await lockInteraction(tx, id)
    // Another event or another process was first: what it found counts.
    if ((now.search?.by === result.by && !anew) || now.agentWorkflowId !== agentWorkflowId) return now
    if (now.version !== version && !sameQuestion(now, stored)) return now
    await saveSearch(tx, id, result)
    if (record && !record.deletedAt && !(await hasLinks(tx, id))) {
      await linkRecord(tx, id, record, { by: bySearch })
      // Of one that is over, nothing was written while nothing was linked.
      await touchInteraction(tx, id)
    }
    return loadInteraction(tx, id)
  }
  // Forgotten with the event itself, or found again.
  const after = await inTransaction(pool, keep, { waitsForDisk: false })
  changed()
  return after
}

/** What came meanwhile may be what one searches by: then the search that follows it counts. */
const sameQuestion = (one: StoredInteraction, other: StoredInteraction) =>
  isDeepStrictEqual([one.address, one.data, one.scriptVariables], [other.address, other.data, other.scriptVariables])

/** The record that the policy links by itself, if any. */
function toLink({ matches, more }: SearchResult, policy: SearchDefinition): string | null {
  const [best] = matches
  if (!best) return null
  const links = matches.length === 1 && !more ? policy.one === 'link' : policy.many === 'link_best'
  return links ? best.id : null
}

/** Links that somebody made or took off say more than a search. */
async function hasLinks(tx: Pick<Pool, 'query'>, id: string): Promise<boolean> {
  const { rowCount } = await tx.query('select from jackfield.interaction_link where interaction_id = $1 limit 1', [id])
  return rowCount === 1
}
