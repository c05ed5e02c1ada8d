import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down'
import { type ReactNode, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { SourceField } from '../../api/tables.ts'
import { Finder } from '../../parts/finder.tsx'
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
  /** Whoever chose goes on from where they were, at once: a focus that came later would take back the next Tab. */
  function close(): void {
    flushSync(() => setOpen(false))
    button.current?.focus()
  }
  const chosen = props.column === null || props.column === '' ? null : props.column
  const shown = chosen ? columns.label(chosen) : t.editor.pickColumn
  return (
    <>
      <button
        ref={button}
        type="button"
        className={props.quiet ? styles.quiet : styles.button}
        aria-label={props.children && !chosen ? props.label : `${props.label}: ${shown}`}
        aria-haspopup="dialog"
        data-invalid={props.invalid}
        onClick={() => setOpen(true)}
      >
        {props.children ?? (
          <>
            {chosen ? <TypeIcon type={field?.type ?? 'other'} /> : null}
            <span className={styles.buttonText}>{shown}</span>
            <ChevronDown16Regular aria-hidden="true" />
          </>
        )}
      </button>
      {open ? (
        <ColumnFinder
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

function ColumnFinder(props: {
  label: string
  types: readonly string[] | null
  without?: readonly string[]
  onPick(column: string): void
  onClose(): void
}) {
  const { t } = useText()
  const [text, setText] = useState('')
  const options = useFitting(props, text).map((field) => ({
    key: field.name,
    content: <ColumnLine field={field} />,
    choose: () => props.onPick(field.name),
  }))
  const fitting = props.types && [...new Set(props.types.map((type) => t.editor.types[type] ?? type))]
  return (
    <Finder
      label={props.label}
      field={{ label: t.editor.searchColumns, placeholder: t.editor.searchColumns }}
      text={text}
      onText={setText}
      groups={[{ title: null, options }]}
      none={t.editor.noColumn}
      foot={fitting && t.editor.onlyFitting(fitting)}
      onClose={props.onClose}
    />
  )
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

function ColumnLine({ field }: { field: SourceField }) {
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
