import { useEffect, useRef } from 'react'

/** After `g` a letter names a room. */
const CHORD_MS = 1200

/** Keys of the cards, while no field is being typed in: a figure goes to a card, a letter does something with it. */
export function useDeskKeys(ids: string[], chosen: string | null, choose: (id: string) => void): void {
  const now = useRef({ ids, chosen, choose })
  useEffect(() => {
    now.current = { ids, chosen, choose }
  })
  useEffect(() => {
    let chordAt = Number.NEGATIVE_INFINITY
    function onKey(event: KeyboardEvent): void {
      const { ids, chosen, choose } = now.current
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (event.key === 'g') chordAt = performance.now()
      if (performance.now() - chordAt < CHORD_MS) return
      const wanted = /^[1-9]$/.test(event.key) ? ids[Number(event.key) - 1] : undefined
      if (wanted) {
        event.preventDefault()
        choose(wanted)
        // Where one card is shown at a time, it is drawn first.
        requestAnimationFrame(() => document.getElementById(`card-${wanted}`)?.focus())
        return
      }
      const selector = { n: '[data-note]', o: '[data-open]', f: '[data-find]' }[event.key]
      if (selector) pressIn(event, selector, chosen)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

/** In the card where the focus is, or the one that is shown. */
function pressIn(event: KeyboardEvent, selector: string, chosen: string | null): void {
  const here = (event.target as HTMLElement).closest('[data-card]') ?? document.querySelector(`[data-card="${chosen}"]`)
  const target = here?.querySelector<HTMLElement>(selector)
  if (!target) return
  event.preventDefault()
  if (target.matches('textarea')) target.focus()
  else target.click()
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable], [role="combobox"]')
  )
}
