import { useSyncExternalStore } from 'react'
import { VisuallyHidden } from './visually-hidden.tsx'

/** What a screen reader is told without the focus moving: few things, each once. */
let words = ''
const listeners = new Set<() => void>()

export function announce(text: string): void {
  // The same words again are said again only when the text differs: a no-break space makes it so.
  words = words === text ? `${text}\u00a0` : text
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Announcer() {
  const said = useSyncExternalStore(subscribe, () => words)
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {said}
    </VisuallyHidden>
  )
}
