import type { CrmRow, Violation } from './records.ts'

/** How one CRM's rows are to stand in the destination, told apart from the hub's own idea of it. */
export interface Written {
  /** What its source column says. */
  label: string
  /** Column of the destination ← column of the source. */
  columns: readonly (readonly [to: string, from: string])[]
  /** A lookup of the destination ← of the source; null: there is none. */
  link: readonly [to: string, from: string] | null
}

/** What becomes of a row whose record is gone. */
export type Policy = 'keep' | 'deactivate' | 'delete'

export interface DestinationStory {
  entity: string
  written: Written
  policy: Policy
  /** Rows of the source, tombstones too. */
  source: readonly CrmRow[]
  /** Rows of the destination, tombstones too. */
  there: readonly CrmRow[]
  /** Ids of the source's rows by the id of the row that stands for each, of all tables that a lookup may point at. */
  standsFor: ReadonlyMap<string, string>
  /** Rows of the source that live, of all tables. */
  alive: ReadonlySet<string>
  /** Rows of the destination that are none of the source's, by id, as they were before anything was written. */
  own: ReadonlyMap<string, CrmRow>
}

const sourceOf = ({ fields }: CrmRow) => `${fields.msdyn_source_crm} ${fields.msdyn_source_crm_id}`

/** For each row of the destination that lives: the source's row that it stands for. */
export function standing(there: readonly CrmRow[], { label }: Written): Map<string, string> {
  const living = there.filter((row) => !row.deleted && row.fields.msdyn_source_crm === label)
  return new Map(living.map((row) => [row.id, String(row.fields.msdyn_source_crm_id)]))
}

/** One table of the source set beside that of the destination, row by row. */
export function compareDestination(story: DestinationStory): Violation[] {
  const { entity, written, source, there, own } = story
  const violations: Violation[] = []
  const tell: Tell = (kind, id, why) => violations.push({ kind, told: `destination, ${entity} ${id}: ${why}` })
  const bySource = Map.groupBy(
    there.filter((row) => !row.deleted),
    sourceOf,
  )
  for (const row of source) {
    if (row.broken !== undefined) continue
    const rows = bySource.get(`${written.label} ${row.id}`) ?? []
    if (rows.length > 1) tell('doubled', row.id, `it stands there as ${rows.map(({ id }) => id).join(' and ')}`)
    if (row.deleted) compareGone(row, rows, story, tell)
    else compareLiving(row, rows, story, tell)
  }
  const known = new Set(source.map((row) => `${written.label} ${row.id}`))
  for (const row of there) {
    if (row.deleted || own.has(row.id) || known.has(sourceOf(row))) continue
    tell('revived', row.id, `of ${sourceOf(row)}, which never was in the source`)
  }
  const byId = new Map(there.map((row) => [row.id, row]))
  for (const [id, before] of own) {
    const now = byId.get(id)
    if (now?.deleted !== before.deleted || now.mark !== before.mark)
      tell('broken', id, `a row of the organisation’s own was touched: version ${before.mark}, now ${now?.mark}`)
  }
  return violations
}

type Tell = (kind: Violation['kind'], id: string, why: string) => void

function compareGone(row: CrmRow, rows: readonly CrmRow[], { policy }: DestinationStory, tell: Tell): void {
  const [first] = rows
  if (!first || policy === 'keep') return
  if (policy === 'delete') tell('revived', row.id, `deleted in the source, there as ${first.id}`)
  else if (first.fields.statecode !== 1) tell('revived', row.id, `deleted in the source, in use there as ${first.id}`)
}

function compareLiving(row: CrmRow, rows: readonly CrmRow[], story: DestinationStory, tell: Tell): void {
  const { written } = story
  const [first] = rows
  if (first?.fields.statecode !== 0) {
    tell('lost', row.id, first ? `out of use there as ${first.id}` : 'no row there')
    return
  }
  for (const [to, from] of written.columns) {
    const [is, wanted] = [first.fields[to] ?? null, row.fields[from] ?? null]
    if (JSON.stringify(is) !== JSON.stringify(wanted === '' ? null : wanted))
      tell('stale', row.id, `${to} is ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`)
  }
  if (!String(first.fields.msdyn_source_crm_url ?? '').includes(row.id))
    tell('stale', row.id, `its address is ${first.fields.msdyn_source_crm_url}`)
  if (written.link) compareLink(row, first, written.link, { story, tell })
}

function compareLink(
  row: CrmRow,
  there: CrmRow,
  [to, from]: readonly [string, string],
  { story, tell }: { story: DestinationStory; tell: Tell },
): void {
  const wanted = row.fields[from] ?? null
  const pointed = there.fields[to] ?? null
  const stands = pointed === null ? null : (story.standsFor.get(String(pointed)) ?? `${pointed}, a row of nobody`)
  // A row that is gone may still be pointed at, or not.
  const may = wanted !== null && !story.alive.has(String(wanted)) ? [wanted, null] : [wanted]
  if (!may.includes(stands)) tell('stale', row.id, `${to} points at ${stands}, not at ${wanted}`)
}

/** What the hub copies of the destination's own rows: a row that it wrote there is none of them. */
export function compareOwnCopies(
  entity: string,
  copied: readonly { source: { id: string }; deletedAt: string | null; outOfScopeAt: string | null }[],
  own: ReadonlyMap<string, CrmRow>,
): Violation[] {
  const alive = new Set(
    copied.flatMap((one) => (one.deletedAt === null && one.outOfScopeAt === null ? [one.source.id] : [])),
  )
  const back = [...alive].filter((id) => !own.has(id))
  const lost = [...own.values()].filter((row) => !row.deleted && !alive.has(row.id))
  return [
    ...back.map((id) => ({ kind: 'doubled' as const, told: `${entity} ${id}: read back as the organisation’s own` })),
    ...lost.map(({ id }) => ({
      kind: 'lost' as const,
      told: `${entity} ${id}: the organisation’s own, and not copied`,
    })),
  ]
}
