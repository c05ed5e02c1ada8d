import { HubError, isHubError } from '#core/errors.ts'
import { inTransaction, type Queryable, type Transaction } from '#database/pool.ts'
import { agentsOf } from './agents.ts'
import { holds } from './condition.ts'
import type { DesktopContext } from './context.ts'
import type { CreateDefinition, SearchDefinition, UpdateDefinition } from './definitions.ts'
import { ensureSearched } from './find-caller.ts'
import { valuesOf } from './interaction-values.ts'
import { type InteractionLink, linkRecord, linksOf } from './link.ts'
import { notesOf } from './note.ts'
import { runCreate, runUpdate } from './run-workflow.ts'
import { loadInteraction, lockInteraction, type StoredInteraction, touchInteraction } from './store.ts'
import { type ChosenWorkflow, loadParts, loadWorkflow } from './workflow-for.ts'

type Runnable = { id: string; kind: string; name: string; definition: CreateDefinition | UpdateDefinition }

interface Running {
  interaction: StoredInteraction
  workflow: ChosenWorkflow
  requestedBy: string
  personId?: string
}

/** Runs what is configured to run by itself at the moments that have come, each once; what fails is logged and shown in the writes. */
export async function runMoments(context: DesktopContext, id: string): Promise<void> {
  await ensureSearched(context, id)
  await inTransaction(context.pool, async (tx) => {
    const interaction = await lockInteraction(tx, id)
    const workflow = await loadWorkflow(tx, interaction.agentWorkflowId)
    const come = momentsOf(interaction).filter((moment) => !interaction.moments.includes(moment))
    if (workflow) for (const moment of come) await runMoment(tx, context, { interaction, workflow, moment })
    await tx.query(
      'update jackfield.interaction set moments = moments || $2::text[], moments_at = null where id = $1',
      [id, come],
    )
  })
}

function momentsOf({ acceptedAt, closedAt }: StoredInteraction): string[] {
  return ['on_offered', ...(acceptedAt ? ['on_accepted'] : []), ...(closedAt ? ['on_closed'] : [])]
}

async function runMoment(
  tx: Transaction,
  { log }: DesktopContext,
  { interaction, workflow, moment }: { interaction: StoredInteraction; workflow: ChosenWorkflow; moment: string },
): Promise<void> {
  const matches = interaction.search?.matches.length ?? null
  const { values } = await about(tx, interaction)
  const wanted = (await runnableParts(tx, workflow)).filter(
    ({ definition }) => definition.run === moment && holds(definition.condition, { ...values, matches }),
  )
  const unknown = moment === 'on_offered' && matches === 0 ? await createForUnknown(tx, workflow) : []
  for (const part of [...wanted, ...unknown]) {
    const running = { interaction, workflow, requestedBy: 'agent desktop' }
    await runPart(tx, running, part, 'auto').catch((error: unknown) => {
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

const runnableParts = (db: Queryable, { definition: { createIds, updateIds } }: ChosenWorkflow): Promise<Runnable[]> =>
  loadParts<CreateDefinition | UpdateDefinition>(db, [...createIds, ...updateIds])

async function about(db: Queryable, interaction: StoredInteraction) {
  const { id } = interaction
  const links = (await linksOf(db, [id])).get(id) ?? []
  const agents = (await agentsOf(db, [id])).get(id) ?? []
  const notes = [...(await notesOf(db, id)).values()]
  const known = links.filter(({ made }) => made === 'yes')
  return { links: known, values: valuesOf(interaction, { agents, links: known, notes }) }
}

async function runPart(tx: Transaction, running: Running, { id, definition }: Runnable, key: string): Promise<void> {
  const { interaction, workflow, requestedBy, personId } = running
  const { connectionId } = workflow.configuration
  const { links, values } = await about(tx, interaction)
  const asked = {
    ...{ connectionId, values, requestedBy },
    ...(personId === undefined ? {} : { personId }),
  }
  const writeKey = `interaction:${interaction.id}:run:${id}:${key}`
  if ('link' in definition) {
    const { write } = await runCreate(tx, { ...asked, definition, writeKey }).catch(ranBefore)
    if (!write || !definition.link) return
    const record = { id: write.recordId, connectionId, entity: write.entity, source: { id: write.sourceId } }
    await linkRecord(tx, interaction.id, record, { by: requestedBy, writeId: write.id })
    return
  }
  for (const { sourceId } of linksToUpdate(links, { connectionId, entity: definition.entity })) {
    await runUpdate(tx, { ...asked, definition, sourceId, writeKey: `${writeKey}:${sourceId}` }).catch(ranBefore)
  }
}

const linksToUpdate = (links: readonly InteractionLink[], wanted: { connectionId: string; entity: string }) =>
  links.filter((link) => link.connectionId === wanted.connectionId && link.entity === wanted.entity)

/** The same key with other values: it ran before, and what it wrote then stands. */
function ranBefore(error: unknown): { write?: never } {
  if (isHubError(error, 'write.conflict')) return {}
  throw error
}

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
    await runPart(tx, { interaction, workflow, requestedBy, ...by }, part, key)
    await touchInteraction(tx, id)
  })
}
