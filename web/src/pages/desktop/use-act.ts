import { useState } from 'react'
import { type ActInput, actOn, type Card } from '../../api/desktop.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useWhoseDesk } from './whose-desk.ts'

export const idOfCard = (interaction: string) => `card-${interaction}`

export const goToCard = (interaction: string) => document.getElementById(idOfCard(interaction))?.focus()

/** Of each card that has sent an act: those that wait for its answer. */
const turns = new Map<string, (() => Promise<void>)[]>()

/** After what was done at the card before, whatever became of that. */
function inTurn<T>(interaction: string, act: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const send = () => act().then(resolve, reject)
    const waiting = turns.get(interaction)
    if (waiting) waiting.push(send)
    else void takeTurns(interaction, send)
  })
}

async function takeTurns(interaction: string, first: () => Promise<void>): Promise<void> {
  const waiting: (() => Promise<void>)[] = []
  turns.set(interaction, waiting)
  for (let send: typeof first | undefined = first; send; send = waiting.shift()) await send()
  turns.delete(interaction)
}

/** Nobody hears the answers any more: what waits for one is sent now, or never. */
function sendWaiting(): void {
  for (const waiting of turns.values()) for (const send of waiting.splice(0)) void send()
}
addEventListener('pagehide', sendWaiting)

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
