import { HubError } from '#core/errors.ts'
import { inTransaction, type Transaction } from '#database/pool.ts'
import { holds } from './condition.ts'
import type { DesktopContext } from './context.ts'
import type { CreateDefinition, SearchDefinition } from './definitions.ts'
import { ensureSearched, searchOf } from './find-caller.ts'
import { runnableParts } from './run-by-hand.ts'
import { about, type Runnable, type Running, runOrWait } from './run-part.ts'
import { lockInteraction, type SearchResult, type StoredInteraction } from './store.ts'
import { type ChosenWorkflow, loadParts, loadWorkflow } from './workflow-for.ts'

/** Runs what is configured to run by itself at the moments that have come, each once; what fails is logged and shown in the writes. */
export async function runMoments(context: DesktopContext, id: string): Promise<void> {
  await ensureSearched(context, id)
  await inTransaction(context.pool, async (tx) => {
    const interaction = await lockInteraction(tx, id)
    const workflow = await loadWorkflow(tx, interaction.agentWorkflowId)
    const come = momentsOf(interaction).filter((moment) => !interaction.moments.includes(moment))
    if (workflow) for (const moment of come) await runMoment(tx, context, { interaction, workflow, moment })
    if (
      workflow &&
      !interaction.moments.includes(unknown) &&
      isUnknown(interaction.search, await searchOf(tx, workflow))
    ) {
      await runParts(tx, context, { interaction, workflow }, await createForUnknown(tx, workflow))
      come.push(unknown)
    }
    await tx.query(
      'update jackfield.interaction set moments = moments || $2::text[], moments_at = null where id = $1',
      [id, come],
    )
  })
}

function momentsOf({ acceptedAt, closedAt }: StoredInteraction): string[] {
  return ['on_offered', ...(acceptedAt ? ['on_accepted'] : []), ...(closedAt ? ['on_closed'] : [])]
}

/** The moment at which it is sure that nobody knows the caller; a later event may tell the number. */
const unknown = 'unknown'
const metNobody = new Set(['number_unknown', 'email_unknown', 'search_met_nothing'])

/** Not where there was nothing to search by, nor before the CRM was asked where the policy has it asked. */
function isUnknown(search: SearchResult | null, { where }: SearchDefinition): boolean {
  if (!search || search.matches.length > 0 || !search.reasonsNone.some(({ code }) => metNobody.has(code))) return false
  return where === 'hub' || search.asked === true
}

async function runMoment(
  tx: Transaction,
  context: DesktopContext,
  { interaction, workflow, moment }: { interaction: StoredInteraction; workflow: ChosenWorkflow; moment: string },
): Promise<void> {
  const matches = interaction.search?.matches.length ?? null
  const { values } = await about(tx, interaction)
  const wanted = (await runnableParts(tx, workflow)).filter(
    ({ definition }) => definition.run === moment && holds(definition.condition, { ...values, matches }),
  )
  await runParts(tx, context, { interaction, workflow }, wanted)
}

async function runParts(
  tx: Transaction,
  { log }: DesktopContext,
  { interaction, workflow }: Pick<Running, 'interaction' | 'workflow'>,
  parts: readonly Runnable[],
): Promise<void> {
  for (const part of parts) {
    const running = { interaction, workflow, requestedBy: 'agent desktop' }
    await runOrWait(tx, running, part, 'auto').catch((error: unknown) => {
      // Refused before anything was written: the interaction goes on without it.
      if (!(error instanceof HubError)) throw error
      log.warn('a workflow did not run', { interaction: interaction.id, workflow: part.name, error })
    })
  }
}

/** What the search's policy makes of a caller whom nobody knows. */
async function createForUnknown(tx: Transaction, { definition: { searchId } }: ChosenWorkflow): Promise<Runnable[]> {
  if (searchId === null) return []
  const [search] = await loadParts<SearchDefinition>(tx, [searchId])
  const { none, createId } = search?.definition ?? {}
  return none === 'create' && createId ? loadParts<CreateDefinition>(tx, [createId]) : []
}
