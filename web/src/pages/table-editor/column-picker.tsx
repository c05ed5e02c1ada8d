import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down'
import { Search20Regular } from '@fluentui/react-icons/svg/search'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { SourceField } from '../../api/tables.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './columns.module.css'
import { useColumns, useOffered, useSampleText } from './context.tsx'
import { TypeIcon } from './type-icon.tsx'

/** A button that names a column, and opens the list of those that fit. */
export function ColumnButton(props: {
  label: string
  column: string | null
  types: readonly string[] | null
  without?: readonly string[]
  onPick(column: string): void
  children?: ReactNode
  quiet?: boolean
  invalid?: boolean
}) {
  const { t } = useText()
  const columns = useColumns(useOffered().fields)
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const field = props.column === null ? undefined : columns.find(props.column)
  /** Whoever chose goes on from where they were. */
  function close(): void {
    setOpen(false)
    requestAnimationFrame(() => button.current?.focus())
  }
  const chosen = props.column === null || props.column === '' ? null : props.column
  return (
    <>
      <button
        ref={button}
        type="button"
        className={props.quiet ? styles.quiet : styles.button}
        aria-label={chosen ? `${props.label}: ${columns.label(chosen)}` : props.label}
        aria-haspopup="dialog"
        data-invalid={props.invalid}
        onClick={() => setOpen(true)}
      >
        {props.children ?? (
          <>
            {chosen ? <TypeIcon type={field?.type ?? 'other'} /> : null}
            <span className={styles.buttonText}>{chosen ? columns.label(chosen) : t.editor.pickColumn}</span>
            <ChevronDown16Regular aria-hidden="true" />
          </>
        )}
      </button>
      {open ? (
        <ColumnDialog
          {...props}
          onClose={close}
          onPick={(name) => {
            close()
            props.onPick(name)
          }}
        />
      ) : null}
    </>
  )
}

function ColumnDialog(props: {
  label: string
  types: readonly string[] | null
  without?: readonly string[]
  onPick(column: string): void
  onClose(): void
}) {
  const { t } = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const found = useFitting(props, text)
  const chosen = Math.min(at, Math.max(0, found.length - 1))
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
    input.current?.focus()
  }, [])
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen, id])
  function onKey(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, found.length))
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter' && found[chosen]) props.onPick(found[chosen].name)
    // A dialog behind this one stays open.
    else {
      if (event.key === 'Escape') event.stopPropagation()
      return
    }
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} className={styles.picker} aria-label={props.label} onClose={props.onClose}>
      <button type="button" className={styles.scrim} tabIndex={-1} aria-label={t.act.close} onClick={props.onClose} />
      <div className={styles.box}>
        <div className={styles.search}>
          <Search20Regular aria-hidden="true" />
          <input
            type="text"
            ref={input}
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
            aria-label={t.editor.searchColumns}
            placeholder={t.editor.searchColumns}
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
        <div id={`${id}-list`} role="listbox" aria-label={props.label} className={styles.list}>
          {found.map((field, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's, above
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, as in every combobox
            <div
              key={field.name}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className={styles.option}
              onClick={() => props.onPick(field.name)}
              onPointerMove={() => setAt(index)}
            >
              <Option field={field} />
            </div>
          ))}
          {found.length === 0 ? <p className={styles.none}>{t.editor.noColumn}</p> : null}
        </div>
        {props.types ? <Fitting types={props.types} /> : null}
      </div>
    </dialog>
  )
}

function Fitting({ types }: { types: readonly string[] }) {
  const { t } = useText()
  const words = [...new Set(types.map((type) => t.editor.types[type] ?? type))]
  return <p className={styles.foot}>{t.editor.onlyFitting(words)}</p>
}

/** Columns that may be read and fit; what is copied comes first. */
function useFitting(
  { types, without = [] }: { types: readonly string[] | null; without?: readonly string[] },
  text: string,
): SourceField[] {
  const { fields, copied, first = copied, code = (name: string) => name } = useOffered()
  const columns = useColumns(fields)
  const wanted = text.trim().toLowerCase()
  const rank = (field: SourceField) => (first.includes(field.name) ? 0 : 1)
  return fields
    .filter(
      (field) =>
        field.readable &&
        (field.gone === undefined || copied.includes(field.name)) &&
        (types === null || types.includes(field.type)) &&
        !without.includes(field.name),
    )
    .filter((field) => `${columns.label(field.name)} ${code(field.name)}`.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || columns.label(a.name).localeCompare(columns.label(b.name)))
}

function Option({ field }: { field: SourceField }) {
  const { t } = useText()
  const { fields, copied, code = (name: string) => name } = useOffered()
  const columns = useColumns(fields)
  return (
    <>
      <TypeIcon type={field.type} />
      <span className={styles.optionText}>
        <span className={styles.optionName}>
          {columns.label(field.name)} <code>{code(field.name)}</code>
        </span>
        {copied.includes(field.name) ? (
          <Samples column={field.name} sayEmpty />
        ) : (
          <span className={styles.samples}>{t.editor.notCopiedYet}</span>
        )}
      </span>
    </>
  )
}

/** Up to three real values, and how often the column is filled in at all. */
export function Samples({ column, sayEmpty }: { column: string; sayEmpty?: boolean }) {
  const { t, f } = useText()
  const { fields, samples, looked } = useOffered()
  const textOf = useSampleText()
  const field = fields.find((each) => each.name === column)
  const sample = samples[column]
  if (!sample || looked === 0) return null
  if (sample.filled === 0) {
    return sayEmpty ? <span className={styles.samples}>{t.editor.alwaysEmpty(looked)}</span> : null
  }
  return (
    <span className={styles.samples} title={t.editor.filled(f.percent(sample.filled, looked))}>
      {[...new Set(sample.values.map((value) => textOf(field, value)))].map((text) => (
        <span key={text} className={styles.sample}>
          {text}
        </span>
      ))}
    </span>
  )
}
