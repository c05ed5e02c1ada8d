import { theHub } from '#audit/act.ts'
import type { Asker } from '#audit/append.ts'
import { inTransaction, type Pool } from '#database/pool.ts'
import { findRecord } from '#records/find.ts'
import type { LookUp, LookupAnswer, LookupQuery } from '#records/lookup.ts'
import type { View } from '#records/view.ts'
import { agentsOf } from './agents.ts'
import type { DesktopContext } from './context.ts'
import type { SearchDefinition } from './definitions.ts'
import { bySearch, linkRecord } from './link.ts'
import { preferMatches } from './prefer.ts'
import { loadInteraction, lockInteraction, type SearchResult, type StoredInteraction, saveSearch } from './store.ts'
import { type ChosenWorkflow, loadParts, loadWorkflow } from './workflow-for.ts'

type CallerSearch = SearchDefinition & { by: 'caller' }

/** Where nothing is configured. */
const standardSearch: CallerSearch = {
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

/** What one searches by: an interaction whose address or workflow changed is searched anew. */
const searchedBy = ({ address, agentWorkflowId }: StoredInteraction) => JSON.stringify([address, agentWorkflowId])

/**
 * Finds who it is, once for each address, from the hub alone, and links by the workflow's policy. Answers the interaction
 * as it stands then.
 */
export async function ensureSearched(context: DesktopContext, id: string): Promise<StoredInteraction> {
  const stored = await loadInteraction(context.pool, id)
  const by = searchedBy(stored)
  if (stored.search?.by === by) return stored
  const workflow = await loadWorkflow(context.pool, stored.agentWorkflowId)
  const policy = await searchOf(context.pool, workflow)
  const answer = await search(context.lookUp, stored.address, hubItself)
  const result = await ranked(context, stored, { workflow, policy, answer, by })
  return keepResult(context, stored, { result, policy })
}

async function searchOf(pool: Pool, workflow: ChosenWorkflow | null): Promise<CallerSearch> {
  const searchId = workflow?.definition.searchId
  if (!searchId) return standardSearch
  const [part] = await loadParts<SearchDefinition>(pool, [searchId])
  return part?.kind === 'search' && part.definition.by === 'caller' ? part.definition : standardSearch
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

interface Searched {
  workflow: ChosenWorkflow | null
  policy: CallerSearch
  answer: LookupAnswer
  by: string
}

async function ranked(
  { pool, finder }: DesktopContext,
  { id }: StoredInteraction,
  { workflow, policy, answer, by }: Searched,
): Promise<SearchResult> {
  const wanted = answer.matches
    .filter(({ connectionId }) => !workflow || connectionId === workflow.configuration.connectionId)
    .filter(({ entity }) => policy.entities.length === 0 || policy.entities.includes(entity))
  const agents = (await agentsOf(pool, [id])).get(id) ?? []
  const personIds = agents.filter(({ state }) => state !== 'left').flatMap(({ personId }) => personId ?? [])
  const matches = await preferMatches(pool, finder, wanted, { prefer: policy.prefer, personIds })
  return {
    ...{ at: new Date().toISOString(), by, more: answer.more, asOf: answer.asOf.toISOString() },
    matches: matches.map((match) => ({
      ...{ id: match.id, entity: match.entity, connectionId: match.connectionId, score: match.score },
      reasons: match.reasons,
    })),
    reasonsNone: matches.length > 0 ? [] : answer.reasonsNone.map((reason) => ({ ...reason })),
  }
}

async function keepResult(
  { pool, finder, changed }: DesktopContext,
  { id, agentWorkflowId, address }: StoredInteraction,
  { result, policy }: { result: SearchResult; policy: CallerSearch },
): Promise<StoredInteraction> {
  const linked = toLink(result, policy)
  // The record is read outside the transaction: it takes no lock, and a record that went meanwhile is simply not linked.
  const record = linked === null ? null : await findRecord(pool, finder, linked).catch(() => null)
  const after = await inTransaction(pool, async (tx) => {
    const now = await lockInteraction(tx, id)
    // Another event or another process was first: what it found counts.
    if (now.search?.by === result.by || now.address !== address || now.agentWorkflowId !== agentWorkflowId) return now
    await saveSearch(tx, id, result)
    if (record && !record.deletedAt && !(await hasLinks(tx, id))) await linkRecord(tx, id, record, bySearch)
    return loadInteraction(tx, id)
  })
  changed()
  return after
}

/** The record that the policy links by itself, if any. */
function toLink({ matches, more }: SearchResult, policy: CallerSearch): string | null {
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
