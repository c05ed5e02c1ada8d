import type { Walk } from '#connectors/connector.ts'
import type { RawRow } from '#model/reading.ts'
import { deletedRow } from './wire.ts'

/** Only these walks tell of deletions. */
export function tracks(walk: Walk | null): boolean {
  return walk?.kind === 'tracked' || walk?.kind === 'delta'
}

/** Rows that only say that a record was deleted, told from those that hold one. */
export function cutDeleted(all: readonly RawRow[]): { rows: RawRow[]; deleted: string[] } {
  const rows: RawRow[] = []
  const deleted: string[] = []
  for (const raw of all) {
    const id = raw.includes('/$deletedEntity"') ? deletedId(raw) : null
    if (id === null) rows.push(raw)
    else deleted.push(id)
  }
  return { rows, deleted }
}

function deletedId(raw: RawRow): string | null {
  // A record's text may hold the words too, so the row itself is looked at.
  const parsed = deletedRow.safeParse(JSON.parse(raw.toString()))
  return parsed.success ? parsed.data.id.toLowerCase() : null
}
