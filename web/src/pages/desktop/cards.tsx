import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Card } from '../../api/desktop.ts'
import { useText } from '../../text/use-text.tsx'
import { InteractionCard } from './card.tsx'
import { StateWord, stateWord } from './card-head.tsx'
import styles from './cards.module.css'
import { PopFrame } from './screen-pop.tsx'
import { type Place, usePlaces } from './use-cards.ts'
import { useDeskKeys } from './use-desk-keys.ts'
import { isRinging, whoOf } from './who.ts'

/** Current interactions side by side; where there is room for one, the others are one press away. */
export function Cards({ cards, person }: { cards: Card[]; person: string }) {
  const { t } = useText()
  const room = useRef<HTMLDivElement>(null)
  const places = usePlaces(cards, room)
  const [chosen, choose] = useChosen(places)
  const ids = places.map(({ card }) => card.interaction.id)
  useDeskKeys(ids, chosen, choose)
  useFocusFollowed(room, choose)
  useFocusKept(room, places.length)
  const framed = places.find(({ card }) => card.interaction.id === chosen)?.card
  return (
    <div ref={room} className={styles.room} tabIndex={-1}>
      {places.length > 1 ? (
        <nav className={styles.switcher} aria-label={t.desk.switcher}>
          {places.map((place) => (
            <Switch key={place.card.interaction.id} place={place} chosen={chosen} onChoose={choose} />
          ))}
        </nav>
      ) : null}
      <div className={styles.cards}>
        {places.map(({ card, gone }) => (
          <div
            key={card.interaction.id}
            className={styles.place}
            data-chosen={card.interaction.id === chosen}
            inert={gone}
            data-gone={gone}
          >
            {gone ? <p className={styles.gone}>{t.desk.gone}</p> : null}
            <InteractionCard card={card} person={person} chosen={card.interaction.id === chosen} />
          </div>
        ))}
        {framed ? <PopFrame key={framed.interaction.id} card={framed} /> : null}
      </div>
    </div>
  )
}

function Switch({ place, chosen, onChoose }: { place: Place; chosen: string | null; onChoose(id: string): void }) {
  const { t } = useText()
  const { interaction } = place.card
  const { name } = whoOf(place.card, t)
  return (
    <button
      type="button"
      className={styles.switch}
      aria-current={interaction.id === chosen}
      data-ringing={isRinging(place.card)}
      title={`${stateWord(interaction, t)} · ${name}`}
      onClick={() => onChoose(interaction.id)}
    >
      <StateWord interaction={interaction} />
      <span className={styles.switchName}>{name}</span>
    </button>
  )
}

const isClosed = ({ card }: Place) => card.interaction.state === 'closed'

/** A new one takes the place of nothing that somebody is at: only of what is over, unless that was asked for. */
function useChosen(places: Place[]): [string | null, (id: string) => void] {
  const [chosen, setChosen] = useState<{ id: string; wasClosed: boolean } | null>(null)
  const placeOf = (id: string | undefined) => places.find(({ card }) => card.interaction.id === id)
  const at = placeOf(chosen?.id)
  const over = !at || at.gone || (isClosed(at) && !chosen?.wasClosed)
  const open = places.filter((place) => !place.gone && !isClosed(place))
  const next = open.find(({ card }) => isRinging(card)) ?? open[0]
  const now = (over && next ? next : (at ?? places[0]))?.card.interaction.id ?? null
  const choose = (id: string) => {
    const place = placeOf(id)
    if (place && id !== now) setChosen({ id, wasClosed: isClosed(place) })
  }
  useEffect(() => {
    if (now && now !== chosen?.id) setChosen({ id: now, wasClosed: false })
  }, [now, chosen])
  return [now, choose]
}

/** The card that somebody is in is the one that the keys mean. */
function useFocusFollowed(room: RefObject<HTMLElement | null>, choose: (id: string) => void): void {
  useEffect(() => {
    const element = room.current
    const follow = (event: FocusEvent) => {
      const id = (event.target as HTMLElement).closest<HTMLElement>('[data-card]')?.dataset.card
      if (id) choose(id)
    }
    element?.addEventListener('focusin', follow)
    return () => element?.removeEventListener('focusin', follow)
  })
}

/** Whoever was in a card that is gone stands among the cards. */
function useFocusKept(room: RefObject<HTMLElement | null>, count: number): void {
  const before = useRef(count)
  useEffect(() => {
    const fewer = count < before.current
    before.current = count
    if (fewer && document.activeElement === document.body) room.current?.focus({ preventScroll: true })
  }, [count, room])
}
