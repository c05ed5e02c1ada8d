import { Button } from '@fluentui/react-components'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Card } from '../../api/desktop.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import cardStyles from './card.module.css'
import { Clash } from './card-note.tsx'
import styles from './note.module.css'
import { looseKeepers, type NoteKeeper } from './note-keeper.ts'
import { useWhoseDesk } from './whose-desk.ts'

/** What was typed before a crash, at interactions that are over by now: sent, and shown where that did not work. */
export function LooseNotes({ cards }: { cards: Card[] }) {
  const person = useWhoseDesk()
  const [keepers, setKeepers] = useState<NoteKeeper[]>([])
  const shown = cards.map(({ interaction }) => interaction.id).join(' ')
  useEffect(() => setKeepers(looseKeepers(person, shown.split(' '))), [person, shown])
  return keepers.map((keeper) => <LooseNote key={keeper.interaction} keeper={keeper} />)
}

function LooseNote({ keeper }: { keeper: NoteKeeper }) {
  const { t } = useText()
  const { fromError } = useProblem()
  const note = useSyncExternalStore(keeper.subscribe, keeper.get)
  if (note.state === 'saved' || note.state === 'saving') return null
  const lines = note.state === 'refused' ? fromError(note.error) : null
  return (
    <section className={styles.loose} role="status">
      <p className={cardStyles.partTitle}>{t.desk.looseTitle}</p>
      <p>{[t.desk.looseText, lines?.what].filter(Boolean).join(' ')}</p>
      {note.theirs ? <Clash keeper={keeper} note={note} /> : <p className={cardStyles.said}>{note.notes}</p>}
      <div className={styles.looseActs}>
        <CopyButton text={note.notes} />
        <Button size="small" onClick={() => void keeper.send()}>
          {t.act.retry}
        </Button>
        <Button size="small" appearance="subtle" onClick={() => keeper.discard()}>
          {t.desk.discard}
        </Button>
      </div>
    </section>
  )
}
