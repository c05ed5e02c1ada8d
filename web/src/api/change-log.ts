import { useSyncExternalStore } from 'react'
import type { Change } from './changes.ts'

/** The changes that came in since the page was opened, newest first. */
const KEPT = 200
let changes: readonly Change[] = []
let pending: Change[] = []
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()
/** A burst is shown in one go, a few times a second. */
const SHOW_MS = 250

export function keepChange(change: Change): void {
  pending.push(change)
  if (timer === undefined) timer = setTimeout(show, SHOW_MS)
}

function show(): void {
  timer = undefined
  changes = [...pending.reverse(), ...changes].slice(0, KEPT)
  pending = []
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useChangeLog(): readonly Change[] {
  return useSyncExternalStore(subscribe, () => changes)
}
