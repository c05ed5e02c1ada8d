import { isDeepStrictEqual } from 'node:util'
import { HubError } from '#core/errors.ts'
import { recordId } from '#core/ids.ts'
import { inTransaction, type Transaction } from '#database/pool.ts'
import { enqueueWrite } from '#outbox/enqueue.ts'
import { retryWith } from '#outbox/settle.ts'
import { findRecords, type HubRecord } from '#records/find.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { ownerRole } from '#records/view.ts'
import { agentUserOf } from './agent-user.ts'
import { agentsOf } from './agents.ts'
import type { DesktopContext } from './context.ts'
import type { MemorializationDefinition } from './definitions.ts'
import { ensureSearched } from './find-caller.ts'
import { valuesOf } from './interaction-values.ts'
import { wroteBeforeLeaving } from './leaving.ts'
import { type InteractionLink, linksOf } from './link.ts'
import { activityTarget, type Memorial, memorialsOf, saveMemorial } from './memorial.ts'
import { changedFields, completedNow, stillWritable, takenBack } from './memorial-changes.ts'
import { notesOf } from './note.ts'
import { planMemorial } from './plan-memorial.ts'
import type { PlannedTarget, Subject } from './planned-target.ts'
import { lockInteraction, type MemorializeProblem, type StoredInteraction } from './store.ts'
import { type ChosenWorkflow, loadParts, loadWorkflow } from './workflow-for.ts'

/** How soon it is looked again where a write must end first. */
const laterMs = 2_000

/**
 * Hands to the outbox whatever of an interaction does not stand in the CRM yet as it is to, in one transaction with the
 * memory of it. Doing it again, at once or in another process, does nothing.
 */
export async function memorialize(context: DesktopContext, id: string): Promise<void> {
  // Nobody may have looked at it: who it is, and so to what it is linked, is found out before it is written of.
  await ensureSearched(context, id)
  await inTransaction(context.pool, async (tx) => {
    const interaction = await lockInteraction(tx, id)
    if (interaction.memorializeAt === null) return
    const workflow = await loadWorkflow(tx, interaction.agentWorkflowId)
    const outcome = workflow ? await bringUpToDate(tx, { context, interaction, workflow }) : done
    await settle(tx, id, outcome)
  })
}

interface Outcome {
  /** A write must end before the rest can be asked for. */
  later: boolean
  problem: MemorializeProblem | null
}

const done: Outcome = { later: false, problem: null }

async function settle(tx: Transaction, id: string, { later, problem }: Outcome): Promise<void> {
  await tx.query({
    name: 'interaction-memorialized',
    text: `update jackfield.interaction set memorialized_at = case when $2 then memorialized_at else clock_timestamp() end,
        memorialize_at = clock_timestamp() + make_interval(secs => $4), memorialize_problem = $3,
        version = version + 1, changed_at = clock_timestamp() where id = $1`,
    values: [id, later, problem && JSON.stringify(problem), later ? laterMs / 1000 : problem && againSeconds(problem)],
  })
}

/** What the hub itself refuses may be mended, which nobody tells the interaction: it is looked at again, ever more rarely. */
function againSeconds({ since }: MemorializeProblem): number {
  const age = (Date.now() - Date.parse(since)) / 1000
  return Math.min(Math.max(age / 4, 600), 86_400)
}

interface Asked {
  context: DesktopContext
  interaction: StoredInteraction
  workflow: ChosenWorkflow
}

async function bringUpToDate(tx: Transaction, { context, interaction, workflow }: Asked): Promise<Outcome> {
  const { id } = interaction
  const { connectionId } = workflow.configuration
  const own = ((await linksOf(tx, [id])).get(id) ?? []).filter((link) => link.connectionId === connectionId)
  // A record that the CRM has yet to make cannot be pointed at.
  const links = own.filter(({ made }) => made === 'yes')
  const tables = await listTables(tx, connectionId)
  const records = await findRecords(
    tx,
    context.finder,
    links.map((link) => link.recordId),
  )
  const gone = new Set(records.filter(({ deletedAt }) => deletedAt !== null).map((record) => record.id))
  const linked = records.filter((record) => !gone.has(record.id))
  const agents = (await agentsOf(tx, [id])).get(id) ?? []
  const notes = [...(await notesOf(tx, id)).values()]
  const parts = await loadParts<MemorializationDefinition>(tx, workflow.definition.memorializationIds)
  const plan = planMemorial({
    ...{ interaction, tables },
    definition: workflow.definition,
    mappings: parts.map(({ definition }) => definition),
    values: valuesOf(interaction, { agents, links, notes }),
    linked: links.filter((link) => !gone.has(link.recordId)).map(subjectOf),
    related: linked.flatMap((record) => relatedTo(record, tables)),
    agentUser: await agentUserOf(tx, interaction, tables),
    wroteBeforeLeaving: await wroteBeforeLeaving(tx, interaction),
  })
  const standing = (await memorialsOf(tx, [id])).get(id) ?? []
  const stuck = own.filter(({ made }) => made === 'failed').length
  const later = own.some(({ made }) => made === 'not yet')
  let problem = gone.size === 0 ? null : problemOf(deletedRecord(), interaction.memorializeProblem)
  if (stuck > 0) problem ??= problemOf(unmadeRecord(), interaction.memorializeProblem)
  for (const planned of plan) {
    const memorial = standing.find(({ target }) => target === planned.target) ?? null
    try {
      await bring(tx, { interaction, connectionId, tables }, planned, memorial)
    } catch (error) {
      // What the hub itself refuses was refused before anything of it was written.
      if (!(error instanceof HubError)) throw error
      problem ??= problemOf(error, interaction.memorializeProblem)
    }
  }
  return { later, problem }
}

const subjectOf = ({ recordId: id, entity, sourceId }: InteractionLink): Subject => ({ recordId: id, entity, sourceId })

const deletedRecord = () =>
  new HubError('record.not_found', 'A linked record was deleted in the CRM: nothing is written to it', {
    mend: 'Link another record, or take the deleted one off.',
  })

const unmadeRecord = () =>
  new HubError('record.not_found', 'A linked record was not made in the CRM: nothing is written to it', {
    mend: 'Try its write again, or link another record and take this one off.',
  })

function problemOf(error: HubError, before: MemorializeProblem | null): MemorializeProblem {
  const { code, message, detail } = error
  const since = before?.code === code ? before.since : new Date().toISOString()
  return { code, message, mend: detail.mend ?? null, since }
}

/** What a linked record points at: its company, its contact; its owner is nobody to write to. */
function relatedTo(record: HubRecord, tables: readonly SyncedTable[]): Subject[] {
  const table = tables.find(({ entity }) => entity === record.entity)
  const { crm, organisation } = record.source
  return (table?.mapping.relations ?? [])
    .filter(({ role }) => role !== ownerRole)
    .flatMap(({ from, entities }) => {
      const sourceId = record.sourceFields[from]
      if (typeof sourceId !== 'string') return []
      return entities.map((entity) => ({
        entity,
        sourceId,
        recordId: recordId({ crm, organisation, entity, sourceId }),
      }))
    })
}

interface Place {
  interaction: StoredInteraction
  connectionId: string
  tables: readonly SyncedTable[]
}

async function bring(tx: Transaction, place: Place, planned: PlannedTarget, memorial: Memorial | null): Promise<void> {
  // The workflow names another activity by now: the one that was made stays as it is.
  if (memorial && memorial.entity !== planned.entity) return
  if (memorial && isUnmade(memorial)) return askAnew(tx, planned, memorial)
  if (memorial && nextStep(memorial) === 'done') return
  const completed = completedNow(planned, memorial)
  const tellsNothing = memorial === null && Object.keys(planned.fields).length === 0
  const told = stillWritable(place.tables, planned, memorial)
  const wanted = tellsNothing
    ? {}
    : { ...told, ...(await takenBack(tx, place.tables, planned, memorial)), ...completed }
  const changed = changedFields(wanted, memorial?.fields ?? {})
  // What failed is a person's to try again; with something new, all of it is asked for once more.
  const failed = memorial?.writeState === 'failed' && Object.keys(changed).length > 0
  const changes = Object.keys(changed).length > 0
  // What is completed takes no change but one that completes it again.
  const fields = failed ? wanted : changes ? { ...changed, ...completed } : {}
  const revision = (memorial?.revision ?? 0) + 1
  const write = changes ? await ask(tx, place, { planned, memorial, fields, revision }) : null
  if (write === null && sameFindings(memorial, planned)) return
  await saveMemorial(tx, {
    ...{ interactionId: place.interaction.id, target: planned.target, connectionId: place.connectionId },
    entity: planned.entity,
    recordId: write?.recordId ?? memorial?.writtenRecordId ?? memorial?.recordId ?? planned.subject?.recordId ?? null,
    sourceId: write?.sourceId ?? memorial?.writtenSourceId ?? memorial?.sourceId ?? planned.subject?.sourceId ?? null,
    fields: { ...memorial?.fields, ...fields },
    revision: write === null ? (memorial?.revision ?? 0) : revision,
    writeId: write?.id ?? memorial?.writeId ?? null,
    problem: unfitProblem(planned, memorial),
    cut: planned.cut,
  })
}

/**
 * What went before decides. One write at a time: were a second handed over, the first could fail unseen behind it. Its end
 * brings the interaction back here (`tellEnded`).
 */
function nextStep({ writeId, writeState }: Memorial): 'write' | 'done' {
  const isOver = writeState === null || writeState === 'done' || writeState === 'failed' || writeState === 'cancelled'
  return writeId === null || isOver ? 'write' : 'done'
}

/** An activity that was not made is made by trying that write again, and by no other. */
const isUnmade = ({ target, revision, writeState }: Memorial) =>
  target === activityTarget && revision === 1 && (writeState === 'failed' || writeState === 'cancelled')

/** With something new. Nothing of it stands in the CRM, so that nothing has to be taken back. */
async function askAnew(tx: Transaction, planned: PlannedTarget, memorial: Memorial): Promise<void> {
  const fields = { ...planned.fields, ...completedNow(planned, null) }
  if (isDeepStrictEqual(fields, memorial.fields)) return
  const write = await retryWith(tx, memorial.writeId!, fields)
  if (write === null) return
  await saveMemorial(tx, { ...memorial, fields, problem: unfitProblem(planned, memorial), cut: planned.cut })
}

interface AskedWrite {
  planned: PlannedTarget
  memorial: Memorial | null
  fields: Record<string, unknown>
  revision: number
}

async function ask(tx: Transaction, place: Place, { planned, memorial, fields, revision }: AskedWrite) {
  const { target, entity, subject } = planned
  const sourceId = subject?.sourceId ?? memorial?.writtenSourceId ?? memorial?.sourceId ?? null
  const isNew = subject === null && memorial?.writeId == null
  return enqueueWrite(tx, {
    ...{ connectionId: place.connectionId, entity, sourceFields: fields },
    ...(isNew ? { operation: 'create' as const } : { operation: 'update' as const, sourceId: sourceId! }),
    writeKey: `interaction:${place.interaction.id}:${target}:${revision}`,
    requestedBy: 'agent desktop',
  })
}

function unfitProblem({ unfit }: PlannedTarget, memorial: Memorial | null): Memorial['problem'] {
  if (unfit.length === 0) return null
  const message = unfit.map(({ field, why }) => `The field '${field}' ${why}`).join('; ')
  const since = memorial?.problem?.message === message ? memorial.problem.since : new Date().toISOString()
  return { code: 'mapping.invalid', message, mend: 'Change the mapping, or the field in the CRM.', since }
}

const sameFindings = (memorial: Memorial | null, planned: PlannedTarget) =>
  isDeepStrictEqual(memorial?.cut ?? [], planned.cut) &&
  memorial?.problem?.message === unfitProblem(planned, memorial)?.message
