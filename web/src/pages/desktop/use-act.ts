import { useState } from 'react'
import { type ActInput, actOn, type Card } from '../../api/desktop.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useWhoseDesk } from './whose-desk.ts'

export const idOfCard = (interaction: string) => `card-${interaction}`

export const goToCard = (interaction: string) => document.getElementById(idOfCard(interaction))?.focus()

/** What an agent does at a card: one act at a time, and the focus stays in the card though the button is gone. */
export function useAct(card: Card) {
  const toasts = useToasts()
  const person = useWhoseDesk()
  const [busy, setBusy] = useState(false)
  async function run(act: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false
    setBusy(true)
    try {
      await act()
      return true
    } catch (error) {
      toasts.failed(error)
      return false
    } finally {
      setBusy(false)
      keepFocus(card)
    }
  }
  const act = (input: ActInput) => run(() => actOn(person, card.interaction.id, input))
  return { busy, run, act }
}

/** After what React draws of it. */
export function keepFocus(card: Card): void {
  setTimeout(() => {
    if (document.activeElement !== null && document.activeElement !== document.body) return
    document.getElementById(idOfCard(card.interaction.id))?.focus({ preventScroll: true })
  }, 60)
}
