import { Button, Input, Select, Textarea } from '@fluentui/react-components'
import { useEffect, useId, useState, useSyncExternalStore } from 'react'
import type { Card } from '../../api/desktop.ts'
import { HealthDot } from '../../parts/health.tsx'
import { RemovableChip } from '../../parts/removable-chip.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import cardStyles from './card.module.css'
import { keyed } from './keyed.ts'
import styles from './note.module.css'
import { keeperOf, type NoteKeeper, type NoteView } from './note-keeper.ts'
import { Summary } from './summary.tsx'
import { keepFocus } from './use-act.ts'
import { useWhoseDesk } from './whose-desk.ts'

export function useNote(card: Card): { keeper: NoteKeeper; note: NoteView } {
  const person = useWhoseDesk()
  const keeper = keeperOf(person, card.interaction.id, card.note)
  useEffect(() => keeper.take(card.note), [keeper, card.note])
  return { keeper, note: useSyncExternalStore(keeper.subscribe, keeper.get) }
}

/** What the agent types: saved by itself, and kept here until it is. */
export function CardNote({ card, keeper, note }: { card: Card; keeper: NoteKeeper; note: NoteView }) {
  const { t } = useText()
  const field = useId()
  return (
    <section className={styles.desk}>
      <div className={styles.noteHead}>
        <label htmlFor={field} className={cardStyles.partTitle}>
          {t.desk.note}
        </label>
        <Saved note={note} />
      </div>
      {note.state === 'clash' ? <Clash keeper={keeper} note={note} /> : null}
      <Textarea
        id={field}
        className={styles.note ?? ''}
        textarea={keyed('n') as object}
        placeholder={t.desk.noteHint}
        value={note.notes}
        maxLength={100_000}
        resize="vertical"
        rows={3}
        onChange={(_, data) => keeper.change({ notes: data.value })}
        onBlur={() => void keeper.send()}
      />
      <div className={styles.ends}>
        <Disposition card={card} keeper={keeper} note={note} />
        <Tags card={card} keeper={keeper} note={note} />
      </div>
      {card.otherNotes.length > 0 ? (
        <details>
          <Summary>{t.desk.otherNotes}</Summary>
          {card.otherNotes.map((other) => (
            <p key={`${other.author} ${other.savedAt}`} className={cardStyles.said}>
              <strong>{other.author}</strong> <RelativeTime at={other.savedAt} />
              <br />
              {other.notes}
            </p>
          ))}
        </details>
      ) : null}
    </section>
  )
}

function Saved({ note }: { note: NoteView }) {
  const { t } = useText()
  const { fromError } = useProblem()
  const words = {
    saved: note.savedAt ? t.desk.saved : '',
    saving: t.desk.saving,
    kept: t.desk.kept,
    clash: t.desk.clash,
    refused: t.desk.refused,
  }[note.state]
  const trouble = note.state === 'kept' || note.state === 'clash' || note.state === 'refused'
  const lines = note.state === 'refused' ? fromError(note.error) : null
  return (
    <span className={styles.saved} data-trouble={trouble} data-state={note.state} role={trouble ? 'status' : undefined}>
      {trouble ? <HealthDot health="warn" /> : null}
      {words}
      {lines ? ` · ${lines.what}` : ''}
    </span>
  )
}

/** Two windows, two texts: neither is lost. */
export function Clash({ keeper, note }: { keeper: NoteKeeper; note: NoteView }) {
  const { t } = useText()
  if (!note.theirs) return null
  const ends = ({ disposition, tags }: { disposition: string | null; tags: string[] }) =>
    [disposition, ...tags].filter(Boolean).join(' · ')
  const sides = [
    { key: 'theirs' as const, title: t.desk.clashTheirs, text: note.theirs.notes, ends: ends(note.theirs) },
    { key: 'mine' as const, title: t.desk.clashMine, text: note.notes, ends: ends(note) },
  ]
  return (
    <div className={styles.clash} role="alert">
      <p>{t.desk.clashText}</p>
      {sides.map((side) => (
        <div key={side.key} className={styles.side}>
          <p className={cardStyles.partTitle}>{side.title}</p>
          <p className={cardStyles.said}>{side.text}</p>
          {side.ends ? <p className={cardStyles.faint}>{side.ends}</p> : null}
          <Button size="small" onClick={() => keeper.settle(side.key)} aria-label={`${side.title}: ${t.desk.keepMine}`}>
            {t.desk.keepMine}
          </Button>
        </div>
      ))}
      <Button size="small" appearance="primary" onClick={() => keeper.settle('both')}>
        {t.desk.keepBoth}
      </Button>
    </div>
  )
}

function Disposition({ card, keeper, note }: { card: Card; keeper: NoteKeeper; note: NoteView }) {
  const { t } = useText()
  const { dispositions } = card
  const chosen = note.disposition ?? ''
  if (dispositions.length === 0) {
    return (
      <Input
        className={styles.field ?? ''}
        aria-label={t.desk.disposition}
        {...keyed('d')}
        placeholder={t.desk.noDisposition}
        value={chosen}
        maxLength={500}
        onChange={(_, data) => keeper.change({ disposition: data.value === '' ? null : data.value })}
        onBlur={() => void keeper.send()}
      />
    )
  }
  const offered = chosen === '' || dispositions.includes(chosen) ? dispositions : [chosen, ...dispositions]
  return (
    <Select
      className={styles.field ?? ''}
      aria-label={t.desk.disposition}
      {...keyed('d')}
      value={chosen}
      onChange={(_, data) => keeper.change({ disposition: data.value === '' ? null : data.value })}
    >
      <option value="">{t.desk.noDisposition}</option>
      {offered.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </Select>
  )
}

function Tags({ card, keeper, note }: { card: Card; keeper: NoteKeeper; note: NoteView }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const rest = card.tags.filter((tag) => !note.tags.includes(tag))
  function add(tag: string): void {
    const given = tag.trim()
    setTyped('')
    if (given && !note.tags.includes(given)) keeper.change({ tags: [...note.tags, given] })
    keepFocus(card)
  }
  function remove(tag: string): void {
    keeper.change({ tags: note.tags.filter((each) => each !== tag) })
    keepFocus(card)
  }
  return (
    <div className={styles.tags}>
      {note.tags.map((tag) => (
        <RemovableChip
          key={tag}
          label={tag}
          mark={null}
          removeLabel={t.desk.removeTag(tag)}
          onRemove={() => remove(tag)}
        />
      ))}
      {card.tags.length > 0 ? (
        rest.length > 0 ? (
          <Select aria-label={t.desk.addTag} {...keyed('a')} value="" onChange={(_, data) => add(data.value)}>
            <option value="">{t.desk.addTag}</option>
            {rest.map((tag) => (
              <option key={tag}>{tag}</option>
            ))}
          </Select>
        ) : null
      ) : (
        <Input
          className={styles.addTag ?? ''}
          aria-label={t.desk.addTag}
          {...keyed('a')}
          placeholder={t.desk.addTag}
          value={typed}
          maxLength={200}
          onChange={(_, data) => setTyped(data.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== ',') return
            event.preventDefault()
            add(typed)
          }}
          onBlur={() => add(typed)}
        />
      )}
    </div>
  )
}
