import { Button } from '@fluentui/react-components'
import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down'
import { LinkDismiss16Regular } from '@fluentui/react-icons/svg/link-dismiss'
import { Pin16Regular } from '@fluentui/react-icons/svg/pin'
import { PinOff16Regular } from '@fluentui/react-icons/svg/pin-off'
import { useId, useState } from 'react'
import type { Card, CardRecord } from '../../api/desktop.ts'
import { useNames } from '../../parts/names.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { Choice } from './card-choice.tsx'
import { CardSearch } from './card-search.tsx'
import { keyed } from './keyed.ts'
import { keepFocus, useAct } from './use-act.ts'

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
  function showAll(): void {
    setAll(true)
    keepFocus(card)
  }
  return (
    <section className={styles.part}>
      {linked.map((record, index) => (
        <LinkedRecord key={record.id} card={card} record={record} first={index === 0} />
      ))}
      {others.length === 1 && linked.length === 0 && others[0] ? (
        <Choice card={card} match={others[0]} first main />
      ) : null}
      {others.length > 1 || (others.length === 1 && linked.length > 0) ? (
        <>
          <button
            type="button"
            className={styles.fold}
            aria-expanded={shown}
            aria-controls={list}
            {...(shown ? {} : keyed('l'))}
            onClick={() => setOpen(!shown)}
          >
            {chooses ? (card.more ? t.desk.moreThan : t.desk.several)(others.length) : t.desk.others(others.length)}
            <ChevronDown16Regular aria-hidden="true" />
          </button>
          <ul id={list} hidden={!shown}>
            {others.slice(0, all ? undefined : AT_FIRST).map((match, index) => (
              <li key={match.id}>
                <Choice card={card} match={match} first={shown && index === 0} />
              </li>
            ))}
            {all || others.length <= AT_FIRST ? null : (
              <li>
                <button type="button" className={styles.fold} onClick={() => showAll()}>
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

function LinkedRecord({ card, record, first }: { card: Card; record: CardRecord; first: boolean }) {
  const { t } = useText()
  const names = useNames()
  const toasts = useToasts()
  const { act } = useAct(card)
  const name = record.name ?? t.records.noName
  const pin = record.pinned ? t.desk.unpin(name) : t.desk.pin(name)
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
        icon={record.pinned ? <PinOff16Regular /> : <Pin16Regular />}
        aria-label={pin}
        title={first ? `${pin} (p)` : pin}
        {...(first ? keyed('p') : {})}
        onClick={() => void act({ act: record.pinned ? 'unpin' : 'pin', record: record.id })}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<LinkDismiss16Regular />}
        aria-label={t.desk.unlink(name)}
        title={first ? `${t.desk.unlink(name)} (u)` : t.desk.unlink(name)}
        {...(first ? keyed('u') : {})}
        onClick={() => void unlink()}
      />
    </div>
  )
}
