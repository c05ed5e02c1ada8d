import { Button, Tooltip } from '@fluentui/react-components'
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset'
import { ArrowUndo16Regular } from '@fluentui/react-icons/svg/arrow-undo'
import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss'
import { Warning16Regular } from '@fluentui/react-icons/svg/warning'
import { Tag } from '../../parts/badge.tsx'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton, Samples } from '../table-editor/column-picker.tsx'
import { useOffered } from '../table-editor/context.tsx'
import { same } from '../table-editor/draft.ts'
import styles from '../table-editor/mapping.module.css'
import { type Editing, useColumnName, useLines } from './context.tsx'
import { columnOf, keyOf, type Line, lineOf, plainName } from './lines.ts'

/** One line: what fills the column, with real values of it, what may be wrong with it, and the column. */
export function LineRow({ to }: { to: string }) {
  const { t } = useText()
  const editing = useLines()
  const { part, lines, put } = editing
  const title = useColumnName(part)(to)
  const warningOf = useWarning()
  const line = lines.find((each) => each.to === to)
  const before = part.lines.find((each) => each.to === to)
  const initial = part.defaults.find((each) => each.to === to)
  const set = (next: Line | undefined) => put(withLine(lines, to, next))
  if (!line) return <StoppedRow title={title} onBack={() => set(before)} />
  const column = columnOf(part, to)
  const warning = warningOf(line)
  const state = !before ? 'added' : same(line, before) ? undefined : 'changed'
  return (
    <li className={styles.row} data-state={state} data-wrong={warning !== null && !warning.soft}>
      <div className={styles.source}>
        <ColumnButton
          label={t.destination.filledFrom(title)}
          column={keyOf(line)}
          types={column ? (part.takes[column.type] ?? []) : null}
          invalid={warning !== null && !warning.soft}
          onPick={(key) => set(lineOf(to, key))}
        />
        <Samples column={keyOf(line)} />
      </div>
      <span className={styles.line} aria-hidden="true" />
      <div className={styles.target}>
        <span className={styles.name}>
          {title} <code>{plainName(to)}</code>
        </span>
        <span className={styles.tags}>
          {column ? <span className={styles.typeName}>{t.editor.types[column.type] ?? column.type}</span> : null}
          {state ? <Tag tone="ok">{t.editor.states[state]}</Tag> : null}
        </span>
      </div>
      <span className={styles.acts}>
        {initial && !same(initial, line) ? (
          <Tooltip content={t.editor.resetOne} relationship="label">
            <Button
              size="small"
              appearance="subtle"
              icon={<ArrowResetRegular />}
              aria-label={t.editor.resetField(title)}
              onClick={() => set(initial)}
            />
          </Tooltip>
        ) : null}
        <Button
          size="small"
          appearance="subtle"
          icon={<Dismiss16Regular />}
          aria-label={t.destination.stop(title)}
          onClick={() => set(undefined)}
        />
      </span>
      {warning ? (
        <p className={styles.warning} data-soft={warning.soft}>
          <Warning16Regular aria-hidden="true" /> {warning.text}
        </p>
      ) : null}
    </li>
  )
}

/** In the place where it was. */
function withLine(lines: readonly Line[], to: string, next: Line | undefined): Line[] {
  if (next && !lines.some((line) => line.to === to)) return [...lines, next]
  return lines.flatMap((line) => (line.to !== to ? [line] : next ? [next] : []))
}

function StoppedRow({ title, onBack }: { title: string; onBack(): void }) {
  const { t } = useText()
  return (
    <li className={styles.removed}>
      <span>{t.destination.stopped(title)}</span>
      <Button
        size="small"
        appearance="subtle"
        icon={<ArrowUndo16Regular />}
        aria-label={t.editor.putBackField(title)}
        onClick={onBack}
      >
        {t.editor.putBack}
      </Button>
    </li>
  )
}

/** What is wrong with a line; `soft`: it can be saved all the same. */
export function useWarning(): (line: Line) => { text: string; soft: boolean } | null {
  const { t } = useText()
  const { part, refused } = useLines()
  const offered = useOffered()
  return (line) => {
    if (refused?.field === line.to) return { text: refused.text, soft: false }
    const why = leftOut(part, line) ?? part.left.find(({ to }) => to === line.to && isKept(part, line))?.why
    if (why) return { text: t.destination.left[why], soft: why !== 'incompatible' }
    const sample = offered.samples[keyOf(line)]
    const isEmpty = sample && offered.looked >= 20 && sample.filled === 0
    return isEmpty ? { text: t.editor.warnings.empty(offered.looked), soft: true } : null
  }
}

const isKept = (part: Editing['part'], line: Line) => part.lines.some((each) => same(each, line))

function leftOut(part: Editing['part'], line: Line): Editing['part']['left'][number]['why'] | null {
  const column = columnOf(part, line.to)
  if (part.columns.length > 0 && !column) return 'no_column'
  if (part.fields.length === 0) return null
  const from = 'field' in line ? line.field : part.model.find(({ name }) => name === line.model)?.from
  const field = part.fields.find(({ name }) => name === from)
  if (!field?.copied) return 'not_copied'
  return column && !part.takes[column.type]?.includes(field.type) ? 'incompatible' : null
}
