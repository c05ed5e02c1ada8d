import { Button, SearchBox, Spinner } from '@fluentui/react-components'
import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down'
import { LinkDismiss16Regular } from '@fluentui/react-icons/svg/link-dismiss'
import { Pin16Regular } from '@fluentui/react-icons/svg/pin'
import { PinOff16Regular } from '@fluentui/react-icons/svg/pin-off'
import { Search16Regular } from '@fluentui/react-icons/svg/search'
import { useEffect, useId, useRef, useState } from 'react'
import { type Card, type CardFound, type CardRecord, searchFor } from '../../api/desktop.ts'
import { useNames } from '../../parts/names.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { Reasons, ReasonsNone } from './reasons.tsx'
import { useAct } from './use-act.ts'

type Match = Card['matches'][number]

const AT_FIRST = 5

/** Which records it is about: those linked, those that it may be besides, and a search for another. */
export function CardWho({ card }: { card: Card }) {
  const { t } = useText()
  const linked = card.records.filter((record) => record.linked)
  const others = card.matches.filter(({ id }) => !linked.some((record) => record.id === id))
  const chooses = linked.length === 0 && others.length > 1
  const [open, setOpen] = useState<boolean | null>(null)
  const [all, setAll] = useState(false)
  const shown = open ?? chooses
  const list = useId()
  return (
    <section className={styles.part}>
      {linked.map((record) => (
        <LinkedRecord key={record.id} card={card} record={record} />
      ))}
      {others.length === 1 && linked.length === 0 && others[0] ? <Choice card={card} match={others[0]} main /> : null}
      {others.length > 1 || (others.length === 1 && linked.length > 0) ? (
        <>
          <button
            type="button"
            className={styles.fold}
            aria-expanded={shown}
            aria-controls={list}
            onClick={() => setOpen(!shown)}
          >
            {chooses ? t.desk.several(others.length) : t.desk.others(others.length)}
            <ChevronDown16Regular aria-hidden="true" />
          </button>
          <ul id={list} hidden={!shown}>
            {others.slice(0, all ? undefined : AT_FIRST).map((match) => (
              <li key={match.id}>
                <Choice card={card} match={match} />
              </li>
            ))}
            {all || others.length <= AT_FIRST ? null : (
              <li>
                <button type="button" className={styles.fold} onClick={() => setAll(true)}>
                  {t.act.showMore}
                </button>
              </li>
            )}
            {card.more ? <li className={styles.faint}>{t.desk.more}</li> : null}
          </ul>
        </>
      ) : null}
      <CardSearch card={card} />
    </section>
  )
}

function LinkedRecord({ card, record }: { card: Card; record: CardRecord }) {
  const { t } = useText()
  const names = useNames()
  const toasts = useToasts()
  const { act, busy } = useAct(card)
  const name = record.name ?? t.records.noName
  async function unlink(): Promise<void> {
    if (!(await act({ act: 'unlink', record: record.id }))) return
    toasts.done(t.desk.unlinked(name), () => void act({ act: 'link', record: record.id }))
  }
  return (
    <div className={styles.record}>
      <span className={styles.recordName}>
        <span className={styles.faint}>{t.desk.linked}</span> {name}{' '}
        <span className={styles.faint}>{names.one(record.entity)}</span>
      </span>
      <Button
        size="small"
        appearance="subtle"
        disabledFocusable={busy}
        icon={record.pinned ? <PinOff16Regular /> : <Pin16Regular />}
        aria-label={record.pinned ? t.desk.unpin(name) : t.desk.pin(name)}
        aria-pressed={record.pinned}
        onClick={() => void act({ act: record.pinned ? 'unpin' : 'pin', record: record.id })}
      />
      <Button
        size="small"
        appearance="subtle"
        disabledFocusable={busy}
        icon={<LinkDismiss16Regular />}
        aria-label={t.desk.unlink(name)}
        onClick={() => void unlink()}
      />
    </div>
  )
}

function Choice(props: { card: Card; match: Match; main?: boolean; onLinked?: () => void }) {
  const { card, match, main = false } = props
  const { t } = useText()
  const names = useNames()
  const { act, busy } = useAct(card)
  const name = match.name ?? t.records.noName
  return (
    <div className={styles.choice}>
      <div className={styles.choiceWords}>
        <p className={styles.choiceName}>
          {name} <span className={styles.faint}>{names.one(match.entity)}</span>
        </p>
        {main ? null : (
          <p className={styles.faint}>
            <Reasons match={match} />
          </p>
        )}
      </div>
      <Button
        size="small"
        appearance={main ? 'primary' : 'secondary'}
        disabledFocusable={busy}
        aria-label={t.desk.linkTo(name)}
        onClick={() => void act({ act: 'link', record: match.id }).then((done) => done && props.onLinked?.())}
      >
        {t.desk.link}
      </Button>
    </div>
  )
}

/** The second-level search: whatever it looks like. */
function CardSearch({ card }: { card: Card }) {
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
      <button type="button" className={styles.fold} data-find aria-keyshortcuts="f" onClick={() => setOpen(true)}>
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
    setOpen(false)
    setFound(null)
    setText('')
  }
  const linked = new Set(card.records.filter((record) => record.linked).map(({ id }) => id))
  return (
    <div ref={room} className={styles.search}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void search()
        }}
      >
        <SearchBox
          className={styles.grow ?? ''}
          aria-label={t.desk.findLabel}
          placeholder={t.desk.findLabel}
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
      <div role="status">
        {found && found.matches.length === 0 ? (
          <p className={styles.faint}>
            <ReasonsNone found={found} />
          </p>
        ) : null}
      </div>
      {found ? (
        <ul>
          {found.matches
            .filter(({ id }) => !linked.has(id))
            .map((match) => (
              <li key={match.id}>
                <Choice card={card} match={match} onLinked={close} />
              </li>
            ))}
          {found.more ? <li className={styles.faint}>{t.desk.more}</li> : null}
        </ul>
      ) : null}
    </div>
  )
}
