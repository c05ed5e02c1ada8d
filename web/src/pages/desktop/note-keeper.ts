import { askCard, desktopLine, type Note, saveNote } from '../../api/desktop.ts'
import { ApiError } from '../../api/request.ts'
import { type Draft, dropDraft, isEmpty, keepDraft, keptDraft, keptInteractions, meet, same } from './note-draft.ts'

/** A pause in typing of so long is saved. */
const TYPING_MS = 600
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 15_000

/** `kept`: in this browser, until the hub answers; `clash`: saved differently elsewhere; `refused`: the hub will not take it. */
export type NoteState = 'saved' | 'saving' | 'kept' | 'clash' | 'refused'

export interface NoteView {
  notes: string
  disposition: string | null
  tags: string[]
  savedAt: string | null
  state: NoteState
  /** What was saved elsewhere meanwhile. */
  theirs: Note | null
  error: unknown
}

/** What one agent types at one interaction. Nothing of it is let go before the hub has acknowledged it. */
export class NoteKeeper {
  readonly interaction: string
  readonly #person: string
  readonly #listeners = new Set<() => void>()
  #base: Note
  #before: Note
  #draft: Draft = {}
  #theirs: Note | null = null
  #clashing: (keyof Draft)[] = []
  #error: unknown = null
  #state: NoteState = 'saved'
  #sending = false
  #waitMs = FIRST_WAIT_MS
  #timer: ReturnType<typeof setTimeout> | undefined
  #view: NoteView

  constructor(person: string, interaction: string, base: Note) {
    this.#person = person
    this.interaction = interaction
    this.#base = base
    this.#before = base
    const kept = keptDraft(person, interaction)
    if (kept) {
      this.#draft = kept.draft
      this.#before = kept.before
      this.#state = 'saving'
      void this.send()
    }
    this.#view = this.#look()
  }

  readonly get = (): NoteView => this.#view

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get isDone(): boolean {
    return isEmpty(this.#draft)
  }

  change(part: Draft): void {
    if (isEmpty(this.#draft)) this.#before = this.#base
    this.#draft = { ...this.#draft, ...part }
    this.#keep()
    this.#show(this.#theirs ? 'clash' : 'saving')
    if (!this.#theirs) this.#later(TYPING_MS)
  }

  /** As the hub has it by now. */
  take(note: Note): void {
    if (note.version < this.#base.version || same(note, this.#base)) return
    this.#base = note
    this.#show(this.#state)
  }

  /** Neither is lost unless one is chosen. */
  settle(choice: 'mine' | 'theirs' | 'both'): void {
    const theirs = this.#theirs
    if (!theirs) return
    const told = this.#draft
    const { notes = theirs.notes, ...rest } = told
    if (choice === 'theirs') this.#draft = without(this.#draft, this.#clashing)
    else if (choice === 'both') this.#draft = { ...rest, notes: bothTexts(theirs.notes, notes) }
    this.#before = theirs
    this.#theirs = null
    this.#clashing = []
    if (this.isDone) {
      this.#done(told)
    } else {
      this.#keep()
      this.#show('saving')
      void this.send()
    }
  }

  /** Let go for good, because the person says so. */
  discard(): void {
    dropDraft(this.#person, this.interaction, this.#draft)
    this.#draft = {}
    this.#theirs = null
    this.#show('saved')
  }

  /** Everything that is not acknowledged, now. */
  async send(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#sending) return
    this.#sending = true
    try {
      while (!this.isDone && !this.#theirs) {
        const sent = { ...this.#draft }
        const version = this.#before.version
        const note = await saveNote(this.#person, this.interaction, { ...sent, version }).catch((error) =>
          this.#met(error),
        )
        if (note) this.#acknowledge(note, sent)
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#sending = false
    }
  }

  /** An older version was changed: both are put together, where they do not clash. */
  async #met(error: unknown): Promise<undefined> {
    if (!(error instanceof ApiError) || error.status !== 409) throw error
    const theirs = (await askCard(this.interaction)).note
    const { draft, clashing } = meet({ draft: this.#draft, before: this.#before }, theirs)
    this.take(theirs)
    if (clashing.length > 0) {
      this.#theirs = theirs
      this.#clashing = clashing
      this.#show('clash')
      return
    }
    const told = this.#draft
    this.#draft = draft
    this.#before = theirs
    if (!this.isDone) this.#keep()
    else this.#done(told)
  }

  #acknowledge(note: Note, sent: Draft): void {
    if (note.version >= this.#base.version) this.#base = note
    const told = this.#draft
    this.#draft = without(
      told,
      (Object.keys(sent) as (keyof Draft)[]).filter((key) => same(sent[key], told[key])),
    )
    this.#before = note
    this.#waitMs = FIRST_WAIT_MS
    this.#error = null
    if (this.isDone) this.#done(told)
    else this.#keep()
  }

  #done(told: Draft): void {
    dropDraft(this.#person, this.interaction, told)
    this.#show('saved')
  }

  #fail(error: unknown): void {
    this.#error = error
    const passes = !(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 429
    // Who is signed out signs in again, and it is sent then.
    const signedOut = error instanceof ApiError && error.status === 401
    this.#show(passes || signedOut ? 'kept' : 'refused')
    if (!passes) return
    this.#later(this.#waitMs)
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2)
  }

  #later(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.send(), ms)
  }

  #keep(): void {
    keepDraft(this.#person, this.interaction, { draft: this.#draft, before: this.#before })
  }

  #show(state: NoteState): void {
    this.#state = state
    this.#view = this.#look()
    for (const listener of this.#listeners) listener()
  }

  #look(): NoteView {
    const { notes, disposition, tags, savedAt } = { ...this.#base, ...this.#draft }
    return { notes, disposition, tags, savedAt, state: this.#state, theirs: this.#theirs, error: this.#error }
  }
}

function without(draft: Draft, keys: (keyof Draft)[]): Draft {
  return Object.fromEntries(Object.entries(draft).filter(([key]) => !keys.includes(key as keyof Draft)))
}

const bothTexts = (theirs: string, mine: string) => [theirs, mine].filter((text) => text.trim() !== '').join('\n\n')

const keepers = new Map<string, NoteKeeper>()

/** One for each interaction, which outlives the card that shows it. */
export function keeperOf(person: string, interaction: string, base: Note): NoteKeeper {
  const key = `${person} ${interaction}`
  const known = keepers.get(key)
  if (known) return known
  if (keepers.size === 0) watchPage()
  const made = new NoteKeeper(person, interaction, base)
  keepers.set(key, made)
  return made
}

/** Drafts of interactions that are on no card any more. */
export function looseKeepers(person: string, shown: string[]): NoteKeeper[] {
  return keptInteractions(person)
    .filter((interaction) => !shown.includes(interaction))
    .flatMap((interaction) => {
      const kept = keptDraft(person, interaction)
      return kept ? [keeperOf(person, interaction, kept.before)] : []
    })
}

function watchPage(): void {
  const sendAll = () => {
    for (const keeper of keepers.values()) if (!keeper.isDone) void keeper.send()
  }
  addEventListener('online', sendAll)
  addEventListener('pagehide', sendAll)
  addEventListener('blur', sendAll)
  document.addEventListener('visibilitychange', sendAll)
  desktopLine.subscribe(() => {
    if (desktopLine.get() === 'live') sendAll()
  })
}
