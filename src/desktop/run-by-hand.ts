import { HubError } from '#core/errors.ts'
import { inTransaction, type Queryable } from '#database/pool.ts'
import type { DesktopContext } from './context.ts'
import type { CreateDefinition, UpdateDefinition } from './definitions.ts'
import { linksOf } from './link.ts'
import { linksToUpdate, type Runnable, runOrWait } from './run-part.ts'
import { loadInteraction, lockInteraction, touchInteraction } from './store.ts'
import { type ChosenWorkflow, loadParts, loadWorkflow } from './workflow-for.ts'

export const runnableParts = (
  db: Queryable,
  { definition: { createIds, updateIds } }: ChosenWorkflow,
): Promise<Runnable[]> => loadParts<CreateDefinition | UpdateDefinition>(db, [...createIds, ...updateIds])

export interface ByHand {
  partId: string
  /** Chosen by whoever asks: the same again is the same run. */
  key: string
  requestedBy: string
  personId?: string
}

/** What an agent may run at a card, with the records that an update would change; throws resource.not_found where the interaction's workflow has no such part. */
export async function findRunnable(
  db: Queryable,
  id: string,
  partId: string,
): Promise<{ connectionId: string; part: Runnable; sourceIds: string[] }> {
  const { agentWorkflowId } = await loadInteraction(db, id)
  const workflow = await loadWorkflow(db, agentWorkflowId)
  const part = workflow && (await runnableParts(db, workflow)).find((one) => one.id === partId)
  if (workflow && part?.definition.run === 'by_agent') {
    const { connectionId } = workflow.configuration
    const links = (await linksOf(db, [id])).get(id) ?? []
    const updated =
      'link' in part.definition ? [] : linksToUpdate(links, { connectionId, entity: part.definition.entity })
    return { connectionId, part, sourceIds: updated.map(({ sourceId }) => sourceId) }
  }
  throw new HubError('resource.not_found', 'This interaction has no such workflow')
}

/** Throws what `findRunnable` and the run itself throw: input.invalid naming the field whose value does not fit. */
export async function runByHand({ pool }: DesktopContext, id: string, asked: ByHand): Promise<void> {
  const { partId, key, requestedBy, personId } = asked
  await inTransaction(pool, async (tx) => {
    const interaction = await lockInteraction(tx, id)
    const { part } = await findRunnable(tx, id, partId)
    const workflow = (await loadWorkflow(tx, interaction.agentWorkflowId))!
    const by = personId === undefined ? {} : { personId }
    await runOrWait(tx, { interaction, workflow, requestedBy, ...by }, part, key)
    await touchInteraction(tx, id)
  })
}
