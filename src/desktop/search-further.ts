import { setTimeout as wait } from 'node:timers/promises'
import type { Filter } from '#model/filter.ts'
import { notations } from '#records/phone.ts'
import type { SyncedTable } from '#records/table.ts'
import { isActivity } from './check-mapping.ts'
import type { DesktopContext } from './context.ts'
import { filledConditions } from './custom-search.ts'
import type { SearchDefinition } from './definitions.ts'
import { ensureSearched, queryFor, searchOf } from './find-caller.ts'
import { valuesOf } from './interaction-values.ts'
import { noteAsked, type StoredInteraction } from './store.ts'
import { loadWorkflow } from './workflow-for.ts'

/** Asks the CRM for rows of a table, and has those that it finds copied; answers how many. */
export type AskCrm = (table: SyncedTable, filter: Filter) => Promise<number>

/** What the CRM has found is copied within a second; nobody waits for it longer than this. */
const waitedMs = 6_000
const everyMs = 250

/**
 * After the hub has answered: where the workflow says so, the CRM is asked too, and what it finds is searched again once
 * the hub holds it. Nothing waits for this: the card is there already.
 */
export async function searchFurther(context: DesktopContext, askCrm: AskCrm, id: string): Promise<void> {
  const stored = await ensureSearched(context, id)
  const workflow = await loadWorkflow(context.pool, stored.agentWorkflowId)
  if (!workflow) return
  const policy = await searchOf(context.pool, workflow)
  const found = stored.search?.matches.length ?? 0
  if (policy.where === 'hub' || (policy.where === 'hub_then_crm' && found > 0)) return
  const { connectionId } = workflow.configuration
  const tables = (await context.finder.tables.all()).filter((table) => table.connectionId === connectionId)
  const questions = questionsOf(policy, stored, tables)
  const counts = await Promise.all(questions.map(({ table, filter }) => askCrm(table, filter)))
  if (counts.every((count) => count === 0)) {
    if (stored.search && found === 0) await noteAsked(context.pool, id, stored.search.by)
    return
  }
  await searchAgain(context, stored, found)
}

async function searchAgain(context: DesktopContext, { id }: StoredInteraction, before: number): Promise<void> {
  for (let waited = 0; waited < waitedMs; waited += everyMs) {
    await wait(everyMs)
    const { search } = await ensureSearched(context, id, { anew: true })
    if ((search?.matches.length ?? 0) > before) return
  }
}

interface Question {
  table: SyncedTable
  filter: Filter
}

function questionsOf(policy: SearchDefinition, stored: StoredInteraction, tables: readonly SyncedTable[]): Question[] {
  if (policy.by === 'custom') return customQuestion(policy, stored, tables)
  const query = queryFor(stored.address)
  if (!query || 'name' in query) return []
  return tables
    .filter((table) => (policy.entities.length === 0 ? !isActivity(table) : policy.entities.includes(table.entity)))
    .flatMap((table) => {
      const { phones, emails } = table.mapping
      const any = 'phone' in query ? isAny(phones, notations(query.phone)) : isAny(emails, [query.email])
      return any.length === 0 ? [] : [{ table, filter: { any } }]
    })
}

const isAny = (fields: readonly string[], values: readonly string[]): Filter[] =>
  fields.flatMap((field) => values.map((value): Filter => ({ field, is: 'eq', value })))

function customQuestion(
  policy: SearchDefinition & { by: 'custom' },
  stored: StoredInteraction,
  tables: readonly SyncedTable[],
): Question[] {
  const table = tables.find(({ entity }) => entity === policy.entity)
  const told = filledConditions(policy, valuesOf(stored, { agents: [], links: [], notes: [] }))
  if (!table || told === null) return []
  const parts = told.map(({ field, operator, value }): Filter => {
    if (operator === 'is_number') return { any: isAny([field], notations(value)) }
    if (operator === 'starts_with' || operator === 'contains') return { field, is: operator, value }
    return { field, is: 'eq', value }
  })
  return [{ table, filter: policy.match === 'all' ? { all: parts } : { any: parts } }]
}
