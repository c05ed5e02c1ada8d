import type { Note } from '../../api/desktop.ts'

/** What was typed and is not yet acknowledged by the hub: only the parts that were changed. */
export interface Draft {
  notes?: string
  disposition?: string | null
  tags?: string[]
}

/** A draft with the note that it was begun on. */
export interface KeptDraft {
  draft: Draft
  before: Note
}

const keyOf = (person: string, interaction: string) => `jackfield.note.${person}.${interaction}`

/** Survives the tab and the browser. */
export function keepDraft(person: string, interaction: string, kept: KeptDraft): void {
  try {
    localStorage.setItem(keyOf(person, interaction), JSON.stringify(kept))
  } catch {
    // Storage is shut off or full: it lives as long as the page.
  }
}

/** Another tab may have kept something of its own meanwhile: that one stays. */
export function dropDraft(person: string, interaction: string, acknowledged: Draft): void {
  const kept = keptDraft(person, interaction)
  if (!kept || !same(kept.draft, acknowledged)) return
  localStorage.removeItem(keyOf(person, interaction))
}

export function keptDraft(person: string, interaction: string): KeptDraft | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(person, interaction)) ?? 'null') as KeptDraft | null
  } catch {
    return null
  }
}

/** Interactions that this person has drafts of here. */
export function keptInteractions(person: string): string[] {
  const start = keyOf(person, '')
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length))
  } catch {
    return []
  }
}

export const isEmpty = (draft: Draft) => Object.keys(draft).length === 0

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** What of a draft still has to be saved over `theirs`, and which of its parts both changed to something else. */
export function meet({ draft, before }: KeptDraft, theirs: Note): { draft: Draft; clashing: (keyof Draft)[] } {
  const rest: Draft = { ...draft }
  const clashing: (keyof Draft)[] = []
  for (const key of Object.keys(draft) as (keyof Draft)[]) {
    if (same(theirs[key], draft[key])) delete rest[key]
    else if (same(theirs[key], before[key])) continue
    else if (key === 'tags') rest.tags = mergedTags(before.tags, draft.tags ?? [], theirs.tags)
    else if (key === 'notes' && theirs.notes.startsWith(draft.notes ?? '')) delete rest.notes
    else if (key === 'notes' && draft.notes?.startsWith(theirs.notes)) continue
    else clashing.push(key)
  }
  return { draft: rest, clashing }
}

function mergedTags(before: string[], mine: string[], theirs: string[]): string[] {
  const removed = before.filter((tag) => !mine.includes(tag))
  const added = mine.filter((tag) => !before.includes(tag) && !theirs.includes(tag))
  return [...theirs.filter((tag) => !removed.includes(tag)), ...added]
}
