import { Search20Regular } from '@fluentui/react-icons/svg/search'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../text/use-text.tsx'
import styles from './finder.module.css'

export interface Findable {
  key: string
  content: ReactNode
  choose(): void
}

export interface FindableGroup {
  /** Null where there is only one group. */
  title: string | null
  options: Findable[]
}

/** A field above the page, and the options that fit what is typed into it: the keys choose among them. */
export function Finder(props: {
  label: string
  field: { label: string; placeholder: string }
  text: string
  onText(text: string): void
  groups: FindableGroup[]
  none: ReactNode
  foot?: ReactNode
  onClose(): void
}) {
  const { t } = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const options = props.groups.flatMap((group) => group.options)
  const { chosen, aim, onKey } = useChoice(options, id)
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
    input.current?.focus()
  }, [])
  return (
    <dialog ref={dialog} className={styles.finder} aria-label={props.label} onClose={props.onClose}>
      <button type="button" className={styles.scrim} tabIndex={-1} aria-label={t.act.close} onClick={props.onClose} />
      <div className={styles.box}>
        <div className={styles.field}>
          <Search20Regular aria-hidden="true" />
          <input
            type="text"
            ref={input}
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={options.length > 0 ? `${id}-${chosen}` : undefined}
            aria-label={props.field.label}
            placeholder={props.field.placeholder}
            autoComplete="off"
            spellCheck={false}
            value={props.text}
            onChange={(event) => {
              props.onText(event.target.value)
              aim(0)
            }}
            onKeyDown={onKey}
          />
        </div>
        <div id={`${id}-list`} role="listbox" aria-label={props.label} className={styles.list}>
          <Options id={id} groups={props.groups} chosen={options[chosen]} onAim={(one) => aim(options.indexOf(one))} />
          {options.length === 0 ? <div className={styles.none}>{props.none}</div> : null}
        </div>
        {props.foot ? <p className={styles.foot}>{props.foot}</p> : null}
      </div>
    </dialog>
  )
}

/** Which option is chosen, and the keys that choose. */
function useChoice(options: readonly Findable[], id: string) {
  const [at, aim] = useState(0)
  const chosen = Math.min(at, Math.max(0, options.length - 1))
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen, id])
  const step = (by: number) => aim((chosen + by + options.length) % Math.max(1, options.length))
  function onKey(event: KeyboardEvent): void {
    const act = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Enter: () => options[chosen]?.choose(),
    }[event.key]
    // A dialog behind this one stays open.
    if (event.key === 'Escape') event.stopPropagation()
    if (!act) return
    act()
    event.preventDefault()
  }
  return { chosen, aim, onKey }
}

function Options({
  id,
  groups,
  chosen,
  onAim,
}: {
  id: string
  groups: FindableGroup[]
  chosen: Findable | undefined
  onAim(option: Findable): void
}) {
  const places = new Map(groups.flatMap((group) => group.options).map((option, index) => [option, index]))
  const list = (options: Findable[]) =>
    options.map((option) => (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's, above
      // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, as in every combobox
      <div
        key={option.key}
        id={`${id}-${places.get(option)}`}
        role="option"
        aria-selected={option === chosen}
        className={styles.option}
        onClick={option.choose}
        onPointerMove={() => onAim(option)}
      >
        {option.content}
      </div>
    ))
  return groups.map(({ title, options }) =>
    title === null ? (
      list(options)
    ) : (
      // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox has no element of its own
      <div key={title} role="group" aria-label={title}>
        <p className={styles.groupTitle}>{title}</p>
        {list(options)}
      </div>
    ),
  )
}
