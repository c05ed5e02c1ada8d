import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Card } from '../../api/desktop.ts'
import { useText } from '../../text/use-text.tsx'
import { InteractionCard } from './card.tsx'
import { Figure } from './card-figure.tsx'
import { StateWord, stateWord } from './card-head.tsx'
import styles from './cards.module.css'
import { dueFrame } from './due-pop.ts'
import { PopFrame } from './pop-frame.tsx'
import { type Place, usePlaces } from './use-cards.ts'
import { useDeskKeys } from './use-desk-keys.ts'
import { isRinging, whoOf } from './who.ts'

/** Current interactions side by side; where there is room for one, the others are one press away. */
export function Cards({ cards }: { cards: Card[] }) {
  const { t } = useText()
  const room = useRef<HTMLDivElement>(null)
  const places = usePlaces(cards, room)
  const [chosen, choose] = useChosen(places)
  const ids = places.map(({ card }) => card.interaction.id)
  const ringing = places.find(({ card, gone }) => !gone && isRinging(card))?.card.interaction.id
  useDeskKeys({ ids, ringing, chosen, choose })
  useFocusFollowed(room, choose)
  useFocusKept(room, places.length)
  const several = places.length > 1
  useChosenSeen(room, chosen)
  const isFramed = places.some(({ card }) => card.interaction.id === chosen && dueFrame(card))
  return (
    <div ref={room} className={styles.room} tabIndex={-1}>
      <div className={styles.split} data-framed={isFramed}>
        <div className={styles.desk}>
          {several ? (
            <nav className={styles.switcher} aria-label={t.desk.switcher} data-count={Math.min(places.length, 6)}>
              {places.map((place, index) => (
                <Switch key={place.card.interaction.id} {...{ place, chosen }} figure={index + 1} onChoose={choose} />
              ))}
            </nav>
          ) : null}
          <div className={styles.cards}>
            {places.map(({ card, gone }, index) => (
              <div
                key={card.interaction.id}
                className={styles.place}
                data-chosen={card.interaction.id === chosen}
                inert={gone}
                data-gone={gone}
              >
                {gone ? <p className={styles.gone}>{t.desk.gone}</p> : null}
                <InteractionCard
                  card={card}
                  chosen={card.interaction.id === chosen}
                  figure={several ? index + 1 : null}
                />
              </div>
            ))}
          </div>
        </div>
        {places.map(({ card, gone }) =>
          gone ? null : <PopFrame key={card.interaction.id} card={card} chosen={card.interaction.id === chosen} />,
        )}
      </div>
    </div>
  )
}

function Switch(props: { place: Place; chosen: string | null; figure: number; onChoose(id: string): void }) {
  const { t } = useText()
  const { place, chosen, figure, onChoose } = props
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
      <span className={styles.switchHead}>
        <StateWord interaction={interaction} />
        <span className={styles.switchFigure}>
          <Figure figure={figure} />
        </span>
      </span>
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

/** Where not all of them fit beside each other, the one that was chosen comes into sight. */
function useChosenSeen(room: RefObject<HTMLElement | null>, chosen: string | null): void {
  useEffect(() => {
    for (const seen of room.current?.querySelectorAll(`[data-card="${chosen}"], [aria-current="true"]`) ?? []) {
      seen.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    }
  }, [chosen, room])
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
