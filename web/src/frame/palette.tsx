import { Search20Regular } from '@fluentui/react-icons/svg/search'
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../text/use-text.tsx'
import styles from './palette.module.css'
import { type Entry, type EntryGroup, useEntries } from './palette-entries.tsx'

/** One field that finds pages, records, connections and acts. */
export function Palette({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const groups = useEntries(useDeferredValue(text))
  const flat = groups.flatMap((group) => group.entries)
  const chosen = Math.min(at, Math.max(0, flat.length - 1))

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
    field.current?.focus()
  }, [])
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen, id])

  function choose(entry: Entry | undefined): void {
    if (!entry) return
    onClose()
    entry.act()
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, flat.length))
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + flat.length) % Math.max(1, flat.length))
    else if (event.key === 'Enter') choose(flat[chosen])
    else return
    event.preventDefault()
  }

  return (
    <dialog ref={dialog} className={styles.palette} aria-label={t.palette.title} onClose={onClose} onCancel={onClose}>
      <button type="button" className={styles.scrim} tabIndex={-1} aria-label={t.act.close} onClick={onClose} />
      <div className={styles.box}>
        <div className={styles.field}>
          <Search20Regular aria-hidden="true" />
          <input
            ref={field}
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={flat.length > 0 ? `${id}-${chosen}` : undefined}
            aria-label={t.palette.title}
            placeholder={t.palette.placeholder}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setAt(0)
            }}
            onKeyDown={onKey}
          />
        </div>
        <Options id={id} groups={groups} chosen={chosen} onAim={setAt} onChoose={choose} />
        <p className={styles.foot}>
          <kbd>↑</kbd> <kbd>↓</kbd> {t.palette.hint}
        </p>
      </div>
    </dialog>
  )
}

function Options(props: {
  id: string
  groups: EntryGroup[]
  chosen: number
  onAim(index: number): void
  onChoose(entry: Entry): void
}) {
  const { t } = useText()
  let index = -1
  return (
    <div id={`${props.id}-list`} role="listbox" aria-label={t.palette.title} className={styles.list}>
      {props.groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox has no element of its own
        <div key={group.title} role="group" aria-label={group.title}>
          <p className={styles.groupTitle}>{group.title}</p>
          {group.entries.map((entry) => {
            index += 1
            const mine = index
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's, above
              // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, as in every combobox
              <div
                key={entry.key}
                id={`${props.id}-${mine}`}
                role="option"
                aria-selected={mine === props.chosen}
                className={styles.entry}
                onClick={() => props.onChoose(entry)}
                onPointerMove={() => props.onAim(mine)}
              >
                {entry.icon}
                <span className={styles.entryText}>{entry.text}</span>
                {entry.hint ? <span className={styles.hint}>{entry.hint}</span> : null}
              </div>
            )
          })}
        </div>
      ))}
      {props.groups.length === 0 ? (
        <div className={styles.none}>
          <p>{t.palette.none}</p>
          <p>{t.palette.noneHint}</p>
        </div>
      ) : null}
    </div>
  )
}
