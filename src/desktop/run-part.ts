import { isHubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { agentsOf } from './agents.ts'
import type { CreateDefinition, UpdateDefinition } from './definitions.ts'
import { valuesOf } from './interaction-values.ts'
import { type InteractionLink, linkRecord, linksOf } from './link.ts'
import { notesOf } from './note.ts'
import { linkedRecord, runCreate, runUpdate } from './run-workflow.ts'
import type { StoredInteraction } from './store.ts'
import { linkOf } from './template.ts'
import { keepWaiting } from './waiting-run.ts'
import type { ChosenWorkflow } from './workflow-for.ts'

export type Runnable = { id: string; kind: string; name: string; definition: CreateDefinition | UpdateDefinition }

export interface Running {
  interaction: StoredInteraction
  workflow: ChosenWorkflow
  requestedBy: string
  personId?: string
}

/** What the interaction tells, and its links: those that can be pointed at first. */
export async function about(db: Queryable, interaction: StoredInteraction) {
  const { id } = interaction
  const all = (await linksOf(db, [id])).get(id) ?? []
  const agents = (await agentsOf(db, [id])).get(id) ?? []
  const notes = [...(await notesOf(db, id)).values()]
  const links = all.filter(({ made }) => made === 'yes')
  const unmade = all.filter(({ made }) => made !== 'yes')
  return { links, unmade, values: valuesOf(interaction, { agents, links, notes }) }
}

/** `waits`: it points at a record that the CRM has yet to make, or that it did not make. Then nothing was asked for. */
export async function runPart(
  tx: Transaction,
  running: Running,
  { id, definition }: Runnable,
  key: string,
): Promise<'ran' | 'waits'> {
  const { interaction, workflow, requestedBy, personId } = running
  const { connectionId } = workflow.configuration
  const { links, unmade, values } = await about(tx, interaction)
  const tables = await listTables(tx, connectionId)
  if (pointsAtUnmade(definition, { links, unmade, tables, connectionId })) return 'waits'
  const asked = {
    ...{ connectionId, values, requestedBy },
    ...(personId === undefined ? {} : { personId }),
  }
  const writeKey = `interaction:${interaction.id}:run:${id}:${key}`
  if ('link' in definition) {
    const { write } = await runCreate(tx, { ...asked, definition, writeKey }).catch(ranBefore)
    if (!write || !definition.link) return 'ran'
    const record = { id: write.recordId, connectionId, entity: write.entity, source: { id: write.sourceId } }
    await linkRecord(tx, interaction.id, record, { by: requestedBy, writeId: write.id })
    return 'ran'
  }
  for (const { sourceId } of linksToUpdate(links, { connectionId, entity: definition.entity })) {
    await runUpdate(tx, { ...asked, definition, sourceId, writeKey: `${writeKey}:${sourceId}` }).catch(ranBefore)
  }
  return 'ran'
}

/** The same; what waits is kept, and runs when the record is made (`run-waiting.ts`). */
export async function runOrWait(tx: Transaction, running: Running, part: Runnable, key: string): Promise<void> {
  if ((await runPart(tx, running, part, key)) === 'ran') return
  const { interaction, requestedBy, personId = null } = running
  await keepWaiting(tx, { interactionId: interaction.id, partId: part.id, key, requestedBy, personId })
}

interface Pointed {
  links: readonly InteractionLink[]
  unmade: readonly InteractionLink[]
  tables: readonly SyncedTable[]
  connectionId: string
}

function pointsAtUnmade(definition: CreateDefinition | UpdateDefinition, pointed: Pointed): boolean {
  const { links, unmade, tables, connectionId } = pointed
  const { entity, fields } = definition
  const awaited = unmade.filter(({ made }) => made === 'not yet')
  if (!('link' in definition) && linksToUpdate(awaited, { connectionId, entity }).length > 0) return true
  const source = tables.find((table) => table.entity === entity)?.source
  return fields.some(({ field, value }) => {
    const column = source?.fields.find(({ name }) => name === field)
    const link = linkOf(value)
    if (!column || link === undefined) return false
    const found = linkedRecord(column, link, { tables, links })
    return !found && linkedRecord(column, link, { tables, links: unmade }) !== undefined
  })
}

export const linksToUpdate = (links: readonly InteractionLink[], wanted: { connectionId: string; entity: string }) =>
  links.filter((link) => link.connectionId === wanted.connectionId && link.entity === wanted.entity)

/** The same key with other values: it ran before, and what it wrote then stands. */
function ranBefore(error: unknown): { write?: never } {
  if (isHubError(error, 'write.conflict')) return {}
  throw error
}
