import { useRef } from 'react'
import type { Card } from '../../api/desktop.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { DynamicData, FromTheCall, NowFacts } from './card-facts.tsx'
import { CardFoot } from './card-foot.tsx'
import { CardHead } from './card-head.tsx'
import { CardNote, useNote } from './card-note.tsx'
import { CardWho } from './card-who.tsx'
import { Waiting, Written } from './card-written.tsx'
import { ScreenPop } from './screen-pop.tsx'
import { useSteady } from './use-steady.ts'
import { whoOf } from './who.ts'

/** One interaction: who it is, why, what matters, and what the agent does with it. */
export function InteractionCard({ card, chosen, figure }: { card: Card; chosen: boolean; figure: number | null }) {
  const { t } = useText()
  const body = useRef<HTMLDivElement>(null)
  // The head tells what is so now; what can be pressed waits for a pointer that is on its way.
  const steady = useSteady(card, body)
  const { keeper, note } = useNote(card)
  const certain = steady.records.some(({ linked }) => linked)
  const over = card.interaction.state === 'closed'
  return (
    <article
      className={styles.card}
      data-state={card.interaction.state}
      data-chosen={chosen}
      data-several={figure !== null}
      data-card={card.interaction.id}
      aria-label={whoOf(card, t).name}
    >
      <CardHead card={card} figure={figure} />
      <div ref={body} className={styles.body}>
        <ScreenPop card={card} />
        {over ? (
          <p className={styles.said}>{note.notes}</p>
        ) : (
          <>
            {/* Who it is comes before what is known of them. */}
            {certain ? null : <CardWho card={steady} />}
            <NowFacts card={steady} />
            <DynamicData card={steady} />
            {certain ? <CardWho card={steady} /> : null}
            <FromTheCall card={steady} />
          </>
        )}
        <Waiting waiting={steady.waiting} />
        <Written memorialized={steady.interaction.memorialized} />
      </div>
      {over && note.state === 'saved' ? null : <CardNote card={card} keeper={keeper} note={note} />}
      <CardFoot card={card} keeper={keeper} />
    </article>
  )
}
