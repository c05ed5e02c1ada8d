import { Button } from '@fluentui/react-components'
import { ArrowDown16Regular } from '@fluentui/react-icons/svg/arrow-down'
import { ArrowUp16Regular } from '@fluentui/react-icons/svg/arrow-up'
import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss'
import { ErrorCircle16Regular } from '@fluentui/react-icons/svg/error-circle'
import { Warning16Regular } from '@fluentui/react-icons/svg/warning'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import type { PartNotice } from '../../api/configuration-parts.ts'
import { announce } from '../../parts/announcer.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './editor.module.css'
import { useGround } from './entity-words.ts'
import { useNoticeText } from './notice-text.ts'

/** The list with one of its items at another place. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, index) => index !== from)
  return [...rest.slice(0, to), items[from]!, ...rest.slice(to)]
}

type Way = 'up' | 'down'
type Find = (row: Element) => HTMLElement | null | undefined

const arrows: Record<string, Way> = { ArrowUp: 'up', ArrowDown: 'down' }
const opensByKey = 'select, [role="combobox"]'
const focusable = 'a[href], button, input, select, textarea'

/** What was moved last: the focus goes along as soon as it stands at its new place. */
let following: { name: string; to: number; find: Find } | null = null

/** Alt with an arrow moves the row in which the focus is; the focus stays where it is within the row. */
function useOrderKeys(
  button: RefObject<HTMLElement | null>,
  { name, index }: { name: string; index: number },
  move: (way: Way, find: Find) => void,
): void {
  useEffect(() => {
    const row = button.current?.closest<HTMLElement>('[data-ordered] > *')
    if (!row) return
    if (following?.name === name && following.to === index) {
      following.find(row)?.focus()
      following = null
    }
    function onKey(event: KeyboardEvent): void {
      const { target, altKey, ctrlKey, metaKey, shiftKey } = event
      const way = altKey && !(ctrlKey || metaKey || shiftKey) ? arrows[event.key] : undefined
      if (!way || !(target instanceof HTMLElement) || target.closest(opensByKey)) return
      event.preventDefault()
      const within = [...row!.querySelectorAll(focusable)].indexOf(target)
      move(way, (there) => there.querySelectorAll<HTMLElement>(focusable)[within])
    }
    row.addEventListener('keydown', onKey)
    return () => row.removeEventListener('keydown', onKey)
  })
}

/** Moves one of a list up and down, and goes along with it: the list carries `data-ordered`. */
export function OrderButtons(props: { name: string; index: number; count: number; onMove(to: number): void }) {
  const { t } = useText()
  const { name, index, count } = props
  const button = useRef<HTMLButtonElement>(null)
  useOrderKeys(button, props, move)
  const { moveUp, moveDown } = t.configurationParts
  const ways = [
    { way: 'up', to: index - 1, label: moveUp(name), icon: <ArrowUp16Regular />, keys: 'Alt+ArrowUp' },
    { way: 'down', to: index + 1, label: moveDown(name), icon: <ArrowDown16Regular />, keys: 'Alt+ArrowDown' },
  ] as const
  function move(way: Way, find: Find): void {
    const to = way === 'up' ? index - 1 : index + 1
    if (to < 0 || to >= count) return
    following = { name, to, find }
    props.onMove(to)
    announce(t.configurationParts.moved(name, to + 1))
  }
  return ways.map(({ way, to, label, icon, keys }) => (
    <Button
      key={way}
      {...({ ref: button } as object)}
      aria-keyshortcuts={keys}
      size="small"
      appearance="subtle"
      icon={icon}
      aria-label={label}
      data-move={way}
      disabledFocusable={to < 0 || to >= count}
      onClick={() => move(way, (row) => row.querySelector<HTMLElement>(`[data-move="${way}"]`))}
    />
  ))
}

export function RemoveButton({ label, onRemove }: { label: string; onRemove(): void }) {
  return <Button size="small" appearance="subtle" icon={<Dismiss16Regular />} aria-label={label} onClick={onRemove} />
}

/** A field of a row, with what it is above it. */
export function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.cell}>
      <span aria-hidden="true">{label}</span>
      {children}
    </div>
  )
}

export function Notice({ notice }: { notice: PartNotice }) {
  const text = useNoticeText()
  const Icon = notice.level === 'error' ? ErrorCircle16Regular : Warning16Regular
  return (
    <p className={styles.notice} data-level={notice.level}>
      <Icon aria-hidden="true" /> {text(notice)}
    </p>
  )
}

/** What the hub says of one field while it is edited. */
export function FieldNotices({ entity, field }: { entity: string; field: string }) {
  const { notices } = useGround()
  return notices
    .filter((notice) => notice.entity === entity && notice.field === field)
    .map((notice) => <Notice key={notice.code} notice={notice} />)
}
