import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset'
import { Search16Regular } from '@fluentui/react-icons/svg/search'
import { useState } from 'react'
import { ToggleChip } from '../../parts/chips.tsx'
import { useText } from '../../text/use-text.tsx'
import { useColumns, useOffered } from '../table-editor/context.tsx'
import styles from '../table-editor/mapping.module.css'
import { AddLine } from './add-line.tsx'
import { useColumnName, useLines } from './context.tsx'
import { LineRow, useWarning } from './line-row.tsx'
import { changedColumns, codeOf, keyOf } from './lines.ts'

type Only = 'warned' | 'changed' | null

/** What fills it on the left, the destination's columns on the right. */
export function LinesEditor() {
  const { t } = useText()
  const { part, lines, crm } = useLines()
  const columns = useColumns(useOffered().fields)
  const title = useColumnName(part)
  const warningOf = useWarning()
  const [search, setSearch] = useState('')
  const [only, setOnly] = useState<Only>(null)
  const [adding, setAdding] = useState(false)
  const changed = new Set(changedColumns(lines, part.lines))
  const find = (to: string) => lines.find((line) => line.to === to)
  const isWarned = (to: string) => {
    const line = find(to)
    return line !== undefined && warningOf(line) !== null
  }
  // A line that was taken away stays in its place until it is saved, to be put back by one press.
  const places = [...new Set([...part.lines, ...lines].map(({ to }) => to))]
  const left = new Set(part.left.map(({ to }) => to))
  // What is not followed is the last to look at.
  const all = [...places.filter((to) => !left.has(to)), ...places.filter((to) => left.has(to))]
  const wanted = search.trim().toLowerCase()
  const shown = all.filter((to) => {
    const key = keyOf((find(to) ?? part.lines.find((line) => line.to === to))!)
    const text = `${to} ${title(to)} ${codeOf(key)} ${columns.label(key)}`.toLowerCase()
    return text.includes(wanted) && (only === null || (only === 'warned' ? isWarned(to) : changed.has(to)))
  })
  const counts = { warned: all.filter(isWarned).length, changed: changed.size }
  return (
    <div className={styles.editor}>
      <Bar {...{ search, only, counts }} onSearch={setSearch} onOnly={setOnly} onAdd={() => setAdding(true)} />
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

function Bar(props: {
  search: string
  only: Only
  counts: { warned: number; changed: number }
  onSearch(text: string): void
  onOnly(only: Only): void
  onAdd(): void
}) {
  const { t } = useText()
  const { part, lines, put } = useLines()
  const differs = changedColumns(lines, part.defaults).length > 0
  return (
    <div className={styles.bar}>
      <label className={styles.search}>
        <Search16Regular aria-hidden="true" />
        <input
          type="search"
          aria-label={t.destination.searchLines}
          placeholder={t.destination.searchLines}
          value={props.search}
          onChange={(event) => props.onSearch(event.target.value)}
        />
      </label>
      <ToggleChip
        text={t.editor.onlyWarned(props.counts.warned)}
        on={props.only === 'warned'}
        onToggle={(on) => props.onOnly(on ? 'warned' : null)}
      />
      <ToggleChip
        text={t.editor.onlyChanged(props.counts.changed)}
        on={props.only === 'changed'}
        onToggle={(on) => props.onOnly(on ? 'changed' : null)}
      />
      <span className={styles.barActs}>
        <Button size="small" icon={<Add16Regular />} onClick={props.onAdd}>
          {t.destination.fill}
        </Button>
        <Button
          size="small"
          icon={<ArrowResetRegular />}
          disabledFocusable={!differs}
          onClick={() => put(part.defaults)}
        >
          {t.editor.resetAll}
        </Button>
      </span>
    </div>
  )
}
