import { HubError } from '#core/errors.ts'
import { inTransaction, type Pool, type Queryable } from '#database/pool.ts'
import { lockInteraction, touchInteraction } from './store.ts'

/** What one agent typed of an interaction. */
export interface Note {
  notes: string
  disposition: string | null
  tags: string[]
  version: number
  savedAt: Date | null
}

export interface NoteChange {
  notes?: string
  disposition?: string | null
  tags?: string[]
  /** That it was based on. */
  version: number
}

export const emptyNote: Note = { notes: '', disposition: null, tags: [], version: 0, savedAt: null }

export interface Author {
  /** Kind and id: a person, a key. */
  author: string
  personId: string | null
}

const COLUMNS = 'author, notes, disposition, tags, version, saved_at as "savedAt"'

/** All notes of an interaction, by their authors, in the order in which they were last saved. */
export async function notesOf(db: Queryable, id: string): Promise<Map<string, Note>> {
  const { rows } = await db.query<Note & { author: string }>({
    name: 'interaction-notes',
    text: `select ${COLUMNS} from jackfield.interaction_note where interaction_id = $1 order by saved_at, author`,
    values: [id],
  })
  return new Map(rows.map(({ author, ...note }) => [author, note]))
}

/**
 * Throws settings.changed where the author's note has another version by now, from another tab or window. What is handed
 * over twice is saved once.
 */
export async function saveNote(
  pool: Pool,
  id: string,
  { author, personId }: Author,
  change: NoteChange,
): Promise<Note> {
  const { version, ...given } = change
  return inTransaction(pool, async (tx) => {
    await lockInteraction(tx, id)
    const standing = (await notesOf(tx, id)).get(author) ?? emptyNote
    const wanted = { ...standing, ...given }
    const same = sameNote(standing, wanted)
    if (same) return standing
    if (standing.version !== version) {
      throw new HubError('settings.changed', 'The note was changed in another window meanwhile', {
        field: 'version',
        mend: 'Read it again and add to what stands now.',
      })
    }
    const { rows } = await tx.query<Note>({
      name: 'interaction-note-save',
      text: `insert into jackfield.interaction_note (interaction_id, author, person_id, notes, disposition, tags)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (interaction_id, author) do update set notes = $4, disposition = $5, tags = $6,
          version = jackfield.interaction_note.version + 1, saved_at = clock_timestamp()
        returning ${COLUMNS}`,
      values: [id, author, personId, wanted.notes, wanted.disposition, wanted.tags],
    })
    await touchInteraction(tx, id)
    const { author: _author, ...note } = rows[0] as Note & { author?: string }
    return note
  })
}

const sameNote = (a: Note, b: Note) =>
  a.notes === b.notes && a.disposition === b.disposition && JSON.stringify(a.tags) === JSON.stringify(b.tags)
