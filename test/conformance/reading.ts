import assert from 'node:assert/strict'
import type { CrmSession } from '#connectors/call.ts'
import type { Page, Walk } from '#connectors/connector.ts'
import type { SourceRow } from '#model/reading.ts'
import { markText } from '#records/find.ts'
import type { HeldRow, World } from '../connectors/world.ts'

export const query: Walk = { kind: 'query' }

export interface Walked {
  rows: SourceRow[]
  deleted: string[]
  pages: Page[]
  delta: string | null
}

interface WalkOptions {
  pageSize?: number
  session?: CrmSession
  /** Runs after each page, before the next is asked for. */
  between?: (page: number) => Promise<void>
}

export async function walk(world: World, kind: Walk, options: WalkOptions = {}): Promise<Walked> {
  const { pageSize = 10, session = world.session, between } = options
  await world.limitPages(pageSize)
  const walked: Walked = { rows: [], deleted: [], pages: [], delta: null }
  for (let link: string | null = world.connector.firstLink(world.scope, kind); link !== null; ) {
    const page: Page = await world.connector.readPage(session, link, kind, { lane: 'initial', pageSize })
    walked.pages.push(page)
    walked.deleted.push(...page.deleted)
    walked.delta = page.delta
    for (const raw of page.rows) walked.rows.push(world.connector.readRow(world.scope, raw))
    await between?.(walked.pages.length)
    link = page.next
  }
  return walked
}

/** Id → version as the hub tells it. */
export async function marks(world: World, pageSize: number, session: CrmSession = world.session) {
  await world.limitPages(pageSize)
  const found = new Map<string, string | null>()
  for (let link: string | null = world.connector.firstMarkLink(world.scope); link !== null; ) {
    const options = { lane: 'incremental', pageSize } as const
    const page = await world.connector.readMarks(session, world.scope, link, options)
    for (const { sourceId, mark } of page.entries) found.set(sourceId, markText(mark))
    link = page.next
  }
  return found
}

export async function readOne(world: World, id: string): Promise<SourceRow | null> {
  const { rows } = await world.connector.readByIds(world.session, world.scope, [id], 'incremental')
  assert.ok(rows.length <= 1)
  return rows[0] === undefined ? null : world.connector.readRow(world.scope, rows[0])
}

/** What is there, and whole enough to be read: id → row. */
export async function truth(world: World): Promise<Map<string, HeldRow>> {
  const rows = await world.rows()
  return new Map(rows.filter((row) => !row.deleted && row.broken !== 'no-id').map((row) => [row.id, row]))
}

export const sorted = (ids: Iterable<string>) => [...ids].sort()
export const idsOf = ({ rows }: Pick<Walked, 'rows'>) => sorted(rows.map((row) => row.sourceId))
/** `1.5.2`-like text of a row's version, as the hub tells it. */
export const versionOf = (row: SourceRow) => markText(row.mark)
