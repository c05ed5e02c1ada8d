import { useEffect, useRef } from 'react'
import { flushSync } from 'react-dom'
import { isTyping } from '../../parts/is-typing.ts'
import { goToCard } from './use-act.ts'

/** After `g` a letter names a room. */
const CHORD_MS = 1200

/** Nothing is linked or made by a letter that was meant for a field: the button has the focus then, and Enter presses it. */
const onlyReached = new Set(['l', 'c'])

interface Desk {
  ids: string[]
  /** The one that rings, or the first of them. */
  ringing: string | undefined
  chosen: string | null
  choose(id: string): void
}

/** Keys of the cards, while no field is being typed in: a figure goes to a card, a letter does something with it. */
export function useDeskKeys(desk: Desk): void {
  const now = useRef(desk)
  useEffect(() => {
    now.current = desk
  })
  useEffect(() => {
    let chordAt = Number.NEGATIVE_INFINITY
    function onKey(event: KeyboardEvent): void {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return
      const target = event.target as HTMLElement
      // What stands above the cards has keys of its own.
      if (target.closest('[role="dialog"], [role="alertdialog"], dialog')) return
      if (isTyping(target)) {
        if (event.key === 'Escape') leaveField(event, target)
        return
      }
      if (event.key === 'g') chordAt = performance.now()
      if (performance.now() - chordAt < CHORD_MS) return
      const { ids, ringing, chosen, choose } = now.current
      const wanted = event.key === 'r' ? ringing : /^[1-9]$/.test(event.key) ? ids[Number(event.key) - 1] : undefined
      if (wanted) {
        event.preventDefault()
        // Where one card is shown at a time, it is drawn first; at once, for the next key may come before the next frame.
        flushSync(() => choose(wanted))
        goToCard(wanted)
      } else if (/^[a-z]$/.test(event.key)) {
        const card = target.closest('[data-card]') ?? document.querySelector(`[data-card="${chosen}"]`)
        if (card && pressKey(card, event.key)) event.preventDefault()
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

/** Back to the card, where letters are keys again. */
function leaveField(event: KeyboardEvent, field: HTMLElement): void {
  const id = field.closest<HTMLElement>('[data-card]')?.dataset.card
  if (!id) return
  event.preventDefault()
  goToCard(id)
}

/** What of the card has this key; false: nothing has. */
function pressKey(card: Element, key: string): boolean {
  const target = card.querySelector<HTMLElement>(`[data-key="${key}"]`)
  if (!target) return false
  if (target.matches('input, textarea, select')) target.focus()
  else if (!onlyReached.has(key)) target.click()
  else if (target.getAttribute('aria-expanded') !== 'false') target.focus()
  else {
    // The first of what is folded has the key once it is shown.
    flushSync(() => target.click())
    card.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus()
  }
  return true
}
