import { useText } from '../../text/use-text.tsx'
import { ColumnButton, Samples } from '../table-editor/column-picker.tsx'
import { useOffered } from '../table-editor/context.tsx'
import { same } from '../table-editor/draft.ts'
import styles from '../table-editor/mapping.module.css'
import { MappingLine, RemovedLine } from '../table-editor/mapping-line.tsx'
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
  if (!line) return <RemovedLine title={title} text={t.destination.stopped(title)} onBack={() => set(before)} />
  const column = columnOf(part, to)
  const warning = warningOf(line)
  const state = !before ? 'added' : same(line, before) ? undefined : 'changed'
  return (
    <MappingLine
      title={title}
      state={state}
      warning={warning}
      source={
        <>
          <ColumnButton
            label={t.destination.filledFrom(title)}
            column={keyOf(line)}
            types={column ? (part.takes[column.type] ?? []) : null}
            invalid={warning !== null && !warning.soft}
            onPick={(key) => set(lineOf(to, key))}
          />
          <Samples column={keyOf(line)} />
        </>
      }
      code={plainName(to)}
      onReset={initial && !same(initial, line) ? () => set(initial) : undefined}
      remove={{ label: t.destination.stop(title), act: () => set(undefined) }}
    >
      {column ? <span className={styles.typeName}>{t.editor.types[column.type] ?? column.type}</span> : null}
    </MappingLine>
  )
}

/** In the place where it was. */
function withLine(lines: readonly Line[], to: string, next: Line | undefined): Line[] {
  if (next && !lines.some((line) => line.to === to)) return [...lines, next]
  return lines.flatMap((line) => (line.to !== to ? [line] : next ? [next] : []))
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
