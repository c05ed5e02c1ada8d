import { HubError } from '#core/errors.ts'
import { inTransaction, type Transaction } from '#database/pool.ts'
import type { DesktopContext } from './context.ts'
import type { CreateDefinition, UpdateDefinition } from './definitions.ts'
import { runPart } from './run-part.ts'
import { lockInteraction, type StoredInteraction, touchInteraction } from './store.ts'
import {
  endWaiting,
  readyInteractions,
  refuseWaiting,
  type WaitingRun,
  waitingRunsOf,
  waitLonger,
} from './waiting-run.ts'
import { loadParts, loadWorkflow } from './workflow-for.ts'

/** Runs what waited for a record that is made now; of one that was not made the card says so. Answers how many were looked at. */
export async function runWaiting({ pool, log, changed }: DesktopContext): Promise<number> {
  const ids = await readyInteractions(pool)
  for (const id of ids) {
    await inTransaction(pool, (tx) => runAll(tx, id)).catch(async (error: unknown) => {
      log.error('a workflow that waited could not run yet', { interaction: id, error })
      await waitLonger(pool, id)
    })
    changed()
  }
  return ids.length
}

async function runAll(tx: Transaction, id: string): Promise<void> {
  const interaction = await lockInteraction(tx, id)
  for (const run of await waitingRunsOf(tx, id)) {
    if (run.problem !== null) continue
    try {
      await runOne(tx, interaction, run)
    } catch (error) {
      // Refused before anything was written.
      if (!(error instanceof HubError)) throw error
      const { code, message, detail } = error
      const since = new Date().toISOString()
      await refuseWaiting(tx, run, { code, message, mend: detail.mend ?? null, since })
    }
  }
  await touchInteraction(tx, id)
}

async function runOne(tx: Transaction, interaction: StoredInteraction, run: WaitingRun): Promise<void> {
  const workflow = await loadWorkflow(tx, interaction.agentWorkflowId)
  const [part] = await loadParts<CreateDefinition | UpdateDefinition>(tx, [run.partId])
  if (!workflow || !part) throw new HubError('resource.not_found', 'The workflow is not there any more, or is off')
  const { requestedBy, personId } = run
  const running = { interaction, workflow, requestedBy, ...(personId === null ? {} : { personId }) }
  if ((await runPart(tx, running, part, run.key)) === 'ran') return endWaiting(tx, run)
  throw new HubError('record.not_found', 'The record that it points at was not made in the CRM', {
    mend: 'Try the write of that record again, or link another one; then run it again.',
  })
}
