import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset'
import { Search16Regular } from '@fluentui/react-icons/svg/search'
import { useState } from 'react'
import { ToggleChip } from '../../parts/chips.tsx'
import { useText } from '../../text/use-text.tsx'
import { groupOf, groups, inOrder } from '../records/field-groups.ts'
import { AddField } from './add-field.tsx'
import { useColumns, useEditing, useFieldTitle } from './context.tsx'
import { same } from './draft.ts'
import styles from './mapping.module.css'
import { MappingRow } from './mapping-row.tsx'
import { warningOf } from './warnings.ts'

/** The CRM's columns on the left, the hub's fields that are made of them on the right. */
export function MappingEditor() {
  const { t } = useText()
  const editing = useEditing()
  const { table, draft, rules } = editing
  const columns = useColumns(table.fields)
  const title = useFieldTitle(table)
  const [search, setSearch] = useState('')
  const [only, setOnly] = useState<Only>(null)
  const [adding, setAdding] = useState(false)
  const { fields } = draft.mapping
  // A field that was taken away stays in its place until it is saved, to be put back by one press.
  const names = [...new Set([...Object.keys(table.mapping.fields), ...Object.keys(fields)])]
  const isChanged = (name: string) => !same(fields[name], table.mapping.fields[name])
  const isWarned = (name: string) => {
    const mapped = fields[name]
    if (!mapped) return false
    const types = rules.mapping.fields[mapped.type] ?? []
    return warningOf({ column: mapped.from, types }, editing, t.editor.warnings) !== null
  }
  const wanted = search.trim().toLowerCase()
  const shown = names.filter((name) => {
    const from = (fields[name] ?? table.mapping.fields[name])!.from
    const text = `${name} ${title(name)} ${from} ${columns.label(from)}`.toLowerCase()
    return text.includes(wanted) && (only === null || (only === 'warned' ? isWarned(name) : isChanged(name)))
  })
  return (
    <div className={styles.editor}>
      <Bar
        search={search}
        only={only}
        counts={{ warned: names.filter(isWarned).length, changed: names.filter(isChanged).length }}
        onSearch={setSearch}
        onOnly={setOnly}
        onAdd={() => setAdding(true)}
      />
      <div className={styles.heads} aria-hidden="true">
        <span>{t.table.crmField}</span>
        <span>{t.table.hubField}</span>
      </div>
      {groups.map((group) => {
        const rows = shown.filter((name) => groupOf(name) === group).sort((a, b) => inOrder(group, a, b))
        if (rows.length === 0) return null
        return (
          <section key={group} aria-label={t.record.groups[group]}>
            <h3 className={styles.group}>{t.record.groups[group]}</h3>
            <ul>
              {rows.map((name) => (
                <MappingRow key={name} name={name} />
              ))}
            </ul>
          </section>
        )
      })}
      {shown.length === 0 ? <p className={styles.none}>{t.editor.noField}</p> : null}
      {adding ? <AddField onClose={() => setAdding(false)} /> : null}
    </div>
  )
}

type Only = 'warned' | 'changed' | null

function Bar(props: {
  search: string
  only: Only
  counts: { warned: number; changed: number }
  onSearch(text: string): void
  onOnly(only: Only): void
  onAdd(): void
}) {
  const { t } = useText()
  const { table, draft, put } = useEditing()
  const differs = !same(draft.mapping, table.defaults.mapping)
  return (
    <div className={styles.bar}>
      <label className={styles.search}>
        <Search16Regular aria-hidden="true" />
        <input
          type="search"
          aria-label={t.editor.searchFields}
          placeholder={t.editor.searchFields}
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
          {t.editor.addField}
        </Button>
        <Button
          size="small"
          icon={<ArrowResetRegular />}
          disabledFocusable={!differs}
          onClick={() => put({ mapping: table.defaults.mapping })}
        >
          {t.editor.resetAll}
        </Button>
      </span>
    </div>
  )
}
