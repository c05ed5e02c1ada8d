import { type QueryKey, useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { ApiError } from '../../api/request.ts'
import { changedKeys, same } from '../table-editor/draft.ts'
import { useKeptDraft } from '../table-editor/use-kept-draft.ts'

interface Way<Stands, Draft> {
  /** The same function at each call. */
  draftOf(stands: Stands): Draft
  save(draft: Draft, base: Stands): Promise<Stands>
  done(stored: Stands): void
  /** Asked for again when somebody else changed it. */
  queryKey: QueryKey
}

export interface Editing<Draft> {
  draft: Draft
  put(change: Partial<Draft>): void
  dirty: boolean
  changes: number
  undo: (() => void) | null
  discard(): void
  /** What somebody else changed meanwhile, by its names; null: nothing. */
  conflict: { keys: string[]; theirs(): void; mine(): void } | null
  save: { run(): void; busy: boolean; error: unknown }
}

/** Something of a configuration while it is edited: kept over a walk to other pages, saved upon the version it began from. */
export function useEditing<Stands extends { version: number }, Draft extends object>(
  key: string,
  stands: Stands,
  way: Way<Stands, Draft>,
): Editing<Draft> {
  const { draftOf } = way
  const kept = useKeptDraft<Stands, Draft>(key, stands, {
    draftOf,
    isDirty: (draft, base) => !same(draft, draftOf(base)),
    differs: (other, base) => other.version !== base.version && !same(draftOf(other), draftOf(base)),
  })
  const { base, history, step, begin } = kept
  const draft = history.now
  const save = useMutation({
    mutationFn: () => way.save(draft, base),
    onSuccess: (stored) => {
      begin(stands.version === 0 ? stands : stored)
      way.done(stored)
    },
    onError: (error) => {
      if (isChanged(error)) void client.invalidateQueries({ queryKey: way.queryKey })
    },
  })
  const conflict = {
    keys: deepKeys(draftOf(stands), draftOf(base)),
    theirs: () => begin(stands),
    mine: () => begin(stands, rebased(draft, draftOf(base), draftOf(stands))),
  }
  return {
    draft,
    put: (change) => step({ put: (now) => ({ ...now, ...change }) }),
    dirty: kept.dirty,
    changes: deepKeys(draft, draftOf(base)).length,
    undo: history.past.length > 0 ? () => step({ undo: true }) : null,
    discard: () => begin(stands),
    conflict: kept.changedByOthers ? conflict : null,
    save: {
      run: () => save.mutate(),
      busy: save.isPending,
      error: isChanged(save.error) ? null : save.error,
    },
  }
}

const isChanged = (error: unknown) => error instanceof ApiError && error.body.code === 'settings.changed'

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What differs, with the members of a definition counted by themselves. */
function deepKeys(a: object, b: object): string[] {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return changedKeys(a, b).flatMap((key) => {
    const [one, other] = [left[key], right[key]]
    return isPlain(one) && isPlain(other) ? changedKeys(one, other) : [key]
  })
}

/** Mine on top of theirs: each part that I changed is mine, all others are theirs. */
function rebased<Draft extends object>(mine: Draft, base: Draft, theirs: Draft): Draft {
  const result = { ...theirs } as Record<string, unknown>
  const [own, before] = [mine as Record<string, unknown>, base as Record<string, unknown>]
  for (const key of changedKeys(mine, base)) {
    const [one, start, other] = [own[key], before[key], result[key]]
    result[key] = isPlain(one) && isPlain(start) && isPlain(other) ? rebased(one, start, other) : one
  }
  return result as Draft
}
