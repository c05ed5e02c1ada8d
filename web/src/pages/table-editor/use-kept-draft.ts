import { useEffect, useReducer, useState } from 'react'
import { type History, takeStep } from './history.ts'

interface Kept {
  base: unknown
  history: unknown
}

/** Drafts outlive a walk to another page: nobody loses work by looking something up. */
const kept = new Map<string, Kept>()

interface How<Stands, Draft> {
  draftOf(stands: Stands): Draft
  isDirty(draft: Draft, base: Stands): boolean
  /** Whether others changed what is edited here. */
  differs(stands: Stands, base: Stands): boolean
}

/** A draft of what stands in the hub, and what it began from. One key belongs to one kind of draft. */
export function useKeptDraft<Stands, Draft>(key: string, stands: Stands, how: How<Stands, Draft>) {
  const before = kept.get(key) as { base: Stands; history: History<Draft> } | undefined
  const [base, setBase] = useState(() => before?.base ?? stands)
  const [history, step] = useReducer(
    takeStep<Draft>,
    null,
    () => before?.history ?? { past: [], now: how.draftOf(stands) },
  )
  const dirty = how.isDirty(history.now, base)
  const changed = how.differs(stands, base)
  useEffect(() => {
    if (dirty) kept.set(key, { base, history })
    else kept.delete(key)
  }, [key, base, history, dirty])
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [dirty])
  const { draftOf } = how
  function begin(from: Stands, draft = draftOf(from)): void {
    setBase(from)
    step({ begin: draft })
  }
  useEffect(() => {
    // What others changed is taken over while nothing of one's own stands against it.
    if (stands === base || (changed && dirty)) return
    setBase(stands)
    if (changed) step({ begin: draftOf(stands) })
  }, [stands, base, changed, dirty, draftOf])
  return { base, history, step, dirty, begin, changedByOthers: changed && dirty }
}
