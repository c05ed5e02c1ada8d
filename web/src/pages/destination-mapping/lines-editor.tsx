import { useState } from 'react'
import { useText } from '../../text/use-text.tsx'
import { useColumns, useOffered } from '../table-editor/context.tsx'
import styles from '../table-editor/mapping.module.css'
import { MappingBar, useSifting } from '../table-editor/mapping-bar.tsx'
import { AddLine } from './add-line.tsx'
import { useColumnName, useLines } from './context.tsx'
import { LineRow, useWarning } from './line-row.tsx'
import { changedColumns, codeOf, keyOf } from './lines.ts'

/** What fills it on the left, the destination's columns on the right. */
export function LinesEditor() {
  const { t } = useText()
  const { part, lines, crm, put } = useLines()
  const columns = useColumns(useOffered().fields)
  const title = useColumnName(part)
  const warningOf = useWarning()
  const [adding, setAdding] = useState(false)
  const changed = new Set(changedColumns(lines, part.lines))
  const find = (to: string) => lines.find((line) => line.to === to)
  // A line that was taken away stays in its place until it is saved, to be put back by one press.
  const places = [...new Set([...part.lines, ...lines].map(({ to }) => to))]
  const left = new Set(part.left.map(({ to }) => to))
  // What is not followed is the last to look at.
  const all = [...places.filter((to) => !left.has(to)), ...places.filter((to) => left.has(to))]
  const { shown, choice } = useSifting(all, (to) => {
    const line = find(to)
    const key = keyOf((line ?? part.lines.find((each) => each.to === to))!)
    return {
      text: `${to} ${title(to)} ${codeOf(key)} ${columns.label(key)}`,
      warned: line !== undefined && warningOf(line) !== null,
      changed: changed.has(to),
    }
  })
  return (
    <div className={styles.editor}>
      <MappingBar
        choice={choice}
        searchLabel={t.destination.searchLines}
        add={{ text: t.destination.fill, act: () => setAdding(true) }}
        onReset={changedColumns(lines, part.defaults).length > 0 ? () => put(part.defaults) : null}
      />
      <div className={styles.heads} aria-hidden="true">
        <span>{t.destination.fieldOf(crm)}</span>
        <span>{t.destination.columnThere}</span>
      </div>
      <ul>
        {shown.map((to) => (
          <LineRow key={to} to={to} />
        ))}
      </ul>
      {shown.length === 0 ? <p className={styles.none}>{t.editor.noColumn}</p> : null}
      {adding ? <AddLine onClose={() => setAdding(false)} /> : null}
    </div>
  )
}
