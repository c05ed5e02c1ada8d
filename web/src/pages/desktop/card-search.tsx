import { Button, SearchBox, Spinner } from '@fluentui/react-components'
import { Search16Regular } from '@fluentui/react-icons/svg/search'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { type Card, type CardFound, searchFor } from '../../api/desktop.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { Choice } from './card-choice.tsx'
import { keyed } from './keyed.ts'
import { ReasonsNone } from './reasons.tsx'
import { goToCard, useAct } from './use-act.ts'

/** The second-level search: whatever it looks like. */
export function CardSearch({ card }: { card: Card }) {
  const { t } = useText()
  const { run, busy } = useAct(card)
  const unknown = card.records.length === 0
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [found, setFound] = useState<CardFound | null>(null)
  const room = useRef<HTMLDivElement>(null)
  // It was opened to be typed in.
  useEffect(() => {
    if (open) room.current?.querySelector('input')?.focus()
  }, [open])
  if (!open && !unknown) {
    return (
      <button type="button" className={styles.fold} {...keyed('f')} onClick={() => setOpen(true)}>
        <Search16Regular aria-hidden="true" />
        {t.desk.find}
      </button>
    )
  }
  async function search(): Promise<void> {
    const asked = text.trim()
    if (asked) await run(async () => setFound(await searchFor(card.interaction.id, asked)))
  }
  function close(): void {
    // Whoever went elsewhere before the answer came stays there.
    const wasHere = room.current?.contains(document.activeElement)
    setOpen(false)
    setFound(null)
    setText('')
    if (wasHere) goToCard(card.interaction.id)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of what stands in it
    <div ref={room} className={styles.search} onKeyDown={(event) => onSearchKey(event, close)}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void search()
        }}
      >
        <SearchBox
          className={styles.grow ?? ''}
          aria-label={t.desk.findLabel}
          {...keyed('f')}
          placeholder={t.desk.findLabel}
          contentBefore={null}
          value={text}
          maxLength={320}
          autoComplete="off"
          onChange={(_, data) => setText(data.value)}
        />
        <Button
          type="submit"
          disabledFocusable={busy}
          aria-label={t.desk.find}
          icon={busy ? <Spinner size="extra-tiny" /> : <Search16Regular />}
        />
      </form>
      {found ? <Found card={card} found={found} onLinked={close} /> : null}
    </div>
  )
}

/** Down leads from the field to whom it found; Escape leaves the search. */
function onSearchKey(event: KeyboardEvent<HTMLDivElement>, close: () => void): void {
  if (event.key === 'ArrowDown' && event.target instanceof HTMLInputElement) {
    const first = event.currentTarget.querySelector<HTMLElement>('[data-choice]')
    if (first) event.preventDefault()
    first?.focus()
  } else if (event.key === 'Escape') {
    event.preventDefault()
    close()
  }
}

function Found({ card, found, onLinked }: { card: Card; found: CardFound; onLinked(): void }) {
  const { t } = useText()
  const linked = new Set(card.records.filter((record) => record.linked).map(({ id }) => id))
  const others = found.matches.filter(({ id }) => !linked.has(id))
  return (
    <>
      <p role="status" className={styles.faint}>
        {found.matches.length === 0 ? <ReasonsNone found={found} /> : others.length === 0 ? t.desk.allLinked : null}
      </p>
      <ul>
        {others.map((match) => (
          <li key={match.id}>
            <Choice card={card} match={match} onLinked={onLinked} />
          </li>
        ))}
        {found.more ? <li className={styles.faint}>{t.desk.more}</li> : null}
      </ul>
    </>
  )
}
