import { recordId } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import { type Finder, findRecords, type HubRecord } from '#records/find.ts'
import { recordNames } from '#records/names.ts'
import { openWork } from '#records/open-work.ts'
import { sentencesOf } from '#records/rank.ts'
import type { SyncedTable } from '#records/table.ts'
import type { View } from '#records/view.ts'
import { isMasked } from '#records/view.ts'
import { sentenceOf } from '#records/why-none.ts'
import type { DesktopContext } from './context.ts'
import { dynamicDataFields, shownFields } from './dynamic-data.ts'
import { earlierInteractions } from './earlier.ts'
import { ensureSearched } from './find-caller.ts'
import { labelled } from './labelled.ts'
import { emptyNote, notesOf } from './note.ts'
import { shownInteractions } from './shown-interaction.ts'
import type { SearchResult, StoredInteraction } from './store.ts'
import { waitingRunsOf } from './waiting-run.ts'
import { type ChosenWorkflow, loadParts, loadWorkflow, unconfigured } from './workflow-for.ts'

/** For whom a card is. */
export interface Viewer {
  /** Kind and id, as notes know their authors. */
  author: string
  personId: string | null
  view: View
}

/** An interaction with all that its agent needs to see, from the hub alone, through the viewer's eyes. */
export async function buildCard(context: DesktopContext, id: string, viewer: Viewer) {
  const { pool } = context
  const finder = { ...context.finder, view: viewer.view }
  const stored = await ensureSearched(context, id)
  const [[interaction], workflow, notes] = await Promise.all([
    shownInteractions(pool, finder, [stored]),
    loadWorkflow(pool, stored.agentWorkflowId),
    notesOf(pool, id),
  ])
  const found = await matchesOf(pool, finder, stored)
  const linked = await findRecords(
    pool,
    finder,
    interaction!.links.map(({ recordId: one }) => one),
  )
  const definition = workflow?.definition ?? unconfigured
  const subjects = linked.length > 0 ? linked : found.records.slice(0, 1)
  const [records, open, earlier, workflows, waiting] = await Promise.all([
    cardRecords({ db: pool, finder, workflow, links: interaction!.links }, subjects),
    openWork(pool, finder, subjects),
    earlierInteractions(pool, { interaction: stored, recordIds: subjects.map((one) => one.id), viewer }),
    runnable(pool, workflow),
    waitingWorkflows(pool, id),
  ])
  return {
    interaction: interaction!,
    ...found.shown,
    records,
    open: uniqueWork(open.map(({ work }) => work)),
    earlier,
    note: notes.get(viewer.author) ?? emptyNote,
    otherNotes: [...notes]
      .filter(([author, note]) => author !== viewer.author && note.notes !== '')
      .map(([author, note]) => ({ author, notes: note.notes, savedAt: note.savedAt! })),
    dispositions: definition.dispositions,
    tags: definition.tags,
    ...{ workflows, waiting },
    screenPop: { ...definition.screenPop, url: popUrl(records[0]?.url, workflow) },
    configuration: workflow && { id: workflow.configuration.id, name: workflow.configuration.name },
  }
}

/** What the search found, as far as the viewer sees it: a record that only a masked field tells is none. */
async function matchesOf(db: Queryable, finder: Finder & { view: View }, { search }: StoredInteraction) {
  const kept = search ?? { matches: [], more: false, reasonsNone: [], asOf: new Date(0).toISOString() }
  const [records, tables] = await Promise.all([
    findRecords(
      db,
      finder,
      kept.matches.map(({ id }) => id),
    ),
    finder.tables.all(),
  ])
  const byId = new Map(records.map((record) => [record.id, record]))
  const matches = kept.matches.flatMap((match) => {
    const record = byId.get(match.id)
    const table = tables.find((one) => one.connectionId === match.connectionId && one.entity === match.entity)
    if (!record || !table || record.deletedAt) return []
    const reasons = seenReasons(match, finder.view.of(table)?.masked)
    if (reasons.length === 0) return []
    return {
      ...{ id: record.id, entity: record.entity, connectionId: record.connectionId, name: record.name },
      ...{ score: match.score, why: sentencesOf(reasons, table), reasons: labelled(reasons, table) },
      source: { crm: record.source.crm, id: record.source.id, url: record.source.url },
      asOf: new Date(Math.max(record.storedAt.getTime(), Date.parse(kept.asOf))),
    }
  })
  const reasonsNone = matches.length > 0 ? [] : (kept.reasonsNone as Parameters<typeof sentenceOf>[0][])
  return {
    records: matches.map(({ id }) => byId.get(id)!),
    shown: { matches, more: kept.more, reasonsNone, whyNone: reasonsNone.map(sentenceOf), asOf: new Date(kept.asOf) },
  }
}

function seenReasons({ reasons }: SearchResult['matches'][number], masked: ReadonlySet<string> | undefined) {
  if (!masked || masked.size === 0) return reasons
  const seen = reasons.filter(({ field }) => field === undefined || !isMasked(masked, field))
  // What is known beyond the number says nothing where the number itself may not be seen.
  return reasons.some(({ field }) => field !== undefined) && !seen.some(({ field }) => field !== undefined) ? [] : seen
}

interface RecordParts {
  db: Queryable
  finder: Finder & { view: View }
  workflow: ChosenWorkflow | null
  links: readonly { recordId: string; pinned: boolean }[]
}

async function cardRecords({ db, finder, workflow, links }: RecordParts, records: readonly HubRecord[]) {
  const [fields, tables] = await Promise.all([
    dynamicDataFields(db, workflow?.definition.dynamicDataIds ?? []),
    finder.tables.all(),
  ])
  const owners = await ownersOfRecords(db, finder, tables, records)
  return records.map((record) => {
    const table = tables.find((one) => one.connectionId === record.connectionId && one.entity === record.entity)
    const link = links.find((one) => one.recordId === record.id)
    return {
      ...{ id: record.id, entity: record.entity, name: record.name, crm: record.source.crm },
      url: urlOn(record, workflow),
      deleted: record.deletedAt !== null,
      linked: link !== undefined,
      pinned: link?.pinned ?? false,
      of: owners.get(record.id) ?? null,
      dynamicData: table ? shownFields(record, table, fields.get(record.entity) ?? []) : [],
    }
  })
}

/** What opens by itself: a page on the configured domain and no other, though a record of another CRM was linked. */
function popUrl(url: string | null | undefined, workflow: ChosenWorkflow | null): string | null {
  if (!url || !workflow || !URL.canParse(url)) return null
  return new URL(url).origin === workflow.configuration.screenPopDomain ? url : null
}

/** Its page in the CRM, on the configured domain and no other. */
function urlOn({ connectionId, source }: HubRecord, workflow: ChosenWorkflow | null): string | null {
  if (!URL.canParse(source.url)) return null
  if (!workflow || workflow.configuration.connectionId !== connectionId) return source.url
  const { screenPopDomain } = workflow.configuration
  const url = new URL(source.url)
  if (url.origin === screenPopDomain) return source.url
  if (!URL.canParse(screenPopDomain)) return null
  // By its parts: a path that begins with two slashes, read as an address, would lead to another host.
  const onDomain = new URL(screenPopDomain)
  onDomain.pathname = url.pathname
  onDomain.search = url.search
  onDomain.hash = url.hash
  return onDomain.href
}

/** Whom a record belongs to: a contact's company, a lead's account. */
async function ownersOfRecords(
  db: Queryable,
  finder: Finder & { view: View },
  tables: readonly SyncedTable[],
  records: readonly HubRecord[],
) {
  const pointed = records.flatMap((record) => {
    const table = tables.find((one) => one.connectionId === record.connectionId && one.entity === record.entity)
    const relation = table?.mapping.relations.find(({ entities }) => entities.includes('account'))
    const target = relation && record.sourceFields[relation.from]
    if (!relation || typeof target !== 'string') return []
    const { crm, organisation } = record.source
    return relation.entities.map((entity) => ({
      ...{ record: record.id, entity },
      id: recordId({ crm, organisation, entity, sourceId: target }),
    }))
  })
  const names = await recordNames(
    db,
    tables,
    pointed.map(({ id }) => id),
    finder.view,
  )
  return new Map(
    pointed
      .filter(({ id }) => names.has(id))
      .map(({ record, id, entity }) => [record, { id, entity, name: names.get(id) ?? null }]),
  )
}

const mostWork = 5

function uniqueWork(works: readonly HubRecord[]) {
  const unique = [...new Map(works.map((work) => [work.id, work])).values()].slice(0, mostWork)
  return unique.map(({ id, entity, name, fields, modifiedAt }) => ({
    ...{ id, entity, name },
    number: typeof fields.ticketNumber === 'string' ? fields.ticketNumber : null,
    priority: labelsOf(fields.priority),
    since: typeof fields.createdAt === 'string' ? fields.createdAt : modifiedAt,
  }))
}

function labelsOf(choice: unknown): Record<string, string> | null {
  if (typeof choice !== 'object' || choice === null || !('labels' in choice)) return null
  const labels = choice.labels as Record<string, string>
  return Object.keys(labels).length > 0 ? labels : null
}

/** What the agent may run by hand. */
async function runnable(db: Queryable, workflow: ChosenWorkflow | null) {
  const { createIds = [], updateIds = [] } = workflow?.definition ?? {}
  const parts = await loadParts<{ run: string; entity: string }>(db, [...createIds, ...updateIds])
  return parts
    .filter(({ definition }) => definition.run === 'by_agent')
    .map(({ id, kind, name, definition }) => ({
      id,
      kind: kind as 'create' | 'update',
      name,
      entity: definition.entity,
    }))
}

/** What runs once a record is made, or did not. */
async function waitingWorkflows(db: Queryable, id: string) {
  const runs = await waitingRunsOf(db, id)
  const parts = await loadParts(
    db,
    runs.map(({ partId }) => partId),
  )
  return runs.flatMap(({ partId, problem }) => {
    const part = parts.find((one) => one.id === partId)
    return part ? [{ workflow: partId, name: part.name, problem }] : []
  })
}
