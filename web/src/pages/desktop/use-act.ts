import { useState } from 'react'
import { type ActInput, actOn, type Card } from '../../api/desktop.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useWhoseDesk } from './whose-desk.ts'

export const idOfCard = (interaction: string) => `card-${interaction}`

export const goToCard = (interaction: string) => document.getElementById(idOfCard(interaction))?.focus()

/** Of each card the act that is sent, and those that wait for it. */
const turns = new Map<string, Promise<unknown>>()

/** After what was done at the card before, whatever became of that. */
function inTurn<T>(interaction: string, act: () => Promise<T>): Promise<T> {
  const turn = (turns.get(interaction) ?? Promise.resolve()).then(act, act)
  const over = () => turns.get(interaction) === turn && turns.delete(interaction)
  turns.set(interaction, turn)
  turn.then(over, over)
  return turn
}

/**
 * What an agent does at a card; the focus stays in it though the button is gone. Acts go one after the other, none is lost
 * to a quick hand; what `run` is given runs once, however often it is pressed meanwhile.
 */
export function useAct(card: Card) {
  const toasts = useToasts()
  const person = useWhoseDesk()
  const [busy, setBusy] = useState(false)
  const { id } = card.interaction
  async function tell(work: Promise<unknown>): Promise<boolean> {
    try {
      await work
      return true
    } catch (error) {
      toasts.failed(error)
      return false
    } finally {
      keepFocus(card)
    }
  }
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false
    setBusy(true)
    return tell(work()).finally(() => setBusy(false))
  }
  const act = (input: ActInput) => tell(inTurn(id, () => actOn(person, id, input)))
  return { busy, run, act }
}

/** After what React draws of it. */
export function keepFocus(card: Card): void {
  setTimeout(() => {
    if (document.activeElement !== null && document.activeElement !== document.body) return
    document.getElementById(idOfCard(card.interaction.id))?.focus({ preventScroll: true })
  }, 60)
}
