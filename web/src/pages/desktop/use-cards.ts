import { useQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { type Card, desktopLine, desktopQuery } from '../../api/desktop.ts'
import { closing, putAway } from './closing.ts'

/** What is on the agent's desktop, as long as the page is open. */
export function useDesktop() {
  useEffect(() => desktopLine.open(), [])
  const desktop = useQuery(desktopQuery)
  const state = useSyncExternalStore(desktopLine.subscribe, desktopLine.get)
  const closed = useSyncExternalStore(closing.subscribe, closing.get)
  const away = useSyncExternalStore(putAway.subscribe, putAway.get)
  const cards = useMemo(
    () =>
      (desktop.data?.cards ?? [])
        .filter(({ interaction }) => !away.has(interaction.id))
        .map((card) => (closed.has(card.interaction.id) ? asClosed(card) : card)),
    [desktop.data, closed, away],
  )
  return { desktop, cards, lost: state === 'lost' }
}

const asClosed = (card: Card): Card => ({ ...card, interaction: { ...card.interaction, state: 'closed' } })

const LOOK_AGAIN_MS = 500
/** Who has not moved for so long is not about to press anything. */
const STILL_MS = 2000

export interface Place {
  card: Card
  /** It is no longer the agent's, and its place is kept until nobody is at the cards. */
  gone: boolean
}

/** Each card keeps its place: new ones come at the end, and none is taken away while somebody moves among the cards. */
export function usePlaces(cards: Card[], room: RefObject<HTMLElement | null>): Place[] {
  const [places, setPlaces] = useState<Place[]>([])
  const away = useSyncExternalStore(putAway.subscribe, putAway.get)
  const movedAt = useRef(0)
  const next = placed(places, cards, away)
  const someGone = next.some(({ gone }) => gone)
  useEffect(() => setPlaces((before) => placed(before, cards, away)), [cards, away])
  useEffect(() => {
    const element = room.current
    const moved = () => {
      movedAt.current = performance.now()
    }
    element?.addEventListener('pointermove', moved)
    return () => element?.removeEventListener('pointermove', moved)
  }, [room])
  useEffect(() => {
    if (!someGone) return
    const timer = setInterval(() => {
      if (performance.now() - movedAt.current > STILL_MS) setPlaces((before) => before.filter(({ gone }) => !gone))
    }, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [someGone])
  return next
}

function placed(before: Place[], cards: Card[], away: ReadonlySet<string>): Place[] {
  const here = new Map(cards.map((card) => [card.interaction.id, card]))
  const kept = before
    .filter(({ card }) => !away.has(card.interaction.id))
    .map(({ card }) => {
      const now = here.get(card.interaction.id)
      return { card: now ?? card, gone: !now }
    })
  const known = new Set(kept.map(({ card }) => card.interaction.id))
  const added = cards.filter(({ interaction }) => !known.has(interaction.id)).map((card) => ({ card, gone: false }))
  added.sort((a, b) => a.card.interaction.offeredAt.localeCompare(b.card.interaction.offeredAt))
  return [...kept, ...added]
}
